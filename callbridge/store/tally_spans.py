"""Days as the fewest spans that are them: one, eight or sixty-four days long; reads nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

END = 64 * 100_000
Stretch = tuple[int, int, int]


def stretches(since: date | None, until: date | None) -> list[Stretch]:
    """Return the fewest spans that are these days: (span, first, last), both ends included."""
    start = since.toordinal() if since else 0
    stop = until.toordinal() + 1 if until else END
    found: list[Stretch] = []
    inner = start, stop
    for span, wider in ((1, 8), (8, 64)):
        begin, end = -(-inner[0] // wider) * wider, inner[1] // wider * wider
        if begin >= end:
            return [*found, (span, inner[0] // span, inner[1] // span - 1)]
        found += [
            (span, inner[0] // span, begin // span - 1),
            (span, end // span, inner[1] // span - 1),
        ]
        inner = begin, end
    found.append((64, inner[0] // 64, inner[1] // 64 - 1))
    return [one for one in found if one[1] <= one[2]]


def within(table: Any, some: Iterable[Stretch]) -> ColumnElement[bool]:
    """Return that a row of a table by spans is in one of these."""
    return or_(
        false(),
        *(and_(table.span == s, table.first.between(one, other)) for s, one, other in some),
    )
