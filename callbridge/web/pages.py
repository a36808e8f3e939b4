"""The supporter's pages: the campaigns, one campaign in three steps, its script to print."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbridge.service import reading
from callbridge.service.appointments.reaching import all_closed
from callbridge.service.context import Context
from callbridge.service.phones import DEFAULT_ZONE
from callbridge.service.shifts import titles
from callbridge.service.views import CampaignState, PublishedCampaign
from callbridge.web.access import Access, access
from callbridge.web.asking import Asked, Filled, ask, filled
from callbridge.web.campaign_page import dressed
from callbridge.web.consent import consent_words, text_words
from callbridge.web.counter import line_of
from callbridge.web.languages import current
from callbridge.web.sentences import state_sentence
from callbridge.web.slot_words import day_options, repeat_options, time_options
from callbridge.web.wire import context, number_of

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@access(Access.PUBLIC)
def home() -> str:
    """Show the campaigns."""
    cards = []
    for published in reading.campaigns(context()):
        wording = published.campaign.wording(current())
        cards.append(
            {
                "slug": published.slug,
                "title": wording.title,
                "summary": wording.summary,
                "language": wording.language,
                "state": published.state.value,
            }
        )
    return render_template("home.html", cards=cards)


@blueprint.get("/c/<slug>")
@access(Access.PUBLIC)
def campaign(slug: str) -> str:
    """Show a campaign's page."""
    ctx = context()
    published = reading.campaign(ctx, slug)
    return form_page("campaign.html", ctx, published, Asked(form=Filled()), "pages.campaign")


@blueprint.post("/c/<slug>")
@access(Access.PUBLIC)
def ring(slug: str) -> AnyResponse:
    """Place the call that the form asks for, or show the form again with what is wrong."""
    ctx = context()
    published = reading.campaign(ctx, slug)
    asked = ask(ctx, published, filled(later=True))
    if asked.appointment is not None:
        there = url_for("slots.show", token=asked.appointment, done="planned")
        return redirect(there, code=303)
    if asked.call is not None:
        return redirect(url_for("calls.show", call=asked.call.call), code=303)
    text = form_page("campaign.html", ctx, published, asked, "pages.campaign")
    return Response(text, status=asked.status)


@blueprint.get("/c/<slug>/script")
@access(Access.PUBLIC)
def script(slug: str) -> str:
    """Show the script alone, to print."""
    ctx = context()
    return render_template("script.html", **dressed(ctx.settings, reading.campaign(ctx, slug)))


def form_page(
    template: str, ctx: Context, published: PublishedCampaign, asked: Asked, endpoint: str
) -> str:
    """Render a page that has the form on it."""
    values: dict[str, Any] = dressed(ctx.settings, published)
    if endpoint == "pages.campaign":
        # In a frame the page that moves and stops a ring could not be shown.
        today = ctx.clock.now().astimezone(ZoneInfo(DEFAULT_ZONE)).date()
        values |= {
            "days": day_options(today, opening=True),
            "times": time_options(),
            "repeats": repeat_options(),
            "shut": all_closed(ctx, published.campaign),
            "shift": titles(ctx, published.campaign, current()),
        }
    shut = None if published.state is CampaignState.LIVE else state_sentence(published.state.value)
    return render_template(
        template,
        form=asked.form,
        choice=asked.choice,
        text_consent=text_words(ctx.settings, published.campaign, current()),
        consent=consent_words(ctx.settings, published.campaign, current()),
        closed=shut,
        from_number=number_of(ctx, published.campaign),
        action=url_for(endpoint, slug=published.slug),
        counter=line_of(ctx, published),
        **values,
    )
