"""What the rollups must say of legs and positions, from the rows alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import func, select

from callbridge.domain.call import Door, Outcome
from callbridge.domain.health import Since
from callbridge.domain.signals import Signals, disagreement, length_of
from callbridge.domain.survey import Meaning
from callbridge.store.counting import ON_LEGS, REPORT, ranked
from callbridge.store.database import Unit
from callbridge.store.tables import calls, legs


def standing(unit: Unit, target: str, meaning: Meaning | None) -> list[tuple[str, Any, bool]]:
    """Return a member's standing positions, newest first, ranked among all there are."""
    rows = unit.connection.execute(ranked(legs.c.target == target)).all()
    ordered = sorted(rows, key=lambda row: (row.at, row.answer), reverse=True)
    return [
        (row.call, row.at, row.rank == 1)
        for row in ordered
        if meaning is None or row.meaning == meaning.value
    ]


def seen(unit: Unit) -> list[tuple[str, str, Any, Signals]]:
    """Return every leg that was rung: call, phone, when, its signals; from the rows."""
    rows = unit.connection.execute(
        select(legs, func.coalesce(REPORT, "").label("reported"))
        .select_from(ON_LEGS)
        .where(calls.c.door != Door.SELF_DIALLED.value)
        .order_by(legs.c.started.desc(), legs.c.call)
    )
    return [
        (
            row.call,
            row.phone,
            row.started,
            Signals(
                outcome=Outcome(row.outcome) if row.outcome else None,
                length=length_of(row.seconds),
                reported=Meaning(row.reported) if row.reported else None,
            ),
        )
        for row in rows
    ]


def disagreeing(unit: Unit) -> list[str]:
    """Return the calls of legs whose signals disagree, newest first."""
    return [call for call, _, _, signals in seen(unit) if disagreement(signals)]


def _kind(signals: Signals) -> str | None:
    match signals.reported, signals.outcome:
        case (Meaning.WRONG_NUMBER, _) | (None, Outcome.FAILED):
            return "dead"
        case Meaning.MAILBOX_FULL, _:
            return "full"
        case (Meaning.NOBODY, _) | (None, Outcome.NO_ANSWER):
            return "unanswered"
        case _:
            return None


def healthy(unit: Unit, phones: Collection[str], since: date) -> None:
    """Fail unless office health, all marks being counted, is what the rows come to."""
    wanted = {}
    for phone in phones:
        there = [(at, signals) for _, other, at, signals in seen(unit) if other == phone]
        well = (Meaning.SPOKE, Meaning.VOICEMAIL)
        worked = max((at for at, one in there if one.reported in well), default=None)
        kinds = {"dead": Since(), "full": Since(), "unanswered": Since()}
        for at, told in sorted(there, key=lambda one: one[0]):
            kind = _kind(told)
            if kind and (worked is None or at > worked):
                old = kinds[kind]
                kinds[kind] = Since(count=old.count + 1, first=old.first or at, last=at)
        if any(one.count for one in kinds.values()):
            wanted[phone] = (len(there), worked, *kinds.values())
    found = unit.health.numbers(since=since)
    assert wanted == {
        one.phone: (one.calls, one.worked, one.dead, one.full, one.unanswered) for one in found
    }
