"""Reads every office that tallied calls dialled, as the first of them kept it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from sqlalchemy import Connection, select

from callbridge.domain.congress import Chamber
from callbridge.domain.figures import DialledOffice
from callbridge.store.plain import Rows, rows_of
from callbridge.store.tally_tables import tally_offices


def offices_of(connection: Connection, slug: str) -> Sequence[DialledOffice]:
    """Return every office that a campaign's tallied calls dialled."""
    return _offices(
        rows_of(
            connection,
            select(tally_offices)
            .where(tally_offices.c.slug == slug)
            .order_by(tally_offices.c.target, tally_offices.c.office),
        )
    )


# The rows themselves are the key: made into values once, while they stay what they are.
@lru_cache(maxsize=16)
def _offices(rows: Rows) -> tuple[DialledOffice, ...]:
    return tuple(
        DialledOffice(
            target=target,
            office=office,
            name=name,
            chamber=Chamber(chamber) if chamber else None,
            state=state,
            district=district,
            zone=zone,
        )
        for _, target, office, name, chamber, state, district, zone in sorted(
            rows, key=itemgetter(1, 2)
        )
    )
