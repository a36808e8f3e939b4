"""The log of calls, its search by number, saved filters, and two revisions side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from callbridge.domain.asking import read_cursor
from callbridge.domain.comparing import SMALL
from callbridge.domain.selection import read_selection
from callbridge.errors import PhoneError
from callbridge.service import searching
from callbridge.service.comparing import compare_revisions
from callbridge.service.figures import figures
from callbridge.web.access import Access, access
from callbridge.web.figure_words import STEPS
from callbridge.web.wire import context

blueprint = Blueprint("log", __name__, url_prefix="/console/<slug>")


@blueprint.get("/log")
@access(Access.ANALYST)
def show(slug: str) -> str:
    """Show a page of the log under the filter of the address."""
    return _shown(slug)


@blueprint.post("/log")
@access(Access.ANALYST)
def search(slug: str) -> str | AnyResponse | tuple[str, int]:
    """Find a number's calls; posted, so that the number stands in no address and no log."""
    number = request.form.get("number", "").strip()
    if not number:
        return redirect(url_for("log.show", slug=slug), code=303)
    try:
        found = searching.search(context(), slug, number, who=current_user.email)
    except PhoneError as wrong:
        return _shown(slug, error=wrong.sentence), 422
    return _shown(slug, found=list(found))


def _shown(slug: str, *, found: list[object] | None = None, error: str = "") -> str:
    ctx, selection = context(), read_selection(request.args)
    page = searching.log_page(
        ctx, slug, selection, after=read_cursor(request.args.get("after", ""))
    )
    older = None
    if page.next is not None:
        older = f"{request.path}?{urlencode(selection.query() | {'after': page.next.text()})}"
    return render_template(
        "console/analysis/log.html",
        slug=slug,
        page=page,
        older=older,
        chosen=selection.query(),
        found=found,
        error=error,
        searches=searching.searches(ctx, slug),
    )


@blueprint.post("/filters")
@access(Access.ANALYST)
def keep(slug: str) -> AnyResponse:
    """Save a filter under a name, or forget the one of that name."""
    name, ctx = request.form.get("name", ""), context()
    if request.form.get("forget"):
        searching.forget_filter(ctx, slug, name)
    elif name:
        chosen = read_selection(request.form)
        searching.save_filter(ctx, slug, name, chosen, who=current_user.email)
        query = urlencode(chosen.query())
        return redirect(f"{url_for('figures.show', slug=slug)}?{query}", code=303)
    return redirect(url_for("figures.show", slug=slug), code=303)


@blueprint.get("/compare")
@access(Access.SIGNED_IN)
def compare(slug: str) -> str:
    """Show two revisions step by step, with test, interval and warning."""
    ctx, selection = context(), read_selection(request.args)
    shown = figures(ctx, slug, selection, only=frozenset())
    revisions = shown.choices.revisions
    first, second = (request.args.get(name, "") for name in ("first", "second"))
    known = first in revisions and second in revisions and first != second
    rows = compare_revisions(ctx, slug, first, second, selection) if known else ()
    return render_template(
        "console/analysis/compare.html",
        slug=slug,
        revisions=revisions,
        first=first,
        second=second,
        rows=rows,
        words=dict(STEPS),
        small=SMALL,
        chosen=selection.query(),
    )
