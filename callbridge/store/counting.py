"""The plain counts that every rollup must equal: positions by supporter and day, legs by signal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, func, literal, select

from callbridge.domain.call import Door
from callbridge.domain.signals import SHORT_SECONDS, Length
from callbridge.domain.survey import POSITIONS, REPORTED
from callbridge.domain.whip import Channel
from callbridge.store.analysis_tables import repeats
from callbridge.store.days import utc_day
from callbridge.store.tables import answers, calls, legs

CHANNEL = case(
    (calls.c.door == Door.SELF_DIALLED.value, literal(Channel.SELF_DIALLED.value)),
    else_=literal(Channel.BRIDGED.value),
)
DAY = utc_day(legs.c.started)
LENGTH = case(
    (legs.c.seconds.is_(None), literal(Length.NONE.value)),
    (legs.c.seconds < SHORT_SECONDS, literal(Length.SHORT.value)),
    else_=literal(Length.LONG.value),
)
REPORT = (
    select(func.min(answers.c.meaning))
    .where(
        answers.c.call == legs.c.call,
        answers.c.leg == legs.c.number,
        ~answers.c.superseded,
        answers.c.meaning.in_(sorted(REPORTED)),
    )
    .correlate(legs)
    .scalar_subquery()
)
ON_LEGS = legs.join(calls, calls.c.id == legs.c.call)


def ranked(*where: Any) -> Select[Any]:
    """Select every standing position; `rank` 1 is the one that counts for its supporter and day.

    A supporter is the keyed hash; without one (self-dialled, or erased since) each call is its own.
    """
    source = ON_LEGS.join(
        answers, and_(answers.c.call == legs.c.call, answers.c.leg == legs.c.number)
    ).outerjoin(repeats, repeats.c.answer == answers.c.id)
    cell = (calls.c.slug, legs.c.target, DAY, CHANNEL)
    supporter = func.coalesce(calls.c.phone_hash, calls.c.id)
    rank = func.row_number().over(
        partition_by=(*cell, supporter), order_by=(answers.c.at.desc(), answers.c.id.desc())
    )
    return (
        select(
            calls.c.slug,
            legs.c.target,
            DAY.label("day"),
            CHANNEL.label("channel"),
            answers.c.meaning,
            answers.c.at,
            answers.c.id.label("answer"),
            answers.c.source,
            legs.c.call,
            legs.c.number.label("leg"),
            legs.c.city,
            rank.label("rank"),
        )
        .select_from(source)
        .where(
            ~answers.c.superseded,
            answers.c.meaning.in_(sorted(POSITIONS)),
            repeats.c.answer.is_(None),
            *where,
        )
    )


def positions(*where: Any) -> Select[Any]:
    """Count positions by cell, channel and meaning, in the columns of their rollup."""
    one = ranked(*where).subquery("ranked")
    cell = (one.c.slug, one.c.target, one.c.day, one.c.channel, one.c.meaning)
    return (
        select(*cell, func.count().label("count"), func.max(one.c.at).label("last"))
        .where(one.c.rank == 1)
        .group_by(*cell)
    )


# The same of every leg at once: for a rebuild, which would look millions up one by one.
_REPORTS = (
    select(answers.c.call, answers.c.leg, func.min(answers.c.meaning).label("reported"))
    .where(~answers.c.superseded, answers.c.meaning.in_(sorted(REPORTED)))
    .group_by(answers.c.call, answers.c.leg)
    .subquery("reports")
)


def signals(*where: Any) -> Select[Any]:
    """Count legs by cell, office and the three signals, in the columns of their rollup."""
    source, reported = ON_LEGS, func.coalesce(REPORT, "")
    if not where:
        there = (_REPORTS.c.call == legs.c.call) & (_REPORTS.c.leg == legs.c.number)
        source, reported = (
            ON_LEGS.outerjoin(_REPORTS, there),
            func.coalesce(_REPORTS.c.reported, ""),
        )
    one = (
        select(
            calls.c.slug,
            legs.c.target,
            DAY.label("day"),
            legs.c.phone,
            legs.c.office,
            func.coalesce(legs.c.outcome, "").label("outcome"),
            LENGTH.label("length"),
            reported.label("reported"),
            legs.c.name,
            legs.c.city,
            legs.c.started,
        )
        .select_from(source)
        .where(calls.c.door != Door.SELF_DIALLED.value, *where)
        .subquery("one")
    )
    cell = (*list(one.c)[:8],)
    return select(
        *cell,
        func.max(one.c.name).label("name"),
        func.max(one.c.city).label("city"),
        func.count().label("count"),
        func.min(one.c.started).label("first"),
        func.max(one.c.started).label("last"),
    ).group_by(*cell)
