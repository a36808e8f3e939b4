"""Campaigns and their immutable revisions as rows; reads no document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.records import CampaignRecord, CampaignState, RevisionFiles
from callbridge.store.ready import Ready, known_moment
from callbridge.store.tables import campaigns, revision_files, revisions

_GET = Ready(select(campaigns).where(campaigns.c.slug == bindparam("b_slug")))


class Campaigns:
    """The campaigns of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[CampaignRecord]:
        """Return every campaign by slug."""
        rows = self._connection.execute(select(campaigns).order_by(campaigns.c.slug))
        return [_record(row) for row in rows]

    def get(self, slug: str) -> CampaignRecord | None:
        """Return one campaign."""
        if "\0" in slug:  # PostgreSQL cannot even be asked for such a text
            return None
        row = _GET.one(self._connection, {"b_slug": slug})
        return None if row is None else _record(row)

    def publish(
        self,
        record: CampaignRecord,
        files: Mapping[str, bytes],
    ) -> None:
        """Write a revision (once) and make it the campaign's current one."""
        insert_ = self._insert(revisions).on_conflict_do_nothing()
        new = self._connection.scalar(
            insert_.values(
                digest=record.digest, slug=record.slug, published=record.published
            ).returning(revisions.c.digest)
        )
        if new is not None:
            self._connection.execute(
                insert(revision_files),
                [
                    {"digest": record.digest, "name": name, "body": body}
                    for name, body in files.items()
                ],
            )
        values = {
            "digest": record.digest,
            "state": record.state.value,
            "number": record.number,
            "published": record.published,
        }
        self._connection.execute(
            self._insert(campaigns)
            .values(slug=record.slug, **values)
            .on_conflict_do_update(index_elements=["slug"], set_=values)
        )

    def set_state(self, slug: str, state: CampaignState) -> bool:
        """Change a campaign's state; False when there is none."""
        if "\0" in slug:
            return False
        done = self._connection.execute(
            update(campaigns).where(campaigns.c.slug == slug).values(state=state.value)
        )
        return done.rowcount == 1

    def files(self, digest: str) -> RevisionFiles | None:
        """Return a revision's files."""
        slug = self._connection.scalar(select(revisions.c.slug).where(revisions.c.digest == digest))
        if slug is None:
            return None
        rows = self._connection.execute(
            select(revision_files.c.name, revision_files.c.body).where(
                revision_files.c.digest == digest
            )
        )
        return RevisionFiles(slug=slug, digest=digest, files={r.name: r.body for r in rows})

    def file(self, digest: str, name: str) -> bytes | None:
        """Return one file of a revision."""
        if "\0" in digest + name:
            return None
        return self._connection.scalar(
            select(revision_files.c.body).where(
                revision_files.c.digest == digest, revision_files.c.name == name
            )
        )

    def on_number(self, number: str, *, shared: bool) -> list[CampaignRecord]:
        """Return the campaigns that answer on a number.

        On the `shared` number these are also the ones without a number of their own.
        """
        condition = campaigns.c.number == number
        if shared:
            condition = condition | campaigns.c.number.is_(None)
        rows = self._connection.execute(
            select(campaigns).where(condition).order_by(campaigns.c.slug)
        )
        return [_record(row) for row in rows]

    def _insert(self, table: Any) -> Any:
        if self._connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)


def _record(row: Any) -> CampaignRecord:
    return CampaignRecord(
        slug=row.slug,
        digest=row.digest,
        state=CampaignState(row.state),
        number=row.number,
        published=known_moment(row.published),
    )
