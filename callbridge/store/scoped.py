"""A scope as SQL: what a call, a leg and an answer must be to be in; runs nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, exists, select

from callbridge.domain.selection import Scope
from callbridge.store.tables import answers, attempts, calls, legs

LEGS_OF_CALLS = legs.join(calls, calls.c.id == legs.c.call)
ANSWERS_OF_LEGS: FromClause = answers.join(calls, calls.c.id == answers.c.call).join(
    legs, (legs.c.call == answers.c.call) & (legs.c.number == answers.c.leg)
)
Condition = ColumnElement[bool]


def of_campaign(slug: str) -> Condition:
    """Return that a call is a campaign's, as no index answers it.

    For calls that are found by something narrower: SQLite takes its index on campaigns first
    wherever it may, and most databases have one campaign or two.
    """
    return calls.c.slug.concat("") == slug


def call_itself(
    scope: Scope, *, found_otherwise: bool = False, of_a_page: bool = False
) -> list[Condition]:
    """Return what the call's own row must be.

    `found_otherwise`: no index is to answer it; `of_a_page`: a few calls are wanted in an order.
    """
    chosen = scope.selection
    found = [of_campaign(scope.slug) if found_otherwise else calls.c.slug == scope.slug]
    if chosen.start is not None:
        found.append(calls.c.created >= chosen.start)
    if chosen.stop is not None:
        found.append(calls.c.created < chosen.stop)
    if chosen.revision:
        found.append(calls.c.digest.startswith(chosen.revision, autoescape=True))
    if chosen.channel is not None:
        found.append(calls.c.door == chosen.channel.value)
    if chosen.language:
        found.append(calls.c.language == chosen.language)
    if chosen.referral:
        found.append(calls.c.referral == chosen.referral)
    if chosen.drive:
        attempted: Any = select(attempts.c.id).where(
            attempts.c.call == calls.c.id, attempts.c.drive == chosen.drive
        )
        # One value, and no EXISTS: for a page of calls PostgreSQL would read all of a drive's.
        one = attempted.limit(1).correlate(calls).scalar_subquery().is_not(None)
        found.append(one if of_a_page else exists(attempted.correlate(calls)))
    return found


def leg_itself(scope: Scope, *, found_otherwise: bool = False) -> list[Condition]:
    """Return what the leg's own row must be; `found_otherwise`: no index is to answer it."""
    found: list[Condition] = []
    if scope.members is not None:
        target = legs.c.target.concat("") if found_otherwise else legs.c.target
        found.append(target.in_(sorted(scope.members)))
    if scope.selection.office:
        found.append(legs.c.office == scope.selection.office)
    return found


def in_calls(scope: Scope, *, of_a_page: bool = False) -> list[Condition]:
    """Return what makes a call be in: itself, and an office it dialled where that is asked for."""
    about_legs = leg_itself(scope, found_otherwise=of_a_page)
    found = call_itself(scope, of_a_page=of_a_page)
    if about_legs:
        dialled: Any = select(legs.c.call).where(legs.c.call == calls.c.id, *about_legs)
        # As with drives: of a page's calls the legs are looked at, not of the members asked for.
        one = dialled.limit(1).correlate(calls).scalar_subquery().is_not(None)
        found.append(one if of_a_page else exists(dialled.correlate(calls)))
    return found


def in_legs(scope: Scope, *, found_otherwise: bool = False) -> list[Condition]:
    """Return what makes a leg be in, over `LEGS_OF_CALLS`."""
    return [
        *call_itself(scope, found_otherwise=found_otherwise),
        *leg_itself(scope, found_otherwise=found_otherwise),
    ]


def in_answers(scope: Scope, *, found_otherwise: bool = False) -> list[Condition]:
    """Return what makes an answer be in, over `ANSWERS_OF_LEGS`."""
    return [*in_legs(scope, found_otherwise=found_otherwise), *of_source(scope)]


def of_source(scope: Scope) -> list[Condition]:
    """Return what the answer's own row must be."""
    source = scope.selection.source
    return [answers.c.source == source] if source else []
