"""Supporters' links as rows, found by the hash of their secret; opens none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.links import LinkKind, LinkRecord
from callbridge.store.link_tables import links
from callbridge.store.ready import Ready, known_moment, moment
from callbridge.store.tables import calls

# A call's end runs these, and it is a hook.
_FIND = Ready(select(links).where(links.c.hash == bindparam("key")))
_ADD_SURVEY = {
    name: Ready(dialect.insert(links).on_conflict_do_nothing().inline())
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_ADD = Ready(insert(links).inline())
_SEAL = Ready(update(links).where(links.c.hash == bindparam("b_hash"), links.c.closed.is_(None)))


class Links:
    """The links of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, hash_: str) -> LinkRecord | None:
        """Return a link."""
        row = _FIND.one(self._connection, {"key": hash_})
        return None if row is None else _record(row)

    def add_survey(self, hash_: str, call: str, at: datetime) -> None:
        """Keep a call's link to its survey; one that is there stays as it is."""
        values = {"hash": hash_, "kind": LinkKind.SURVEY.value, "call": call, "made": at}
        _ADD_SURVEY[self._connection.dialect.name].run(self._connection, values)

    def add_page(self, hash_: str, sealed: str, at: datetime) -> None:
        """Keep a link to somebody's own page."""
        values = {"hash": hash_, "kind": LinkKind.OWN_PAGE.value, "sealed": sealed, "made": at}
        _ADD.run(self._connection, values)

    def seal(self, hash_: str, sealed: str) -> bool:
        """Replace what an own page lists; False when it was erased."""
        return _SEAL.run(self._connection, {"b_hash": hash_, "sealed": sealed}) == 1

    def use(self, hash_: str, at: datetime) -> bool:
        """Use a survey's link up; False when somebody has already."""
        return self._close(hash_, LinkKind.SURVEY, at)

    def erase(self, hash_: str, at: datetime) -> bool:
        """Forget what an own page lists; the link says from now on that it is erased."""
        return self._close(hash_, LinkKind.OWN_PAGE, at)

    def _close(self, hash_: str, kind: LinkKind, at: datetime) -> bool:
        done = self._connection.execute(
            update(links)
            .where(links.c.hash == hash_, links.c.kind == kind.value, links.c.closed.is_(None))
            .values(closed=at, sealed=null())
        )
        return done.rowcount == 1

    def end_surveys(self, *, ended_before: datetime) -> int:
        """Drop the survey links of calls that are long over."""
        old = select(calls.c.id).where(calls.c.ended < ended_before)
        done = self._connection.execute(
            delete(links).where(links.c.kind == LinkKind.SURVEY.value, links.c.call.in_(old))
        )
        return done.rowcount

    def drop_surveys(self, of_calls: list[str]) -> None:
        """Drop the survey links of these calls."""
        self._connection.execute(delete(links).where(links.c.call.in_(of_calls)))


def _record(row: Any) -> LinkRecord:
    return LinkRecord(
        hash=row.hash,
        kind=LinkKind(row.kind),
        made=known_moment(row.made),
        call=row.call,
        sealed=row.sealed,
        closed=moment(row.closed),
    )
