"""Reads for results: answers counted, the newest calls as lines; changes nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select

from callbridge.domain.records import CallLine
from callbridge.store.tables import calls, legs


class Reports:
    """Reports in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_calls(self, slug: str, most: int) -> list[CallLine]:
        """Return a campaign's newest calls, newest first."""
        query = _calls(slug).order_by(None).order_by(calls.c.created.desc()).limit(most)
        return [_call_line(row) for row in self._connection.execute(query)]


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
