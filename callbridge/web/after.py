"""The survey by its one-use link, for who hung up: a look uses nothing up, answers do."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbridge.errors import RefusedError, UsedUpError
from callbridge.service.after import survey
from callbridge.web.access import Access, access
from callbridge.web.call_page import offices_of
from callbridge.web.campaign_page import dressed
from callbridge.web.languages import current
from callbridge.web.limits import limit_links
from callbridge.web.sentences import sentence
from callbridge.web.survey_form import nothing_new, replies_of_legs
from callbridge.web.wire import context
from callbridge.web.words import gettext as _

blueprint = Blueprint("after", __name__, url_prefix="/answer")


@blueprint.get("/<token>")
@access(Access.PUBLIC)
@limit_links
def show(token: str) -> Response:
    """Show the questions. Mail and chat programs look ahead: nothing is used up by looking."""
    return _page(token)


@blueprint.post("/<token>")
@access(Access.PUBLIC)
@limit_links
def answer(token: str) -> AnyResponse:
    """Keep the answers and use the link up."""
    ctx = context()
    found = survey.look(ctx, token)
    if found.used:
        return _page(token, status=409)
    asked = found.published.campaign.wording(current()).survey
    try:
        given = replies_of_legs(asked, found.view.legs, request.form)
        if not given:
            return _page(token, error=nothing_new(request.form))
        survey.answer(ctx, token, given)
    except ValueError:
        return _page(token, error=_("Please choose one of the answers."))
    except UsedUpError:
        return _page(token, status=409)
    except RefusedError as refused:
        return _page(token, error=sentence(refused))
    return redirect(url_for("after.show", token=token, kept="yes"), code=303)


def _page(token: str, *, error: str | None = None, status: int | None = None) -> Response:
    ctx = context()
    found = survey.look(ctx, token)
    published = found.published
    text = render_template(
        "after.html",
        offices=offices_of(ctx, found.view, published),
        used=found.used,
        kept=request.args.get("kept") == "yes",
        page=found.page,
        began=found.view.created,
        action=url_for("after.answer", token=token),
        error=error,
        **dressed(ctx.settings, published),
    )
    return Response(text, status=status or (422 if error else 200))
