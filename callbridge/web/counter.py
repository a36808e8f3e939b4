"""The public counter as words and as a picture for other sites; counts nothing itself."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, current_app, render_template

from callbridge.errors import NotFoundError
from callbridge.service import reading
from callbridge.service.context import Context
from callbridge.service.counter import KEPT, LEAST, Counter, Counters
from callbridge.service.views import PublishedCampaign
from callbridge.web.access import Access, access
from callbridge.web.wire import context
from callbridge.web.words import gettext as _
from callbridge.web.words import ngettext

blueprint = Blueprint("counter", __name__)


@blueprint.get("/c/<slug>/counter.svg")
@access(Access.PUBLIC)
def badge(slug: str) -> Response:
    """Show the counter as a picture."""
    ctx = context()
    published = reading.campaign(ctx, slug)
    counter = counter_of(ctx, published)
    words = words_of(counter) or _("The count begins at %(least)s calls", least=LEAST)
    answer = Response(
        render_template("counter.svg", words=words, width=28 + 8 * len(words)),
        content_type="image/svg+xml; charset=utf-8",
    )
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return kept(answer, ctx, counter)


def counter_of(ctx: Context, published: PublishedCampaign) -> Counter:
    """Return a campaign's counter. Raises NotFoundError where its organizer shows none."""
    counters = current_app.extensions.setdefault("callbridge.counters", Counters())
    return cast(Counters, counters).get(ctx, published.slug, published.campaign)


def line_of(ctx: Context, published: PublishedCampaign) -> str:
    """Return the counter as a line of the campaign's page, "" where there is none."""
    try:
        return words_of(counter_of(ctx, published))
    except NotFoundError:
        return ""


def words_of(counter: Counter) -> str:
    """Return the counter in words, "" while the numbers are too small to show."""
    if counter.calls is None or counter.members is None:
        return ""
    calls = ngettext("%(num)s call", "%(num)s calls", counter.calls)
    members = ngettext("%(num)s member reached", "%(num)s members reached", counter.members)
    return f"{calls}, {members}"


def age_of(ctx: Context, counter: Counter) -> int:
    """Return the seconds since it was counted."""
    return max(0, int((ctx.clock.now() - counter.counted).total_seconds()))


def kept(answer: Response, ctx: Context, counter: Counter) -> Response:
    """Let browsers and proxies keep an answer as long as it is kept here, and say its age."""
    answer.headers["Cache-Control"] = f"public, max-age={int(KEPT.total_seconds())}"
    answer.headers["Age"] = str(age_of(ctx, counter))
    return answer
