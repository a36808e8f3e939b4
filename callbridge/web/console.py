"""What organizers and analysts see in the first version: campaigns, answers, pause, export."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from callbridge.domain.records import Tally
from callbridge.domain.survey import Meaning
from callbridge.service import exporting, publishing, reading
from callbridge.service.context import Context
from callbridge.service.results import results
from callbridge.web.access import Access, access
from callbridge.web.dress import trusted
from callbridge.web.languages import current
from callbridge.web.sentences import meaning_words
from callbridge.web.wire import context

blueprint = Blueprint("console", __name__, url_prefix="/console")

PIECE = 64 * 1024


@blueprint.get("")
@access(Access.SIGNED_IN)
def home() -> str:
    """List the campaigns."""
    ctx = context()
    rows = [
        {
            "slug": published.slug,
            "title": published.campaign.wording(current()).title,
            "state": published.state.value,
            "published": published.published,
        }
        for published in reading.campaigns(ctx)
    ]
    return render_template("console/home.html", rows=rows)


@blueprint.get("/<slug>")
@access(Access.SIGNED_IN)
def campaign(slug: str) -> str:
    """Show one campaign: what was answered about whom, and its last calls."""
    ctx = context()
    found = results(ctx, slug)
    return render_template(
        "console/campaign.html",
        slug=slug,
        title=found.campaign.campaign.wording(current()).title,
        state=found.campaign.state.value,
        rows=_rows(tuple(found.tallies), current()),
        public_counter=found.campaign.campaign.public_counter,
        shifts=found.campaign.campaign.shift is not None,
        calls=found.last_calls,
    )


# The counts themselves are the key: thousands of rows are written once, while they stay the same.
@lru_cache(maxsize=16)
def _rows(tallies: tuple[Tally, ...], _language: str) -> Markup:
    words = {meaning: meaning_words(meaning) for meaning in Meaning}
    return trusted(render_template("console/tally_rows.html", tallies=tallies, words=words))


@blueprint.post("/<slug>/pause")
@access(Access.ORGANIZER)
def pause(slug: str) -> AnyResponse:
    """Pause a campaign: from now on no call starts, by any door."""
    publishing.pause(context(), slug)
    return redirect(url_for("console.campaign", slug=slug), code=303)


@blueprint.post("/<slug>/resume")
@access(Access.ORGANIZER)
def resume(slug: str) -> AnyResponse:
    """Let calls start again."""
    publishing.resume(context(), slug)
    return redirect(url_for("console.campaign", slug=slug), code=303)


@blueprint.get("/<slug>/answers.<any(csv, jsonl):kind>")
@access(Access.ANALYST)
def answers(slug: str, kind: str) -> Response:
    """Download every answer, history included, with pseudonyms for supporters."""
    ctx = context()
    found = reading.campaign(ctx, slug)  # refused before anything is sent
    content_type = "text/csv; charset=utf-8" if kind == "csv" else "application/x-ndjson"
    answer = Response(_exported(ctx, found.slug, kind), content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.slug}-answers.{kind}"'
    return answer


def _exported(ctx: Context, slug: str, kind: str) -> Iterator[bytes]:
    """Write an export aside and hand it out in pieces; nothing of it stays on the disk."""
    with tempfile.TemporaryDirectory(prefix="callbridge-export-") as folder:
        exporting.export(ctx, slug, format=kind, folder=Path(folder))
        with (Path(folder) / f"answers.{kind}").open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
