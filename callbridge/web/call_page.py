"""Renders a call's page and takes its answers; the words of each moment are in `scene`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbridge.domain.call import Door, Ending
from callbridge.domain.survey import Meaning
from callbridge.errors import RefusedError
from callbridge.service import answers, reading
from callbridge.service.after import showing as after
from callbridge.service.appointments import changing
from callbridge.service.context import Context
from callbridge.service.views import CallView, LegView, PublishedCampaign, TargetName
from callbridge.settings import Settings
from callbridge.web.campaign_page import dressed, nobody_yet, script_of
from callbridge.web.languages import current
from callbridge.web.scene import current_target, key, outcome_words, scene
from callbridge.web.sentences import meaning_words, sentence
from callbridge.web.survey_form import FormQuestion, form_of, prefix_of, replies
from callbridge.web.wire import context, number_of
from callbridge.web.words import gettext as _

FOLLOW_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeForm:
    """One office of the call, with its questions."""

    leg: int
    name: str
    city: str
    phone: str
    words: str
    survey: Sequence[FormQuestion]
    answered: bool
    prefix: str
    told: Sequence[str]
    kept: bool
    error: str | None


def call_page(
    call: str, *, embedded: bool, errors: Mapping[int, str] | None = None, status: int = 200
) -> Response:
    """Show where a call stands. Without JavaScript the page can look again by itself."""
    ctx = context()
    view = reading.call_view(ctx, call)
    published = reading.revision(ctx, view)
    answer = Response(
        render_template("call.html", **_values(ctx, view, published, embedded, errors or {})),
        status=status,
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    if _following() and view.ended is None:
        answer.headers["Refresh"] = str(FOLLOW_SECONDS)
    return answer


def answer_form(call: str, *, embedded: bool) -> AnyResponse:
    """Keep what was answered for one office, then show the page again."""
    ctx = context()
    view = reading.call_view(ctx, call)
    published = reading.revision(ctx, view)
    survey = published.campaign.wording(current()).survey
    leg = request.form.get("leg", type=int) or 0
    try:
        given = replies(survey, request.form.get)
        if not given:
            errors = {leg: _("Please choose one.")}
            return call_page(call, embedded=embedded, errors=errors, status=422)
        for question, meaning in given:
            answers.report(ctx, call, leg=leg, question=question, meaning=meaning)
    except ValueError:
        errors = {leg: _("Please choose one of the answers.")}
        return call_page(call, embedded=embedded, errors=errors, status=422)
    except RefusedError as refused:
        errors = {leg: sentence(refused)}
        return call_page(call, embedded=embedded, errors=errors, status=refused.status)
    return redirect(_address(call, embedded, kept=leg) + f"#leg-{leg}", code=303)


def values_for(
    settings: Settings, published: PublishedCampaign, target: TargetName | None
) -> dict[str, str]:
    """Return the placeholders' values for a member, or for nobody yet."""
    values = nobody_yet(settings, published.campaign)
    if target is None:
        return values
    return values | {
        "member": target.name,
        "title": target.title,
        "pronoun": target.pronoun,
        "state": target.state or values["state"],
    }


def _following() -> bool:
    return request.args.get("follow") == "yes"


def _address(call: str, embedded: bool, **more: Any) -> str:
    return url_for("embed.show" if embedded else "calls.show", call=call, **more)


def _values(
    ctx: Context,
    view: CallView,
    published: PublishedCampaign,
    embedded: bool,
    errors: Mapping[int, str],
) -> dict[str, Any]:
    number = number_of(ctx, published.campaign)
    shown = scene(view, now=ctx.clock.now(), from_number=number)
    target = current_target(view)
    about = values_for(ctx.settings, published, target)
    wording = published.campaign.wording(current())
    links = after.links(ctx, view)
    offices = offices_of(ctx, view, published, errors)
    place = "embed.campaign" if embedded else "pages.campaign"
    return dressed(ctx.settings, published) | {
        "layout": "embed_base.html" if embedded else "base.html",
        "scene": shown,
        "offices": offices,
        "now_key": shown.now_key,
        "script_key": key(target, shown.live),
        "tell_key": key(view.legs),
        "links": links,
        "links_key": key(links),
        "wording": wording,
        "script": script_of(wording, about),
        "here": _address(view.call, embedded),
        "here_following": _address(view.call, embedded, follow="yes"),
        "following": _following(),
        "campaign_address": url_for(place, slug=view.campaign),
        "ring_link": _ring_link(ctx, view),
        "next_address": _address(view.went_on, embedded) if view.went_on else None,
        "full_address": url_for("calls.show", call=view.call),
    }


def offices_of(
    ctx: Context,
    view: CallView,
    published: PublishedCampaign,
    errors: Mapping[int, str] | None = None,
) -> list[OfficeForm]:
    """Return the offices of a call with their questions, filled in with what is known."""
    return [_office(ctx, view, leg, published, errors or {}) for leg in view.legs]


def _ring_link(ctx: Context, view: CallView) -> str | None:
    """Return the address of the ring that this call agreed on, or that rang it."""
    if view.ended is None or (
        view.ending is not Ending.RING_BACK and view.door is not Door.APPOINTMENT
    ):
        return None
    token = changing.link_of_call(ctx, view.call)
    return url_for("slots.show", token=token) if token else None


def _office(
    ctx: Context,
    view: CallView,
    leg: LegView,
    published: PublishedCampaign,
    errors: Mapping[int, str],
) -> OfficeForm:
    known: dict[str, Meaning] = {
        answer.question: answer.meaning for answer in leg.answers if not answer.superseded
    }
    target = next((t for t in view.targets if t.target == leg.target), None)
    return OfficeForm(
        leg=leg.leg,
        name=leg.name,
        city=leg.city,
        phone=leg.phone,
        words=outcome_words(leg, live=view.ended is None),
        survey=form_of(
            published.campaign.wording(current()).survey,
            values=values_for(ctx.settings, published, target),
            answers=known,
        ),
        answered=bool(known),
        prefix=prefix_of(leg.leg),
        told=[meaning_words(meaning) for meaning in known.values()],
        kept=request.args.get("kept") == str(leg.leg),
        error=errors.get(leg.leg),
    )
