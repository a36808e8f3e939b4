"""The analyst's pictures of a campaign under a filter, and taking its data away."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from callbridge.domain.call import Door
from callbridge.domain.congress import Chamber
from callbridge.domain.selection import NAMES, SOURCES, Selection, read_selection
from callbridge.service import exporting, reading, searching, streaming
from callbridge.service.codebook import CAVEAT
from callbridge.service.context import Context
from callbridge.service.figures import figures
from callbridge.web import drawing
from callbridge.web.access import Access, access
from callbridge.web.addresses import Addresses
from callbridge.web.dress import trusted
from callbridge.web.figure_words import PICTURES, Picture, hardest
from callbridge.web.languages import current
from callbridge.web.wire import context

blueprint = Blueprint("figures", __name__, url_prefix="/console/<slug>")

PIECE = 64 * 1024
TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@blueprint.get("/figures")
@access(Access.SIGNED_IN)
def show(slug: str) -> str | AnyResponse:
    """Show every picture of a campaign under the filter of the address."""
    selection = read_selection(request.args)
    asked = {name: request.args[name] for name in NAMES if name in request.args}
    if asked != selection.query():  # empty fields of the form: one address a filter
        return redirect(f"{request.path}?{urlencode(selection.query())}", code=303)
    found = figures(context(), slug, selection)
    return render_template(
        "console/analysis/figures.html",
        slug=slug,
        title=found.campaign.campaign.wording(current()).title,
        table=_table,
        pictures=[make(found.figures) for make in PICTURES.values()],
        selection=selection,
        chosen=selection.query(),
        choices=found.choices,
        chambers=list(Chamber),
        channels=list(Door),
        sources=SOURCES,
        caveat=CAVEAT,
        formats=exporting.FORMATS,
        hardest=hardest(found.figures),
        saved=searching.saved_filters(context(), slug),
    )


# The numbers themselves are the key: a table is written once, while they stay the same.
@lru_cache(maxsize=64)
def _table(picture: Picture, office_of: Addresses) -> Markup:
    """Return a picture's table; `office_of` are the addresses of an office's own figures."""
    made = render_template("console/analysis/table.html", picture=picture, office_of=office_of)
    return trusted(made)


@blueprint.get("/figures/<chart>.<any(svg, png):picture>")
@access(Access.SIGNED_IN)
def draw(slug: str, chart: str, picture: str) -> Response:
    """Return one picture as a file."""
    if chart not in drawing.DRAWINGS:
        abort(404)
    only = frozenset({drawing.DRAWINGS[chart].part})
    found = figures(context(), slug, read_selection(request.args), only=only)
    body = drawing.render(chart, found.figures, picture)
    answer = Response(body, content_type=TYPES[picture])
    answer.headers["Content-Disposition"] = f'inline; filename="{slug}-{chart}.{picture}"'
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer


@blueprint.get("/export/<any(csv, jsonl, parquet, sqlite):format>")
@access(Access.ANALYST)
def take(slug: str, format: str) -> Response:
    """Download every table with the codebook as one ZIP file, under the filter of the address."""
    ctx, selection = context(), read_selection(request.args)
    found = reading.campaign(ctx, slug)  # refused before anything is sent
    if format in streaming.STREAMED:
        pieces = streaming.streamed(ctx, found.slug, format=format, selection=selection)
    else:
        pieces = _zipped(ctx, found.slug, format, selection)
    answer = Response(pieces, content_type="application/zip")
    name = f"{found.slug}-{format}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _zipped(ctx: Context, slug: str, format: str, selection: Selection) -> Iterator[bytes]:
    """Write an export aside and hand it out in pieces; nothing of it stays on the disk."""
    with tempfile.TemporaryDirectory(prefix="callbridge-export-") as place:
        folder, packed = Path(place) / "files", Path(place) / "packed.zip"
        done = exporting.export(ctx, slug, format=format, folder=folder, selection=selection)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            for path in done.files:
                file.write(path, f"{slug}/{path.name}")
        with packed.open("rb") as ready:
            while piece := ready.read(PIECE):
                yield piece
