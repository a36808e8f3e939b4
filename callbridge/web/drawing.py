"""Draws figures as Vega-Lite charts and renders them to SVG and PNG here; counts nothing."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from callbridge.domain.figures import BIN_SECONDS, LAST_BIN, Figures
from callbridge.web.drawing_maps import (
    ROWS,
    Rows,
    drawn_from,
    house,
    house_rows,
    senate,
    senate_rows,
)
from callbridge.web.figure_words import STEPS, WEEKDAYS, meaning_name, span

INK, SOFT, STRONG, WARM = "#1d1b18", "#8d8a80", "#0b6b4b", "#b35c00"
WIDTH, WIDEST = 640, 900


def funnel_rows(figures: Figures) -> Rows:
    """Return a row for each step."""
    return [
        {"step": words, "calls": getattr(figures.funnel, name), "place": place}
        for place, (name, words) in enumerate(STEPS)
    ]


def funnel() -> Any:
    """Bars from asked to position, each with its number."""
    import altair as alt

    base = alt.Chart(drawn_from()).encode(
        y=alt.Y("step:N", sort=alt.SortField("place"), title=None),
        x=alt.X("calls:Q", title="calls", scale=alt.Scale(nice=True, domainMin=0)),
    )
    return base.mark_bar(color=STRONG) + base.mark_text(align="left", dx=4).encode(text="calls:Q")


def days_rows(figures: Figures) -> Rows:
    """Return two rows for each day."""
    return [
        {"day": one.day.isoformat(), "calls": count, "kind": kind}
        for one in figures.days
        for kind, count in (("asked for", one.created), ("answered", one.answered))
    ]


def days() -> Any:
    """Lines by day: asked for solid with circles, answered dashed with squares."""
    import altair as alt

    kinds = ["asked for", "answered"]
    return (
        alt.Chart(drawn_from())
        .mark_line(point={"filled": True, "size": 40})
        .encode(
            x=alt.X("day:T", title="day (UTC)", axis=alt.Axis(format="%-d %b", tickCount=8)),
            y=alt.Y("calls:Q", title="calls", scale=alt.Scale(domainMin=0)),
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


def reach_rows(figures: Figures) -> Rows:
    """Return a row for each hour of the week that was dialled in."""
    return [
        {
            "weekday": WEEKDAYS[one.weekday],
            "hour": f"{one.hour:02d}",
            "share": one.connected / one.dialled,
            "label": f"{round(100 * one.connected / one.dialled)}",
        }
        for one in figures.reach
    ]


def reach() -> Any:
    """A week of hours: the share connected as number and shade, few dials in grey."""
    import altair as alt

    base = alt.Chart(drawn_from()).encode(
        x=alt.X("hour:O", title="hour, the office's own time", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("weekday:O", sort=list(WEEKDAYS), title=None),
    )
    shade = alt.Color(
        "share:Q",
        scale=alt.Scale(domain=[0, 1], range=["#ffffff", STRONG]),
        legend=alt.Legend(title="share connected", format="%"),
    )
    dark = alt.condition("datum.share > 0.55", alt.value("#ffffff"), alt.value(INK))
    tiles = base.mark_rect(stroke=SOFT, strokeWidth=0.5).encode(color=shade)
    return tiles + base.mark_text(fontSize=10).encode(text="label:N", color=dark)


def meanings_rows(figures: Figures) -> Rows:
    """Return a row for each answer of a revision and language."""
    return [
        {
            "panel": f"{one.revision[:8]} ({one.language})",
            "answer": meaning_name(one.meaning),
            "answers": one.count,
        }
        for one in figures.meanings
    ]


def meanings() -> Any:
    """Bars of standing answers, a panel for each revision and language."""
    import altair as alt

    base = alt.Chart(drawn_from(), width=WIDTH - 120).encode(
        y=alt.Y("answer:N", title=None),
        x=alt.X("answers:Q", title="standing answers", scale=alt.Scale(domainMin=0)),
    )
    bars = base.mark_bar(color=STRONG) + base.mark_text(align="left", dx=4).encode(text="answers:Q")
    return bars.facet(row=alt.Row("panel:N", title="revision (language)")).resolve_scale(
        y="independent"
    )


def lengths_rows(figures: Figures) -> Rows:
    """Return a row for each step of length."""
    counted = {one.bin: one.count for one in figures.lengths}
    return [
        {"place": place, "length": span(place), "legs": counted.get(place, 0)}
        for place in range(LAST_BIN + 1)
    ]


def lengths() -> Any:
    """Bars of connected legs by length."""
    import altair as alt

    return (
        alt.Chart(drawn_from())
        .mark_bar(color=STRONG)
        .encode(
            x=alt.X(
                "length:N",
                sort=alt.SortField("place"),
                title="minutes on the line",
                axis=alt.Axis(labelAngle=-45),
            ),
            y=alt.Y("legs:Q", title=f"legs, in steps of {BIN_SECONDS} seconds"),
        )
    )


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a chart is drawn: from which of the figures, as which rows, and the chart itself."""

    part: str
    rows: Callable[[Figures], Rows]
    chart: Callable[[], Any]


DRAWINGS: Mapping[str, Drawing] = {
    "funnel": Drawing("funnel", funnel_rows, funnel),
    "days": Drawing("days", days_rows, days),
    "reach": Drawing("reach", reach_rows, reach),
    "answers": Drawing("meanings", meanings_rows, meanings),
    "lengths": Drawing("lengths", lengths_rows, lengths),
    "senate": Drawing("said", senate_rows, senate),
    "house": Drawing("said", house_rows, house),
}
# Drawings are small beside what drawing one costs; all charts of a few filters.
_DRAWN: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()
_MOST_DRAWN = 256
_LOCK = Lock()


def render(name: str, figures: Figures, kind: str) -> bytes:
    """Return a chart as an SVG or PNG file; the same figures are drawn once.

    A drawing is kept under the very numbers it shows, so it can never be out of date.
    """
    key = (name, kind, repr(getattr(figures, DRAWINGS[name].part)))
    with _LOCK:
        if key in _DRAWN:
            _DRAWN.move_to_end(key)
            return _DRAWN[key]
    drawn = _draw(name, figures, kind)
    with _LOCK:
        _DRAWN[key] = drawn
        while len(_DRAWN) > _MOST_DRAWN:
            _DRAWN.popitem(last=False)
    return drawn


def _draw(name: str, figures: Figures, kind: str) -> bytes:
    rows = {ROWS: DRAWINGS[name].rows(figures)}
    return _rendered(json.dumps({**_specified(name), "datasets": rows}, sort_keys=True), kind)


@lru_cache(maxsize=len(DRAWINGS))
def _specified(name: str) -> Mapping[str, Any]:
    """Return a chart without its rows: laid out, and checked against the schema, once."""
    # Altair and the renderer cost half a second and 100 MB: only where a chart is asked for.
    import altair as alt

    chart = DRAWINGS[name].chart()
    if not isinstance(chart, alt.FacetChart):
        chart = chart.properties(width=WIDEST if name == "house" else WIDTH)
    styled = (
        chart.configure(font="DejaVu Sans, Helvetica, Arial, sans-serif", background="#ffffff")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=11, titleFontSize=11, gridColor="#eceae3", labelLimit=260)
        .configure_legend(labelFontSize=11, titleFontSize=11, orient="top")
    )
    found: Mapping[str, Any] = styled.to_dict()
    return found


def _rendered(spec: str, kind: str) -> bytes:
    import vl_convert

    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])).encode()
