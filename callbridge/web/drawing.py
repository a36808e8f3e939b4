"""Draws figures as charts, as SVG and PNG, here; counts nothing and knows no chart's looks."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from threading import Lock
from typing import Any

from callbridge.domain.figures import NOTHING, Figures
from callbridge.web import drawing_maps, drawing_rows
from callbridge.web.drawing_rows import ROWS, Rows


@dataclass(frozen=True, slots=True)
class Drawing:
    """From which of the figures a chart is drawn, and as which rows.

    `texts` are the words of the rows that are put in afterwards, in the order of the chart's
    layers: the renderer measures each letter, which takes longer than all else, and where these
    stand and how large the picture is does not depend on it.
    """

    part: str
    rows: Callable[[Figures], Rows]
    texts: tuple[str, ...] = ()


DRAWINGS: Mapping[str, Drawing] = {
    "funnel": Drawing("funnel", drawing_rows.funnel),
    "days": Drawing("days", drawing_rows.days),
    "reach": Drawing("reach", drawing_rows.reach, ("label",)),
    "answers": Drawing("meanings", drawing_rows.answers, ("number", "answer", "panel")),
    "lengths": Drawing("lengths", drawing_rows.lengths),
    "senate": Drawing("said", drawing_maps.senate),
    "house": Drawing("said", drawing_maps.house),
}
# Drawings are small beside what drawing one costs; all charts of a few filters.
_DRAWN: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()
_MOST_DRAWN = 256
_LOCK = Lock()
_EMPTY = re.compile("(<text [^<>]*)/>")


def warm() -> None:
    """Draw every chart of nothing, once: so a serving process has its renderer, and nobody waits.

    Takes most of a second, in which the process does nothing else, and 80 MB.
    """
    for name in DRAWINGS:
        render(name, NOTHING, "svg")


def render(name: str, figures: Figures, kind: str) -> bytes:
    """Return a chart as an SVG or PNG file; the same figures are drawn once.

    A drawing is kept under the very numbers it shows, so it can never be out of date.
    """
    key = (name, kind, repr(getattr(figures, DRAWINGS[name].part)))
    with _LOCK:
        if key in _DRAWN:
            _DRAWN.move_to_end(key)
            return _DRAWN[key]
    drawn = _draw(name, figures) if kind == "svg" else _png(render(name, figures, "svg"))
    with _LOCK:
        _DRAWN[key] = drawn
        while len(_DRAWN) > _MOST_DRAWN:
            _DRAWN.popitem(last=False)
    return drawn


def _draw(name: str, figures: Figures) -> bytes:
    if name in drawing_maps.MAPS:
        return drawing_maps.fill(name, figures).encode()
    drawing = DRAWINGS[name]
    rows = drawing.rows(figures)
    svg = run(_compiled(name), rows)
    if drawing.texts:
        said = [row[key] for key in drawing.texts for row in rows if key in row]
        svg = _with_texts(svg, said)
    return svg.encode()


def _with_texts(svg: str, said: Sequence[str]) -> str:
    """Put words into the texts that were left empty."""
    before, *others = _EMPTY.split(svg)
    return before + "".join(
        (f"{tag}>{escape(text)}</text>" if text else f"{tag}/>") + rest
        for tag, text, rest in zip(others[::2], said, others[1::2], strict=True)
    )


def place(name: str) -> Path:
    """Return where a chart lies that was compiled to Vega, by `tools/charts.py`."""
    return Path(__file__).parent / "charts" / f"{name}.json"


@lru_cache(maxsize=len(DRAWINGS))
def _compiled(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(place(name).read_text(encoding="utf-8"))
    return found


def run(vega: Mapping[str, Any], rows: Rows) -> str:
    """Return a Vega document with these rows as SVG."""
    import vl_convert

    data = [{**one, "values": rows} if one["name"] == ROWS else one for one in vega["data"]]
    return str(vl_convert.vega_to_svg(json.dumps({**vega, "data": data}), allowed_base_urls=[]))


def _png(svg: bytes) -> bytes:
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg.decode(), scale=2))
