"""The log of calls by number's hash, searches noted, filters saved."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, insert, select

from callbridge.domain.asking import SavedFilter, Search
from callbridge.domain.exported import CallFact
from callbridge.store.analysis import call_facts
from callbridge.store.asking_tables import saved_filters, searches
from callbridge.store.scoped import of_campaign
from callbridge.store.tables import calls


class Asking:
    """What analysts ask, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_numbers(self, slug: str, hashes: Sequence[str], *, most: int) -> list[CallFact]:
        """Return the calls stored under any of these hashes, newest first."""
        query = (
            call_facts()
            .where(of_campaign(slug), calls.c.phone_hash.in_(hashes))
            .order_by(calls.c.created.desc(), calls.c.id.desc())
            .limit(most)
        )
        return [CallFact(**row._mapping) for row in self._connection.execute(query)]

    def note_search(self, search: Search) -> None:
        """Write down that somebody searched."""
        self._connection.execute(
            insert(searches).values(
                slug=search.slug, who=search.who, at=search.at, found=search.found
            )
        )

    def searches(self, slug: str, *, most: int) -> list[Search]:
        """Return the last searches of a campaign's log, newest first."""
        query = select(searches).where(searches.c.slug == slug).order_by(searches.c.id.desc())
        return [
            Search(slug=row.slug, who=row.who, at=row.at, found=row.found)
            for row in self._connection.execute(query.limit(most))
        ]

    def save_filter(self, saved: SavedFilter) -> None:
        """Keep a filter; one of the same name is replaced."""
        self.forget_filter(saved.slug, saved.name)
        self._connection.execute(
            insert(saved_filters).values(
                slug=saved.slug,
                name=saved.name,
                query=msgspec.json.encode(saved.query).decode(),
                who=saved.who,
                at=saved.at,
            )
        )

    def forget_filter(self, slug: str, name: str) -> None:
        """Delete a filter."""
        self._connection.execute(
            delete(saved_filters).where(saved_filters.c.slug == slug, saved_filters.c.name == name)
        )

    def filters(self, slug: str) -> list[SavedFilter]:
        """Return a campaign's filters by name."""
        query = select(saved_filters).where(saved_filters.c.slug == slug)
        return [
            SavedFilter(
                slug=row.slug,
                name=row.name,
                query=msgspec.json.decode(row.query, type=dict[str, str]),
                who=row.who,
                at=row.at,
            )
            for row in self._connection.execute(query.order_by(saved_filters.c.name))
        ]
