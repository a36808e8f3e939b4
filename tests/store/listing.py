"""All calls and answers of a filter, page by page as the log and the read API give them."""

from __future__ import annotations

from sqlalchemy import select

from callbridge.domain.asking import LogCursor
from callbridge.domain.selection import Scope
from callbridge.store.database import Unit
from callbridge.store.finding import Finding
from callbridge.store.scoped import ANSWERS_OF_LEGS, in_answers, in_calls
from callbridge.store.tables import answers, calls

PAGE = 7


def listed(scope: Scope, finding: Finding) -> tuple[list[str], list[int]]:
    """Return all calls and all answers of a filter as the log and the read API page them."""
    found: list[str] = []
    cursor = None
    while page := finding.calls(scope, after=cursor, most=PAGE):
        found += [one.call for one in page]
        cursor = LogCursor(created=page[-1].created, call=page[-1].call)
    ids: list[int] = []
    while some := finding.answers(scope, after=ids[-1] if ids else 0, most=PAGE):
        ids += [one.id for one in some]
    return found, ids


def plainly_listed(unit: Unit, scope: Scope) -> tuple[list[str], list[int]]:
    """Return the same from the rows."""
    newest = select(calls.c.id).where(*in_calls(scope))
    oldest = select(answers.c.id).select_from(ANSWERS_OF_LEGS).where(*in_answers(scope))
    return (
        list(unit.connection.scalars(newest.order_by(calls.c.created.desc(), calls.c.id.desc()))),
        list(unit.connection.scalars(oldest.order_by(answers.c.id))),
    )
