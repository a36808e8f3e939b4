"""The charts in Altair, and their compiling: what the running service draws with; counts nothing.

`make format` writes callbridge/web/charts: a Vega document for each chart, to which the service
puts the rows, and each map as an SVG with holes for what is said about a tile. So a running service
needs neither Altair nor the compiler.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from callbridge.domain.figures import BIN_SECONDS, NOTHING
from callbridge.web import drawing, drawing_maps
from callbridge.web.drawing_rows import ROWS, Rows
from callbridge.web.figure_words import WEEKDAYS
from tools.charts_maps import open_tiles, rounded, tiles

INK, SOFT, STRONG = "#1d1b18", "#8d8a80", "#0b6b4b"
LABELS, NUMBERS = 90, 70  # beside the bars of answers: the longest word, ten million
WIDTH = 640
WIDTHS = {"house": 900, "answers": WIDTH - LABELS}
# The renderer brings the first of them along, and it is as wide as the next two: so a picture is
# the same whatever the server has installed, and its words fit where a reader has only those.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


def _drawn_from() -> Any:
    build: Any = alt.NamedData
    return build(name=ROWS)


def funnel() -> Any:
    """Bars from asked to position, each with its number."""
    base = alt.Chart(_drawn_from()).encode(
        y=alt.Y("step:N", sort=alt.SortField("place"), title=None),
        x=alt.X("calls:Q", title="calls", axis=_counts(), scale=alt.Scale(nice=True, domainMin=0)),
    )
    return base.mark_bar(color=STRONG) + _number(base)


def days() -> Any:
    """Lines by day: asked for solid with circles, answered dashed with squares."""
    kinds = ["asked for", "answered"]
    return (
        alt.Chart(_drawn_from())
        .mark_line(point={"filled": True, "size": 40}, strokeJoin="round")
        .encode(
            x=alt.X("day:T", title="day (UTC)", axis=alt.Axis(format="%-d %b", tickCount=8)),
            y=alt.Y("calls:Q", title="calls", axis=_counts(), scale=_from_zero()),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=kinds, range=[INK, STRONG]), title=None
            ),
            strokeDash=alt.StrokeDash(
                "kind:N", scale=alt.Scale(domain=kinds, range=[[1, 0], [5, 3]]), title=None
            ),
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=kinds, range=["circle", "square"]), title=None
            ),
        )
    )


def reach() -> Any:
    """A week of hours: the share connected as number and shade."""
    base = alt.Chart(_drawn_from()).encode(
        x=alt.X("hour:O", title="hour, the office's own time", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("weekday:O", sort=list(WEEKDAYS), title=None),
    )
    shade = alt.Color(
        "share:Q",
        scale=alt.Scale(domain=[0, 1], range=["#ffffff", STRONG]),
        legend=alt.Legend(title="share connected", format="%", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    dark = alt.condition("datum.share > 0.55", alt.value("#ffffff"), alt.value(INK))
    tiles = base.mark_rect(stroke=SOFT, strokeWidth=0.5).encode(color=shade)
    return tiles + base.mark_text(fontSize=10, aria=False).encode(text="label:N", color=dark)


def answers() -> Any:
    """Bars of standing answers, under the name of each revision and language.

    One view and not a panel for each, and room that does not depend on the words: so thirty
    revisions are a long picture, but no slow one.
    """
    base = alt.Chart(_drawn_from()).encode(y=alt.Y("place:O", axis=None))
    long = base.transform_filter("isValid(datum.answers)").encode(
        x=alt.X("answers:Q", title="standing answers", axis=_counts(), scale=_from_zero())
    )
    names = base.transform_filter("isValid(datum.answer)").mark_text(
        align="right", fontSize=11, aria=False
    )
    panels = base.transform_filter("isValid(datum.panel)").mark_text(
        align="left", fontSize=11, fontWeight="bold", aria=False
    )
    return alt.layer(
        long.mark_bar(color=STRONG).encode(description="words:N"),
        _number(long),
        names.encode(x=alt.value(-6), text="answer:N"),
        panels.encode(x=alt.value(-LABELS), text="panel:N"),
    ).properties(
        autosize=alt.AutoSizeParams(type="none"),
        padding={"left": LABELS + 5, "right": NUMBERS, "top": 5, "bottom": 40},
    )


def lengths() -> Any:
    """Bars of connected legs by length."""
    return (
        alt.Chart(_drawn_from())
        .mark_bar(color=STRONG)
        .encode(
            x=alt.X(
                "length:N",
                sort=alt.SortField("place"),
                title="minutes on the line",
                axis=alt.Axis(labelAngle=-45),
            ),
            y=alt.Y("legs:Q", title=f"legs, in steps of {BIN_SECONDS} seconds", axis=_counts()),
        )
    )


def senate() -> Any:
    """Every state's tile, a half for each of its senators that were reported about."""
    return tiles(_drawn_from(), drawing_maps.senate(NOTHING), height=430, size=11, inside=True)


def house() -> Any:
    """Every district's tile, the districts of a state together where the state is."""
    return tiles(_drawn_from(), drawing_maps.house(NOTHING), height=600, size=9, inside=False)


def _counts() -> Any:
    # Each label costs its measuring, also one that is hidden because it would lie on another.
    return alt.Axis(tickCount=8, tickMinStep=1)


def _from_zero() -> Any:
    return alt.Scale(domainMin=0)


def _number(base: Any) -> Any:
    """Write each bar's number behind it; to a reader of words the bar says it."""
    return base.mark_text(align="left", dx=4, aria=False).encode(text="number:N")


CHARTS: Mapping[str, Callable[[], Any]] = {
    "funnel": funnel,
    "days": days,
    "reach": reach,
    "answers": answers,
    "lengths": lengths,
    "senate": senate,
    "house": house,
}


def specified(name: str, rows: Rows) -> dict[str, Any]:
    """Return a chart as Vega-Lite, laid out and checked against the schema."""
    chart = CHARTS[name]().properties(width=WIDTHS.get(name, WIDTH))
    # No limit to a label: they are short, and to keep to one each is measured twice more.
    styled = (
        chart.configure(font=FONT, background="#ffffff")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=11, titleFontSize=11, gridColor="#eceae3", labelLimit=0)
        .configure_legend(labelFontSize=11, titleFontSize=11, orient="top", labelLimit=0)
    )
    return {**styled.to_dict(), "datasets": {ROWS: rows}}


def compiled(name: str) -> dict[str, Any]:
    """Return a chart as Vega, without its rows and without the words that are put in afterwards."""
    vega: dict[str, Any] = vl_convert.vegalite_to_vega(specified(name, []))
    for mark in vega["marks"]:
        if mark["type"] == "text" and drawing.DRAWINGS[name].texts:
            mark["encode"]["update"]["text"] = {"value": ""}
    return vega


def written() -> Iterator[tuple[Path, str]]:
    """Yield each file and what it is to say."""
    for name in CHARTS:
        if name in drawing_maps.MAPS:
            rows = drawing_maps.with_holes(drawing_maps.MAPS[name](NOTHING))
            drawn = drawing.run(open_tiles(compiled(name)), rows)
            yield drawing_maps.place(name), rounded(drawn)
        else:
            yield drawing.place(name), json.dumps(compiled(name), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    for path, text in written():
        path.write_text(text, encoding="utf-8")
