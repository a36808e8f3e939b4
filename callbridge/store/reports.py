"""Reads for results: answers counted, the newest calls as lines; changes nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select

from callbridge.domain.call import Outcome
from callbridge.domain.records import CallLine, Tally
from callbridge.domain.survey import Meaning
from callbridge.store.analysis_tables import rollup_legs
from callbridge.store.tables import answers, calls, legs


class Reports:
    """Reports in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tallies(self, slug: str) -> list[Tally]:
        """Count a campaign's standing answers per member, question and meaning."""
        rows = self._connection.execute(
            select(
                legs.c.target,
                func.max(legs.c.name).label("name"),
                answers.c.question,
                answers.c.meaning,
                func.count().label("count_"),
            )
            .select_from(_joined())
            .where(calls.c.slug == slug, ~answers.c.superseded)
            .group_by(legs.c.target, answers.c.question, answers.c.meaning)
            .order_by(func.max(legs.c.name), answers.c.question, answers.c.meaning)
        )
        return [
            Tally(
                target=row.target,
                name=row.name,
                question=row.question,
                meaning=Meaning(row.meaning),
                count=row.count_,
            )
            for row in rows
        ]

    def last_calls(self, slug: str, most: int) -> list[CallLine]:
        """Return a campaign's newest calls, newest first."""
        query = _calls(slug).order_by(None).order_by(calls.c.created.desc()).limit(most)
        return [_call_line(row) for row in self._connection.execute(query)]

    def reached(self, slug: str) -> tuple[int, int]:
        """Return how many calls of a campaign the carrier connected to an office, and to whom.

        From the counts by day, which leave out what people dialled by themselves.
        """
        row = self._connection.execute(
            select(
                func.coalesce(func.sum(rollup_legs.c.count), 0),
                func.count(rollup_legs.c.target.distinct()),
            ).where(rollup_legs.c.slug == slug, rollup_legs.c.outcome == Outcome.CONNECTED.value)
        ).one()
        return int(row[0]), int(row[1])

    def count_answers(self, slug: str) -> int:
        """Count every answer of a campaign, superseded ones too."""
        return (
            self._connection.scalar(
                select(func.count()).select_from(_joined()).where(calls.c.slug == slug)
            )
            or 0
        )


def _joined() -> Any:
    return answers.join(calls, calls.c.id == answers.c.call).join(
        legs, (legs.c.call == answers.c.call) & (legs.c.number == answers.c.leg)
    )


def _calls(slug: str) -> Select[Any]:
    count = select(func.count()).where(legs.c.call == calls.c.id).correlate(calls).scalar_subquery()
    return (
        select(calls, count.label("leg_count"))
        .where(calls.c.slug == slug)
        .order_by(calls.c.created, calls.c.id)
    )


def _call_line(row: Any) -> CallLine:
    return CallLine(
        call=row.id,
        campaign=row.slug,
        door=row.door,
        stage=row.stage,
        ending=row.ending,
        language=row.language,
        referral=row.referral,
        legs=row.leg_count,
        created=row.created,
        answered=row.answered,
        ended=row.ended,
    )
