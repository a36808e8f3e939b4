"""Reads for office health, and numbers confirmed dead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.call import Door, Outcome
from callbridge.domain.health import NumberHealth, Since
from callbridge.domain.survey import Meaning
from callbridge.store.analysis_tables import dead_numbers, rollup_legs, rollup_numbers
from callbridge.store.counting import ON_LEGS, REPORT
from callbridge.store.tables import Utc, calls, legs

_R = rollup_legs.c
_N = rollup_numbers.c
_SEEN = select(legs.c.phone, legs.c.outcome, REPORT.label("reported"), legs.c.started).select_from(
    ON_LEGS
)
_AT_ONCE = 50


def _after(worked: Mapping[str, datetime]) -> Any:
    """Select how legs to these numbers went after each last worked, grouped, from their rows."""
    later = _SEEN.where(
        or_(
            *(
                and_(legs.c.phone == phone, legs.c.started > literal(at, Utc()))
                for phone, at in worked.items()
            )
        ),
        calls.c.door != Door.SELF_DIALLED.value,
    ).subquery("later")
    by = (later.c.phone, later.c.outcome, later.c.reported)
    times = (
        func.count().label("many"),
        func.min(later.c.started).label("first"),
        func.max(later.c.started).label("last"),
    )
    return select(*by, *times).group_by(*by)


def _troubled(since: date) -> Select[Any]:
    """Select the numbers with trouble reported after they last worked, and when that was."""
    worked, trouble = func.max(_N.worked), func.max(_N.trouble)
    return (
        select(_N.phone, func.sum(_N.calls).label("calls"), worked.label("worked"))
        .where(_N.day >= since)
        .group_by(_N.phone)
        .having(trouble.is_not(None), or_(worked.is_(None), trouble > worked))
        .order_by(_N.phone)
    )


def _cells_after(phones: Sequence[str], day: date) -> Select[Any]:
    """Select the cells of some numbers from a day on."""
    return select(
        _R.phone,
        _R.office,
        _R.name,
        _R.city,
        _R.outcome,
        _R.reported,
        _R.count.label("many"),
        _R.first,
        _R.last,
    ).where(_R.phone.in_(phones), _R.day >= day)


def _mixed(number: NumberHealth) -> bool:
    """Tell whether a cell holds reports from before and after the number last worked."""
    worked = number.worked
    firsts = (number.dead.first, number.full.first)
    return worked is not None and any(first is not None and first <= worked for first in firsts)


def _kind(outcome: str | None, reported: str | None) -> str | None:
    match outcome, reported:
        case (_, Meaning.WRONG_NUMBER.value) | (Outcome.FAILED.value, None):
            return "dead"
        case _, Meaning.MAILBOX_FULL.value:
            return "full"
        case (_, Meaning.NOBODY.value) | (Outcome.NO_ANSWER.value, None):
            return "unanswered"
        case _:
            return None


class Health:
    """Office numbers in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def numbers(self, *, since: date) -> list[NumberHealth]:
        """Return every number that was reported dead, full or unanswered since it last worked.

        All campaigns together: a number is dead for everybody. Those confirmed dead are always
        among them. Counted from the rollups, so a report shows when its cell was counted.
        """
        # Those that worked lately are looked at together: of them few cells are younger.
        troubled = self._connection.execute(_troubled(since)).all()
        troubled = sorted(troubled, key=lambda one: one.worked or datetime.min.replace(tzinfo=UTC))
        found = {
            number.phone: number
            for start in range(0, len(troubled), _AT_ONCE)
            for number in self._counted(troubled[start : start + _AT_ONCE], since)
        }
        return self._confirmed(found)

    def _counted(self, some: Sequence[Row[Any]], since: date) -> list[NumberHealth]:
        """Count what was reported of some numbers since each last worked."""
        known = {one.phone: one for one in some}
        first = min(one.worked.date() if one.worked else since for one in some)
        cells: dict[str, list[Row[Any]]] = {}
        for cell in self._connection.execute(_cells_after(sorted(known), first)):
            worked = known[cell.phone].worked
            if worked is None or cell.last > worked:
                cells.setdefault(cell.phone, []).append(cell)
        found = [_number(known[phone], theirs) for phone, theirs in cells.items()]
        mixed = {one.phone: one.worked for one in found if one.worked and _mixed(one)}
        again = self._recounted(mixed) if mixed else {}
        return [
            replace(one, dead=new["dead"], full=new["full"], unanswered=new["unanswered"])
            if (new := again.get(one.phone))
            else one
            for one in found
        ]

    def _recounted(self, worked: Mapping[str, datetime]) -> dict[str, dict[str, Since]]:
        """Count numbers that once worked from their rows: they worked in the middle of a day."""
        told: dict[str, list[Row[Any]]] = {phone: [] for phone in worked}
        for row in self._connection.execute(_after(worked)):
            told[row.phone].append(row)
        return {phone: _by_kind(rows) for phone, rows in told.items()}

    def _confirmed(self, found: dict[str, NumberHealth]) -> list[NumberHealth]:
        for row in self._connection.execute(select(dead_numbers)):
            known = found.get(row.phone) or NumberHealth(
                phone=row.phone, office="", name="", city="", calls=0, worked=None
            )
            found[row.phone] = replace(known, confirmed=row.at, confirmed_by=row.who)
        return sorted(found.values(), key=lambda one: (one.name, one.phone))

    def confirm(self, phone: str, *, who: str, at: datetime) -> None:
        """Let a dead number rest for every campaign until it is lifted."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(dead_numbers).values(phone=phone, who=who, at=at)
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=["phone"]))

    def lift(self, phone: str) -> bool:
        """Let a number be dialled again; False when it was not resting."""
        done = self._connection.execute(delete(dead_numbers).where(dead_numbers.c.phone == phone))
        return done.rowcount == 1

    def dialled(self, phone: str) -> bool:
        """Tell whether a number is one that a campaign has dialled."""
        return (
            self._connection.scalar(select(literal(1)).where(legs.c.phone == phone).limit(1))
            is not None
        )


def _by_kind(rows: Iterable[Row[Any]]) -> dict[str, Since]:
    """Add up what was reported, by kind of trouble."""
    found = {"dead": Since(), "full": Since(), "unanswered": Since()}
    for row in rows:
        kind = _kind(row.outcome or None, row.reported or None)
        if kind is not None:
            old = found[kind]
            found[kind] = Since(
                count=old.count + row.many,
                first=min(row.first, old.first or row.first),
                last=max(row.last, old.last or row.last),
            )
    return found


def _number(known: Row[Any], cells: Sequence[Row[Any]]) -> NumberHealth:
    found = _by_kind(cells)
    return NumberHealth(
        phone=known.phone,
        office=max(cell.office for cell in cells),
        name=max(cell.name for cell in cells),
        city=max(cell.city for cell in cells),
        calls=int(known.calls),
        worked=known.worked,
        dead=found["dead"],
        full=found["full"],
        unanswered=found["unanswered"],
    )
