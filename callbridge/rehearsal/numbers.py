"""Made-up numbers for rehearsed people, from the range kept for fiction; knows nobody's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callbridge.domain.zones import ANYWHERE, AREAS
from callbridge.errors import RefusedError

EACH = 100
"""555-0100 to 555-0199 of every area code are kept for fiction."""


def fictitious(areas: Sequence[str]) -> list[str]:
    """Return a number for each person, none twice; "" is a person whose area does not matter.

    An area code that has no number left lends those of another with the same state and zones, then
    with the same zones. Raises RefusedError where the made-up numbers do not suffice.
    """
    free = {code: iter(_numbers(code)) for code in sorted(AREAS)}
    # Whose area matters comes first, so that nobody else takes the numbers of their area.
    order = sorted(range(len(areas)), key=lambda place: not areas[place])
    found = [""] * len(areas)
    for place in order:
        found[place] = _next(free, areas[place])
    return found


def _next(free: dict[str, Iterator[str]], area: str) -> str:
    for code in _candidates(area):
        if code in free:
            number = next(free[code], None)
            if number is not None:
                return number
            del free[code]
    raise RefusedError(
        f"There are not enough made-up numbers to rehearse so many people at once: {EACH:,} for "
        "each area code. Rehearse a part of the list (--people)."
    )


def _candidates(area: str) -> Iterator[str]:
    if not area:
        yield from AREAS
        return
    yield area
    own = AREAS.get(area, ANYWHERE)
    yield from (code for code, other in AREAS.items() if other == own)
    yield from (code for code, other in AREAS.items() if other.zones == own.zones)


def _numbers(code: str) -> Iterator[str]:
    return (f"+1{code}55501{last:02}" for last in range(EACH))
