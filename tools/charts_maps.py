"""The equal-tile maps in Altair, and the holes in them; knows nobody's position."""

from __future__ import annotations

import re
from typing import Any

import altair as alt

from callbridge.web.drawing_maps import COLOURS, DARK, MEANT, ON_DARK, ON_LIGHT
from callbridge.web.drawing_rows import Rows
from callbridge.web.figure_words import NOT_ASKED


def tiles(data: Any, rows: Rows, *, height: int, size: int, inside: bool) -> Any:
    """Draw tiles that lie where these rows say; what they show comes with their own rows.

    `inside`: the states' names stand in a tile, and not above it.
    """
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
            x=alt.X("x:Q", **across), x2="x2:Q", y=alt.Y("y:Q", **along), y2="y2:Q",
            color=_fill(), description="words:N",
        )
    )  # fmt: skip
    ink = alt.condition(
        alt.FieldOneOfPredicate(field="mark", oneOf=list(DARK)),
        alt.value(ON_DARK),
        alt.value(ON_LIGHT),
    )
    marks = (
        alt.Chart(data)
        .mark_text(fontSize=size, fontWeight="bold", baseline="middle", aria=False)
        .encode(x=alt.X("mx:Q", **across), y=alt.Y("my:Q", **along), text="mark:N", color=ink)
    )
    names = (
        alt.Chart(data)
        .transform_filter("datum.state != ''")
        .mark_text(fontSize=9, align="left", baseline="middle", aria=False)
        .encode(
            x=alt.X("nx:Q", **across), y=alt.Y("ny:Q", **along), text="state:N",
            color=ink if inside else alt.value(ON_LIGHT),
        )
    )  # fmt: skip
    return boxes + marks + names


def rounded(svg: str) -> str:
    """Return a map with places to the hundredth of a pixel: a third less to send."""
    return re.sub(r"\d+\.\d{3,}(e-\d+)?", lambda found: f"{float(found[0]):.2f}", svg)


def open_tiles(vega: dict[str, Any]) -> dict[str, Any]:
    """Let a tile's colours come with its row; the legend goes on explaining them."""
    boxes, *texts = vega["marks"]
    boxes["encode"]["update"]["fill"] = {"field": "fill"}
    for one in texts:
        if isinstance(one["encode"]["update"]["fill"], list):  # where there is a choice of ink
            one["encode"]["update"]["fill"] = {"field": "ink"}
    return vega


def _fill() -> Any:
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
    words = {
        mark: words if mark == NOT_ASKED else f"{mark} {words}" for mark, words in MEANT.items()
    }
    pairs = ", ".join(f"'{mark}': '{text}'" for mark, text in words.items())
    return f"({{{pairs}}})[datum.label]"
