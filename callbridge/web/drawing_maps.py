"""Draws the equal-tile maps of both chambers: letters carry the meaning, colours repeat it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from typing import Any

from callbridge.domain.congress import Chamber
from callbridge.domain.figures import Figures, Funnel, Said
from callbridge.domain.tiles import DISTRICT_TILES, STATE_TILES
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
_DARK = [LETTERS["supports"], LETTERS["opposes"]]


# The name under which a chart finds its rows.
ROWS = "rows"
Rows = list[dict[str, Any]]
_EMPTY = Figures(
    funnel=Funnel(**dict.fromkeys((field.name for field in fields(Funnel)), 0)),
    days=(),
    reach=(),
    offices=(),
    meanings=(),
    lengths=(),
    said=(),
)


def drawn_from() -> Any:
    """Return a chart's data: rows that are put beside it each time."""
    import altair

    build: Any = altair.NamedData
    return build(name=ROWS)


def senate_rows(figures: Figures) -> Rows:
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
                    "state": tile.state if half == 0 else "",
                }
            )
    return _placed(rows, name_at=(0.06, 0.2))


def senate() -> Any:
    """Every state's tile, a half for each of its senators that were reported about."""
    return _tiles(senate_rows(_EMPTY), height=430, size=11)


def house_rows(figures: Figures) -> Rows:
    """Return a row for each district's tile."""
    said = {one.whose.district: one for one in figures.said if one.whose.chamber is Chamber.HOUSE}
    rows, named = [], set()
    for tile in DISTRICT_TILES:
        rows.append(
            {
                "x": tile.x,
                "x2": tile.x + 0.92,
                "y": tile.y,
                "y2": tile.y + 0.92,
                "mark": letter(said[tile.seat]) if tile.seat in said else NOT_ASKED,
                "state": "" if tile.state in named else tile.state,
            }
        )
        named.add(tile.state)
    return _placed(rows, name_at=(0.0, -0.45))


def house() -> Any:
    """Every district's tile, the districts of a state together where the state is."""
    return _tiles(house_rows(_EMPTY), height=600, size=9)


def _placed(rows: Rows, *, name_at: tuple[float, float]) -> Rows:
    """Say where the letters and the states' names stand."""
    for row in rows:
        row["mx"], row["my"] = (row["x"] + row["x2"]) / 2, (row["y"] + row["y2"]) / 2 + 0.06
        row["nx"], row["ny"] = row["x"] + name_at[0], row["y"] + name_at[1]
    return rows


def _tiles(rows: Rows, *, height: int, size: int) -> Any:
    """Draw tiles that lie where these rows say; what they show comes with their own rows."""
    import altair as alt

    data = drawn_from()
    scale = alt.Scale(domain=[0, max(row["x2"] for row in rows)], nice=False, zero=False)
    down = alt.Scale(
        domain=[min(row["ny"] for row in rows) - 0.5, max(row["y2"] for row in rows)],
        reverse=True, nice=False, zero=False,
    )  # fmt: skip
    across: dict[str, Any] = {"scale": scale, "axis": None}
    along: dict[str, Any] = {"scale": down, "axis": None}
    boxes = (
        alt.Chart(data, height=height)
        .mark_rect(stroke="#7d776b", strokeWidth=0.6)
        .encode(
            x=alt.X("x:Q", **across), x2="x2:Q", y=alt.Y("y:Q", **along), y2="y2:Q", color=_fill()
        )
    )
    ink = alt.condition(
        alt.FieldOneOfPredicate(field="mark", oneOf=_DARK),
        alt.value("#ffffff"),
        alt.value("#1d1b18"),
    )
    marks = (
        alt.Chart(data)
        .mark_text(fontSize=size, fontWeight="bold", baseline="middle")
        .encode(x=alt.X("mx:Q", **across), y=alt.Y("my:Q", **along), text="mark:N", color=ink)
    )
    names = (
        alt.Chart(data)
        .transform_filter("datum.state != ''")
        .mark_text(fontSize=9, align="left", baseline="middle")
        .encode(x=alt.X("nx:Q", **across), y=alt.Y("ny:Q", **along), text="state:N")
    )
    return boxes + marks + names


def _fill() -> Any:
    import altair as alt

    return alt.Color(
        "mark:N",
        scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
        legend=alt.Legend(
            title=None,
            columns=4,
            labelExpr=_legend(),
            symbolStrokeWidth=1,
            symbolStrokeColor="#7d776b",
            symbolType="square",
        ),
    )


def _legend() -> str:
    words = {mark: f"{mark} {name.replace('-', ' ')}" for name, mark in LETTERS.items()}
    words |= {UNCLEAR: f"{UNCLEAR} no position, or a tie", NOT_ASKED: "nothing reported"}
    pairs = ", ".join(f"'{mark}': '{text}'" for mark, text in words.items())
    return f"({{{pairs}}})[datum.label]"
