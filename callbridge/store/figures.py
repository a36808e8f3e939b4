"""Plain counts over one scope from the rows, all or those not in the tallies; changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import Connection, case, exists, func, literal, select

from callbridge.domain.call import Door, Outcome
from callbridge.domain.figures import (
    BIN_SECONDS,
    LAST_BIN,
    AnswerCount,
    DayCount,
    Funnel,
    HourCount,
    LengthCount,
)
from callbridge.domain.selection import Scope
from callbridge.domain.survey import POSITIONS, Meaning
from callbridge.store.counting import LENGTH, REPORT
from callbridge.store.days import utc_hour
from callbridge.store.scoped import (
    ANSWERS_OF_LEGS,
    LEGS_OF_CALLS,
    Condition,
    in_answers,
    in_calls,
    in_legs,
)
from callbridge.store.tables import answers, calls, facts, legs

_RUNG = calls.c.door != Door.SELF_DIALLED.value
# A line that was passed on to the next conversation of a shift took its sid along.
_ANSWERED = calls.c.answered.is_not(None)
_CONNECTED = legs.c.outcome == Outcome.CONNECTED.value
_POSITIONS = sorted(POSITIONS)


class FigureCounts:
    """The counts of one transaction; `only` narrows them to some calls."""

    def __init__(self, connection: Connection, *, only: Condition | None = None) -> None:
        self._connection = connection
        self._also = () if only is None else (only,)

    def funnel(self, scope: Scope) -> Funnel:
        """Count how far the calls came."""
        pressed = exists(
            select(facts.c.id)
            .where(facts.c.call == calls.c.id, facts.c.kind == "Consented")
            .correlate(calls)
        )
        row = self._connection.execute(
            select(
                func.count(),
                func.count(func.coalesce(calls.c.sid, case((_ANSWERED, literal("passed on"))))),
                func.count(calls.c.answered),
                func.count(case((pressed, 1))),
            ).where(*in_calls(scope), *self._also, _RUNG)
        ).one()
        dialled = (
            select(func.count(legs.c.call.distinct()))
            .select_from(LEGS_OF_CALLS)
            .where(*in_legs(scope), *self._also, _RUNG)
        )
        told = (
            select(func.count(answers.c.call.distinct()))
            .select_from(ANSWERS_OF_LEGS)
            .where(*in_answers(scope), *self._also, _RUNG, ~answers.c.superseded)
        )
        later = [dialled, dialled.where(_CONNECTED), told]
        later.append(told.where(answers.c.meaning.in_(_POSITIONS)))
        counts = [*row, *(self._connection.scalar(query) or 0 for query in later)]
        names = "asked created answered key_pressed bridged office_answered survey position"
        return Funnel(**dict(zip(names.split(), counts, strict=True)))

    def days(self, scope: Scope) -> list[DayCount]:
        """Count calls by the day they were asked for, self-dialled ones left out."""
        day = func.substr(utc_hour(calls.c.created), 1, 10)
        query = (
            select(day.label("day"), func.count(), func.count(calls.c.answered))
            .where(*in_calls(scope), *self._also, _RUNG)
            .group_by(day)
            .order_by(day)
        )
        return [
            DayCount(day=date.fromisoformat(text), created=created, answered=answered)
            for text, created, answered in self._connection.execute(query)
        ]

    def hours(self, scope: Scope) -> list[HourCount]:
        """Count legs by office and hour; self-dialled ones have no outcome and are left out."""
        hour = utc_hour(legs.c.started)
        query = (
            select(
                legs.c.office, hour.label("hour"), func.count(), func.count(case((_CONNECTED, 1)))
            )
            .select_from(LEGS_OF_CALLS)
            .where(*in_legs(scope), *self._also, _RUNG)
            .group_by(legs.c.office, hour)
        )
        return [
            HourCount(office=office, hour=text, dialled=dialled, connected=connected)
            for office, text, dialled, connected in self._connection.execute(query)
        ]

    def meanings(self, scope: Scope) -> list[AnswerCount]:
        """Count standing answers by revision, language and meaning."""
        by = (calls.c.digest, calls.c.language, answers.c.meaning)
        query = (
            select(*by, func.count())
            .select_from(ANSWERS_OF_LEGS)
            .where(*in_answers(scope), *self._also, ~answers.c.superseded)
            .group_by(*by)
            .order_by(*by)
        )
        return [
            AnswerCount(revision=digest, language=language, meaning=Meaning(word), count=count)
            for digest, language, word, count in self._connection.execute(query)
        ]

    def lengths(self, scope: Scope) -> list[LengthCount]:
        """Count connected legs by length."""
        step = legs.c.seconds // BIN_SECONDS
        place = case((step >= LAST_BIN, LAST_BIN), else_=step)
        query = (
            select(place.label("place"), func.count())
            .select_from(LEGS_OF_CALLS)
            .where(*in_legs(scope), *self._also, _CONNECTED, legs.c.seconds.is_not(None))
            .group_by(place)
            .order_by(place)
        )
        return [LengthCount(bin=int(b), count=c) for b, c in self._connection.execute(query)]

    def by_target(self, scope: Scope) -> Counter[tuple[str, str, Meaning]]:
        """Count standing answers by member, question and meaning."""
        by = (legs.c.target, answers.c.question, answers.c.meaning)
        query = (
            select(*by, func.count())
            .select_from(ANSWERS_OF_LEGS)
            .where(*in_answers(scope), *self._also, ~answers.c.superseded)
            .group_by(*by)
        )
        return Counter(
            {
                (target, question, Meaning(word)): count
                for target, question, word, count in self._connection.execute(query)
            }
        )

    def connected(self, scope: Scope) -> Counter[str]:
        """Count connected legs by member, self-dialled ones left out."""
        query = (
            select(legs.c.target, func.count())
            .select_from(LEGS_OF_CALLS)
            .where(*in_legs(scope), *self._also, _CONNECTED, _RUNG)
            .group_by(legs.c.target)
        )
        return Counter({row[0]: row[1] for row in self._connection.execute(query)})

    def corrected(self, scope: Scope) -> int:
        """Count the answers that stand no more."""
        query = select(func.count()).select_from(ANSWERS_OF_LEGS)
        where = (*in_answers(scope), *self._also, answers.c.superseded)
        return self._connection.scalar(query.where(*where)) or 0

    def signals(self, scope: Scope) -> Counter[tuple[str, str, str]]:
        """Count legs by outcome, length and what was keyed."""
        one = (
            select(
                func.coalesce(legs.c.outcome, "").label("outcome"),
                LENGTH.label("length"),
                func.coalesce(REPORT, "").label("reported"),
            )
            .select_from(LEGS_OF_CALLS)
            .where(*in_legs(scope), *self._also, _RUNG)
            .subquery("one")
        )
        by = (one.c.outcome, one.c.length, one.c.reported)
        query = select(*by, func.count()).group_by(*by)
        return Counter(
            {
                (outcome, length, reported): count
                for outcome, length, reported, count in self._connection.execute(query)
            }
        )
