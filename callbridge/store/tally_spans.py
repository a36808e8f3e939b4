"""Days as the fewest spans that are them: one, eight or sixty-four days long; reads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

# Days are entered one by one, by eight, and by sixty-four; what is nearly as many rows as there
# are calls, by the shortest and the longest.
SPANS = (1, 8, 64)
OWN_SPANS = (1, 64)
END = 64 * 100_000
Stretch = tuple[int, int, int]


def stretches(
    since: date | None, until: date | None, *, spans: Sequence[int] = SPANS
) -> list[Stretch]:
    """Return the fewest spans that are these days: (span, first, last), both ends included.

    `spans` are the lengths there are, in days, each a part of the next.
    """
    start = since.toordinal() if since else 0
    stop = until.toordinal() + 1 if until else END
    found: list[Stretch] = []
    inner = start, stop
    for span, wider in pairwise(spans):
        begin, end = -(-inner[0] // wider) * wider, inner[1] // wider * wider
        if begin >= end:
            return [*found, (span, inner[0] // span, inner[1] // span - 1)]
        found += [
            (span, inner[0] // span, begin // span - 1),
            (span, end // span, inner[1] // span - 1),
        ]
        inner = begin, end
    longest = spans[-1]
    found.append((longest, inner[0] // longest, inner[1] // longest - 1))
    return [one for one in found if one[1] <= one[2]]


def within(table: Any, some: Iterable[Stretch]) -> ColumnElement[bool]:
    """Return that a row of a table by spans is in one of these."""
    return or_(
        false(),
        *(and_(table.span == s, table.first.between(one, other)) for s, one, other in some),
    )
