"""Office health and the three signals for analysts: suspected numbers, legs that contradict."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from callbridge.domain.signals import Disagreement
from callbridge.errors import NotFoundError
from callbridge.service import health, reading
from callbridge.web.access import Access, access
from callbridge.web.board_words import (
    disagreement_words,
    length_words,
    outcome_words,
    trouble_words,
)
from callbridge.web.languages import current
from callbridge.web.sentences import sentence
from callbridge.web.wire import context

blueprint = Blueprint("signals", __name__, url_prefix="/console")


@blueprint.get("/<slug>/offices")
@access(Access.SIGNED_IN)
def offices(slug: str) -> str:
    """Show the numbers that are dead, full or never answered."""
    return _offices(slug)


@blueprint.post("/<slug>/offices")
@access(Access.ANALYST)
def decide(slug: str) -> AnyResponse | str:
    """Confirm that a number is dead, so that it rests for every campaign, or lift that."""
    phone = request.form.get("phone", "")
    try:
        if request.form.get("do") == "lift":
            health.lift(context(), phone)
        else:
            health.confirm_dead(context(), phone, who=str(current_user.email))
    except NotFoundError as missing:
        return _offices(slug, error=sentence(missing))
    return redirect(url_for("signals.offices", slug=slug), code=303)


def _offices(slug: str, *, error: str | None = None) -> str:
    ctx = context()
    published = reading.campaign(ctx, slug)
    return render_template(
        "console/offices.html",
        slug=slug,
        title=published.campaign.wording(current()).title,
        suspects=health.suspects(ctx),
        days=health.DAYS,
        trouble_words=trouble_words,
        error=error,
    )


@blueprint.get("/<slug>/signals")
@access(Access.SIGNED_IN)
def show(slug: str) -> str:
    """Show where the carrier, the seconds and the keypad disagree."""
    asked = request.args.get("kind", "")
    kind = Disagreement(asked) if asked in set(Disagreement) else None
    found = health.signal_board(context(), slug, kind=kind)
    return render_template(
        "console/signals.html",
        slug=slug,
        title=found.campaign.campaign.wording(current()).title,
        found=found,
        most=health.MOST_LINES,
        disagreement_words=disagreement_words,
        outcome_words=outcome_words,
        length_words=length_words,
    )
