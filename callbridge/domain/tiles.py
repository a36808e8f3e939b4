"""Where the tile of a state and of a House district stands on an equal-tile map; draws nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, sqrt

# Each string is a row from the north; two letters a cell, dots where there is no state.
_GRID = (
    "AK....................ME",
    "....................VTNH",
    "..WAIDMTNDMNWIMI..NYMARI",
    "..ORNVWYSDIAILINOHPANJCT",
    "..CAUTCONEMOKYWVVAMDDE..",
    "....AZNMKSARTNNCSCDC....",
    "........OKLAMSALGA......",
    "HI......TX........FL....",
)
# Seats in the House after the census of 2020.
SEATS = {
    "AL": 7, "AK": 1, "AZ": 9, "AR": 4, "CA": 52, "CO": 8, "CT": 5, "DE": 1, "FL": 28, "GA": 14,
    "HI": 2, "ID": 2, "IL": 17, "IN": 9, "IA": 4, "KS": 4, "KY": 6, "LA": 6, "ME": 2, "MD": 8,
    "MA": 9, "MI": 13, "MN": 8, "MS": 4, "MO": 8, "MT": 2, "NE": 3, "NV": 4, "NH": 2, "NJ": 12,
    "NM": 3, "NY": 26, "NC": 14, "ND": 1, "OH": 15, "OK": 5, "OR": 6, "PA": 17, "RI": 2, "SC": 7,
    "SD": 1, "TN": 9, "TX": 38, "UT": 4, "VT": 1, "VA": 11, "WA": 10, "WV": 2, "WI": 8, "WY": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A place on the map, in tiles from the left and from the top. `seat` is "VT" or "CA-12"."""

    seat: str
    state: str
    x: int
    y: int


def _states() -> Iterator[Tile]:
    for y, row in enumerate(_GRID):
        for x in range(len(row) // 2):
            state = row[2 * x : 2 * x + 2]
            if state != "..":
                yield Tile(seat=state, state=state, x=x, y=y)


STATE_TILES: tuple[Tile, ...] = tuple(_states())


def _width(state: str) -> int:
    return ceil(sqrt(SEATS.get(state, 1)))


def _height(state: str) -> int:
    return ceil(SEATS.get(state, 1) / _width(state))


def _starts(sizes: list[int]) -> list[int]:
    """Return where each begins, one tile of room between them and one above for the name."""
    return [0, *accumulate(size + 1 for size in sizes)]


def _districts() -> Iterator[Tile]:
    columns, rows = max(t.x for t in STATE_TILES) + 1, max(t.y for t in STATE_TILES) + 1
    widths = [
        max([_width(t.state) for t in STATE_TILES if t.x == x], default=1) for x in range(columns)
    ]
    heights = [
        max([_height(t.state) for t in STATE_TILES if t.y == y], default=1) for y in range(rows)
    ]
    left, top = _starts(widths), _starts(heights)
    for tile in STATE_TILES:
        count = SEATS.get(tile.state, 0)
        for number in range(count):
            name = f"{tile.state}-{number + 1 if count > 1 else 0}"
            x = left[tile.x] + number % _width(tile.state)
            y = top[tile.y] + 1 + number // _width(tile.state)
            yield Tile(seat=name, state=tile.state, x=x, y=y)


DISTRICT_TILES: tuple[Tile, ...] = tuple(_districts())
