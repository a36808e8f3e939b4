"""The equal-tile maps of both chambers: letters carry the meaning, colours repeat it.

A map was drawn by `tools/charts.py`, with a hole for each thing that is said about a tile; here
the holes are filled. Knows no renderer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from pathlib import Path

from callbridge.domain.congress import Chamber
from callbridge.domain.figures import Figures, Said
from callbridge.domain.tiles import DISTRICT_TILES, STATE_TILES
from callbridge.web.drawing_rows import Rows
from callbridge.web.figure_words import LETTERS, NOT_ASKED, UNCLEAR, letter

# Neither party's colour; told apart by eyes that confuse red and green, and in print by letter.
COLOURS = {
    LETTERS["supports"]: "#0b6b4b",
    LETTERS["leans-supports"]: "#7fbfa5",
    LETTERS["undecided"]: "#d9d4c8",
    LETTERS["leans-opposes"]: "#e6b374",
    LETTERS["opposes"]: "#b35c00",
    UNCLEAR: "#c8c8d0",
    NOT_ASKED: "#ffffff",
}
DARK = (LETTERS["supports"], LETTERS["opposes"])
ON_DARK, ON_LIGHT = "#ffffff", "#1d1b18"
MEANT = {mark: name.replace("-", " ") for name, mark in LETTERS.items()} | {
    UNCLEAR: "no position, or a tie",
    NOT_ASKED: "nothing reported",
}


def senate(figures: Figures) -> Rows:
    """Return two halves for each state's tile."""
    by_state: dict[str, list[Said]] = defaultdict(list)
    for one in figures.said:
        if one.whose.chamber is Chamber.SENATE:
            by_state[one.whose.state].append(one)
    rows = []
    for tile in STATE_TILES:
        if tile.state == "DC":
            continue
        marks = [letter(one) for one in by_state[tile.state][:2]]
        for half, mark in enumerate([*marks, NOT_ASKED, NOT_ASKED][:2]):
            rows.append(
                {
                    "x": tile.x + half * 0.46,
                    "x2": tile.x + half * 0.46 + 0.46,
                    "y": tile.y,
                    "y2": tile.y + 0.92,
                    "mark": mark,
                    "words": f"{tile.state}: {MEANT[mark]}",
                    "state": tile.state if half == 0 else "",
                }
            )
    return _placed(rows, name_at=(0.06, 0.2))


def house(figures: Figures) -> Rows:
    """Return a row for each district's tile."""
    said = {one.whose.district: one for one in figures.said if one.whose.chamber is Chamber.HOUSE}
    rows, named = [], set()
    for tile in DISTRICT_TILES:
        mark = letter(said[tile.seat]) if tile.seat in said else NOT_ASKED
        rows.append(
            {
                "x": tile.x,
                "x2": tile.x + 0.92,
                "y": tile.y,
                "y2": tile.y + 0.92,
                "mark": mark,
                "words": f"{tile.seat}: {MEANT[mark]}",
                "state": "" if tile.state in named else tile.state,
            }
        )
        named.add(tile.state)
    return _placed(rows, name_at=(0.0, -0.45))


def _placed(rows: Rows, *, name_at: tuple[float, float]) -> Rows:
    """Say where the letters and the states' names stand."""
    for row in rows:
        row["mx"], row["my"] = (row["x"] + row["x2"]) / 2, (row["y"] + row["y2"]) / 2 + 0.06
        row["nx"], row["ny"] = row["x"] + name_at[0], row["y"] + name_at[1]
    return rows


MAPS: Mapping[str, Callable[[Figures], Rows]] = {"senate": senate, "house": house}

# What a map leaves open about a tile; each hole is a character that no writing uses.
HOLES = ("words", "mark", "fill", "ink")
_FIRST = 0xE000
_HOLE = re.compile("([\ue000-\uf8ff])")


def with_holes(rows: Rows) -> Rows:
    """Return a map's rows with a hole for everything that is said about a tile."""
    return [
        row | {key: chr(_FIRST + len(HOLES) * at + k) for k, key in enumerate(HOLES)}
        for at, row in enumerate(rows)
    ]


def place(name: str) -> Path:
    """Return where a map lies that was drawn with holes."""
    return Path(__file__).parent / "charts" / f"{name}.svg"


def fill(name: str, figures: Figures) -> str:
    """Return a map as SVG, as the renderer would draw it from the same rows."""
    said = []
    for row in MAPS[name](figures):
        mark = row["mark"]
        ink = ON_DARK if mark in DARK else ON_LIGHT
        said += [escape(row["words"]), escape(mark), COLOURS[mark], ink]
    pieces = list(_pieces(name))
    pieces[1::2] = [said[ord(hole) - _FIRST] for hole in pieces[1::2]]
    return "".join(pieces)


@lru_cache(maxsize=len(MAPS))
def _pieces(name: str) -> tuple[str, ...]:
    """Return a map cut at its holes; every second piece is one."""
    return tuple(_HOLE.split(place(name).read_text(encoding="utf-8")))
