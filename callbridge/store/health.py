"""Reads for office health and for signals that disagree, and numbers confirmed dead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Row,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.board import SignalLine
from callbridge.domain.call import Door, Outcome
from callbridge.domain.health import NumberHealth, Since
from callbridge.domain.signals import Disagreement, Length, Signals, disagreement
from callbridge.domain.survey import REPORTED, Meaning
from callbridge.store.analysis_tables import dead_numbers, rollup_legs
from callbridge.store.counting import LENGTH, ON_LEGS, REPORT
from callbridge.store.days import day_begins
from callbridge.store.tables import Utc, calls, legs

_R = rollup_legs.c
_WORKED = _R.reported.in_([Meaning.SPOKE.value, Meaning.VOICEMAIL.value])
_DEAD = or_(
    _R.reported == Meaning.WRONG_NUMBER.value,
    and_(_R.outcome == Outcome.FAILED.value, _R.reported == ""),
)
_FULL = _R.reported == Meaning.MAILBOX_FULL.value
_UNANSWERED = or_(
    _R.reported == Meaning.NOBODY.value,
    and_(_R.outcome == Outcome.NO_ANSWER.value, _R.reported == ""),
)

_SEEN = select(legs.c.outcome, REPORT.label("reported"), legs.c.started).select_from(ON_LEGS)
_LATER = _SEEN.where(
    legs.c.phone == bindparam("phone"),
    legs.c.started > bindparam("worked", type_=Utc()),
    calls.c.door != Door.SELF_DIALLED.value,
).subquery("later")
_AFTER = select(
    _LATER.c.outcome,
    _LATER.c.reported,
    func.count(),
    func.min(_LATER.c.started),
    func.max(_LATER.c.started),
).group_by(_LATER.c.outcome, _LATER.c.reported)


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
        worked = (
            select(_R.phone, func.max(_R.last).label("at"))
            .where(_WORKED, _R.day >= since)
            .group_by(_R.phone)
            .cte("worked")
        )
        after = or_(worked.c.at.is_(None), _R.last > worked.c.at)
        kinds = {"dead": _DEAD, "full": _FULL, "unanswered": _UNANSWERED}
        columns = [
            column
            for name, kind in kinds.items()
            for column in (
                func.sum(case((and_(kind, after), _R.count), else_=0)).label(f"{name}_count"),
                func.min(case((and_(kind, after), _R.first))).label(f"{name}_first"),
                func.max(case((and_(kind, after), _R.last))).label(f"{name}_last"),
            )
        ]
        query = (
            select(
                _R.phone,
                func.max(_R.office).label("office"),
                func.max(_R.name).label("name"),
                func.max(_R.city).label("city"),
                func.sum(_R.count).label("calls"),
                func.max(worked.c.at).label("worked"),
                *columns,
            )
            .select_from(rollup_legs.outerjoin(worked, worked.c.phone == _R.phone))
            .where(_R.day >= since)
            .group_by(_R.phone)
            .having(func.sum(case((and_(or_(*kinds.values()), after), 1), else_=0)) > 0)
        )
        found = {}
        for row in self._connection.execute(query):
            number = _number(row)
            found[row.phone] = self._recounted(number) if _mixed(number) else number
        return self._confirmed(found)

    def _recounted(self, number: NumberHealth) -> NumberHealth:
        """Count a number that once worked from its rows: it worked in the middle of some day."""
        rows = self._connection.execute(_AFTER, {"phone": number.phone, "worked": number.worked})
        kinds = {"dead": Since(), "full": Since(), "unanswered": Since()}
        for outcome, reported, count, first, last in rows:
            kind = _kind(outcome, reported)
            if kind is not None:
                old = kinds[kind]
                kinds[kind] = Since(
                    count=old.count + count,
                    first=min(first, old.first or first),
                    last=max(last, old.last or last),
                )
        return replace(
            number, dead=kinds["dead"], full=kinds["full"], unanswered=kinds["unanswered"]
        )

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

    def _since(self, slug: str, cells: Any, most: int) -> date | None:
        """Return the day from which on enough legs are found, None when there is none at all."""
        days = self._connection.execute(
            select(_R.day, func.sum(_R.count))
            .where(_R.slug == slug, cells)
            .group_by(_R.day)
            .order_by(_R.day.desc())
        )
        found, since = 0, None
        for day, count in days:
            found, since = found + count, day
            if found >= most:
                break
        return since

    def disagreeing(self, slug: str, kind: Disagreement | None, *, most: int) -> list[SignalLine]:
        """Return a campaign's legs whose signals disagree, newest first."""
        wanted = [
            (signals.outcome, signals.length, signals.reported)
            for signals in _combinations()
            if (found := disagreement(signals)) and kind in {None, found}
        ]
        cells = tuple_(_R.outcome, _R.length, _R.reported).in_(
            [tuple(str(value) for value in one) for one in wanted]
        )
        since = self._since(slug, cells, most)
        if since is None:
            return []
        targets = select(_R.target).where(_R.slug == slug, _R.day >= since, cells)
        seen = (
            select(legs, func.coalesce(REPORT, "").label("reported"), LENGTH.label("length"))
            .select_from(ON_LEGS)
            .where(
                legs.c.target.in_(targets),
                legs.c.started >= day_begins(literal(since, Date())),
                calls.c.slug == slug,
                calls.c.door != Door.SELF_DIALLED.value,
            )
            .subquery("seen")
        )
        query = (
            select(seen)
            .where(
                tuple_(seen.c.outcome, seen.c.length, seen.c.reported).in_(
                    [tuple(str(value) for value in one) for one in wanted]
                )
            )
            .order_by(seen.c.started.desc(), seen.c.call, seen.c.number)
            .limit(most)
        )
        return [_line(row) for row in self._connection.execute(query)]


def _combinations() -> list[Signals]:
    return [
        Signals(outcome=outcome, length=length, reported=reported)
        for outcome in Outcome
        for length in Length
        for reported in sorted(REPORTED)
    ]


def _line(row: Row[Any]) -> SignalLine:
    signals = Signals(
        outcome=Outcome(row.outcome) if row.outcome else None,
        length=Length(row.length),
        reported=Meaning(row.reported) if row.reported else None,
    )
    return SignalLine(
        call=row.call,
        leg=row.number,
        target=row.target,
        name=row.name,
        city=row.city,
        outcome=row.outcome or "",
        seconds=row.seconds,
        reported=row.reported,
        started=row.started,
        disagreement=disagreement(signals),
    )


def _number(row: Row[Any]) -> NumberHealth:
    return NumberHealth(
        phone=row.phone,
        office=row.office,
        name=row.name,
        city=row.city,
        calls=int(row.calls),
        worked=row.worked,
        dead=Since(count=int(row.dead_count), first=row.dead_first, last=row.dead_last),
        full=Since(count=int(row.full_count), first=row.full_first, last=row.full_last),
        unanswered=Since(
            count=int(row.unanswered_count), first=row.unanswered_first, last=row.unanswered_last
        ),
    )
