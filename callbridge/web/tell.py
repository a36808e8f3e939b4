"""Step 3 for people who dialled by themselves: the numbers, and what the office said."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbridge.domain.call import Target
from callbridge.errors import RefusedError
from callbridge.service import answers, reading
from callbridge.service.context import Context
from callbridge.service.views import PublishedCampaign
from callbridge.web.access import Access, access
from callbridge.web.asking import district_words, status_of
from callbridge.web.campaign_page import asks_zip, dressed, nobody_yet
from callbridge.web.languages import current
from callbridge.web.limits import limit_lookup
from callbridge.web.sentences import sentence
from callbridge.web.survey_form import form_of, replies
from callbridge.web.wire import context, network, referral
from callbridge.web.words import gettext as _

blueprint = Blueprint("tell", __name__, url_prefix="/c/<slug>/tell")


@blueprint.get("")
@access(Access.PUBLIC)
@limit_lookup
def show(slug: str) -> Response:
    """Show whom to call and the questions, once a ZIP is given."""
    ctx = context()
    published = reading.campaign(ctx, slug)
    return _page(ctx, published, request.args.get("zip", "").strip()[:20])


@blueprint.post("")
@access(Access.PUBLIC)
@limit_lookup
def report(slug: str) -> AnyResponse:
    """Keep what somebody who dialled by themselves says."""
    ctx = context()
    published = reading.campaign(ctx, slug)
    zip_text = request.form.get("zip", "").strip()[:20]
    target = request.form.get("target", "")[:80]
    try:
        given = replies(published.campaign.wording(current()).survey, request.form.get)
        if not given:
            return _page(ctx, published, zip_text, wrong=(target, _("Please choose one.")))
        answers.self_report(
            ctx,
            slug,
            zip=zip_text or None,
            target=target,
            answers=dict(given),
            referral=referral() or None,
            network=network(),
        )
    except ValueError:
        return _page(
            ctx, published, zip_text, wrong=(target, _("Please choose one of the answers."))
        )
    except RefusedError as refused:
        return _page(ctx, published, zip_text, wrong=(target, sentence(refused)))
    return redirect(url_for("tell.show", slug=slug, zip=zip_text or None, kept="yes"), code=303)


def _page(
    ctx: Context,
    published: PublishedCampaign,
    zip_text: str,
    *,
    wrong: tuple[str, str] | None = None,
) -> Response:
    targets: list[dict[str, Any]] = []
    zip_error, split, status = None, False, 200 if wrong is None else 422
    needs_zip = asks_zip(published.campaign)
    if zip_text or not needs_zip:
        try:
            found = reading.targets_for(ctx, published.slug, zip_text or None)
            split = found.needs_district
            targets = [_target(ctx, published, target, wrong) for target in found.targets]
        except RefusedError as refused:
            zip_error, status = sentence(refused), status_of(refused)
    elif "zip" in request.args:
        zip_error, status = _("Write your ZIP, so that we know whom you can call."), 422
    text = render_template(
        "tell.html",
        zip=zip_text,
        zip_error=zip_error,
        targets=targets,
        split=split,
        kept=request.args.get("kept") == "yes",
        **dressed(ctx.settings, published),
    )
    return Response(text, status=status)


def _target(
    ctx: Context, published: PublishedCampaign, target: Target, wrong: tuple[str, str] | None
) -> dict[str, Any]:
    values = nobody_yet(ctx.settings, published.campaign) | {
        "member": target.name,
        "title": target.title,
        "pronoun": target.pronoun,
        "state": target.state,
    }
    mistaken = wrong is not None and wrong[0] == target.id
    return {
        "id": target.id,
        "name": f"{target.title} {target.name}".strip(),
        "words": district_words(target.district) if target.district else target.note,
        "offices": target.offices,
        "survey": form_of(published.campaign.wording(current()).survey, values=values, answers={}),
        "error": wrong[1] if wrong and mistaken else None,
        "open": mistaken,
    }
