"""Keeps what each office number's cells come to on a day, so that health is few rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, insert, or_, select

from callbridge.domain.call import Outcome
from callbridge.domain.survey import Meaning
from callbridge.store.analysis_tables import rollup_legs, rollup_numbers

_R = rollup_legs.c
WORKED = _R.reported.in_([Meaning.SPOKE.value, Meaning.VOICEMAIL.value])
DEAD = or_(
    _R.reported == Meaning.WRONG_NUMBER.value,
    and_(_R.outcome == Outcome.FAILED.value, _R.reported == ""),
)
FULL = _R.reported == Meaning.MAILBOX_FULL.value
UNANSWERED = or_(
    _R.reported == Meaning.NOBODY.value,
    and_(_R.outcome == Outcome.NO_ANSWER.value, _R.reported == ""),
)
_NAMES = [column.name for column in rollup_numbers.c]


def _sums(*where: Any) -> Any:
    return (
        select(
            _R.day,
            _R.phone,
            func.sum(_R.count),
            func.max(case((WORKED, _R.last))),
            func.max(case((or_(DEAD, FULL, UNANSWERED), _R.last))),
        )
        .where(*where)
        .group_by(_R.day, _R.phone)
    )


def add_up(connection: Connection, day: date, phones: Iterable[str]) -> None:
    """Add some numbers' cells of a day up anew, in the transaction that counted one of them."""
    some = sorted(phones)
    of_them = (rollup_numbers.c.day == day, rollup_numbers.c.phone.in_(some))
    connection.execute(delete(rollup_numbers).where(*of_them))
    anew = _sums(_R.day == day, _R.phone.in_(some))
    connection.execute(insert(rollup_numbers).from_select(_NAMES, anew))


def add_all_up(connection: Connection) -> None:
    """Add every number's cells up anew."""
    connection.execute(delete(rollup_numbers))
    connection.execute(insert(rollup_numbers).from_select(_NAMES, _sums()))
