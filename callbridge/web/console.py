"""What organizers and analysts see in the first version: campaigns, answers, pause, export."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbridge.service import exporting, publishing, reading
from callbridge.service.results import results
from callbridge.web.access import Access, access
from callbridge.web.languages import current
from callbridge.web.wire import context

blueprint = Blueprint("console", __name__, url_prefix="/console")


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
        tallies=found.tallies,
        calls=found.last_calls,
    )


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
    with tempfile.TemporaryDirectory(prefix="callbridge-export-") as folder:
        exporting.export(context(), slug, format=kind, folder=Path(folder))
        # The open file outlives its folder: nothing of an export stays on the disk.
        file = (Path(folder) / f"answers.{kind}").open("rb")
    content_type = "text/csv" if kind == "csv" else "application/x-ndjson"
    return send_file(
        file, mimetype=content_type, as_attachment=True, download_name=f"{slug}-answers.{kind}"
    )
