"""A campaign's one-page report, as a page and as a PDF; counts and prints nothing itself."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from callbridge.service import reporting
from callbridge.web.access import Access, access
from callbridge.web.wire import context

blueprint = Blueprint("reports", __name__, url_prefix="/console")


@blueprint.get("/report.css")
@access(Access.SIGNED_IN)
def stylesheet() -> Response:
    """Return what reports look like."""
    answer = Response(reporting.printer(context()).stylesheet(), content_type="text/css")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@blueprint.get("/<slug>/report")
@access(Access.SIGNED_IN)
def show(slug: str) -> str:
    """Show the report as a page to read, print or save."""
    found = reporting.report(context(), slug)
    return reporting.printer(context()).html(
        found,
        sheet=url_for("reports.stylesheet"),
        pictures={
            name: url_for("figures.draw", slug=slug, chart=name, picture="svg")
            for name in ("senate", "house")
        },
        links={
            "Back to the campaign": url_for("console.campaign", slug=slug),
            "Download as PDF": url_for("reports.pdf", slug=slug),
        },
    )


@blueprint.get("/<slug>/report.pdf")
@access(Access.SIGNED_IN)
def pdf(slug: str) -> Response:
    """Return the report as a PDF of one page."""
    found = reporting.report(context(), slug)
    answer = Response(reporting.printer(context()).pdf(found), content_type="application/pdf")
    name = f"{found.slug}-{found.at:%Y-%m-%d}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
