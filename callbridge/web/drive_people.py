"""The pages that take a list of people: a new drive and more people, each looked at before kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from callbridge.errors import NotFoundError, RefusedError
from callbridge.service import reading
from callbridge.service.drives import people, running, telling
from callbridge.service.drives.sheet import COLUMNS
from callbridge.service.drives.views import DriveView, Imported
from callbridge.service.views import CampaignState
from callbridge.web import drive_words
from callbridge.web.access import Access, access
from callbridge.web.drive_form import DAYS, DriveForm, empty, people_sent, request_of, sent
from callbridge.web.languages import current
from callbridge.web.wire import context

blueprint = Blueprint("drive_people", __name__, url_prefix="/console/<slug>/drives")

# So many refused lines stand on the page; the command gives all of them.
MOST_LINES = 200


@blueprint.get("/new")
@access(Access.ORGANIZER)
def new(slug: str) -> str:
    """Show the form of a new drive."""
    return _asked(slug, empty(context().settings))


@blueprint.post("/new")
@access(Access.ORGANIZER)
def create(slug: str) -> AnyResponse | str | tuple[str, int]:
    """Show what the list would bring, and make the drive when that was confirmed."""
    form, ctx = sent(), context()
    try:
        asked, listed = request_of(form, slug), people_sent()
        if not _confirmed():
            found = running.preview(ctx, asked, listed, given=form.given)
            return _previewed(slug, form, listed, found)
        made = running.create(ctx, asked, listed, given=form.given, by=_me())
    except NotFoundError:
        raise
    except RefusedError as refusal:
        return _asked(slug, form, error=refusal.sentence), refusal.status
    return redirect(url_for("drives.show", slug=slug, drive=made.drive), code=303)


@blueprint.get("/<drive>/people")
@access(Access.ORGANIZER)
def more(slug: str, drive: str) -> str:
    """Show the form that adds people to a drive."""
    return _asked(slug, DriveForm(), view=_of(slug, drive))


@blueprint.post("/<drive>/people")
@access(Access.ORGANIZER)
def add(slug: str, drive: str) -> AnyResponse | str | tuple[str, int]:
    """Show what the list would bring, and add its people when that was confirmed."""
    view, form, ctx = _of(slug, drive), sent(), context()
    try:
        listed = people_sent()
        if not _confirmed():
            found = people.preview_more(ctx, drive, listed, given=form.given)
            return _previewed(slug, form, listed, found, view=view)
        people.add_people(ctx, drive, listed, given=form.given, by=_me())
    except RefusedError as refusal:
        return _asked(slug, form, error=refusal.sentence, view=view), refusal.status
    return redirect(url_for("drives.show", slug=slug, drive=drive), code=303)


def _confirmed() -> bool:
    """Tell whether somebody has seen the preview of the list that this request carries."""
    return request.form.get("seen") == "yes" and bool(request.form.get("people"))


def _me() -> str:
    return str(current_user.email)


def _of(slug: str, drive: str) -> DriveView:
    view = telling.status(context(), drive)
    if view.campaign != slug:
        raise NotFoundError(f"There is no drive {drive!r} in this campaign.")
    return view


def _asked(
    slug: str, form: DriveForm, *, error: str | None = None, view: DriveView | None = None
) -> str:
    others = [] if view else _others(slug)
    return _page(
        "form.html",
        slug,
        form=form,
        error=error,
        view=view,
        days=DAYS,
        columns=COLUMNS,
        others=others,
    )


def _others(slug: str) -> list[tuple[str, str]]:
    """Return slug and title of every other campaign that a shift could go on with."""
    return [
        (one.slug, one.campaign.wording(current()).title)
        for one in reading.campaigns(context())
        if one.slug != slug and one.state is CampaignState.LIVE
    ]


def _previewed(
    slug: str, form: DriveForm, listed: str, found: Imported, *, view: DriveView | None = None
) -> str:
    ctx = context()
    others = len(found.refused) - found.duplicates - found.opted_out - found.already
    return _page(
        "preview.html",
        slug,
        form=form,
        listed=listed,
        found=found,
        others=others,
        view=view,
        shift=[
            reading.campaign(ctx, one).campaign.wording(current()).title
            for one in (dict.fromkeys((slug, *form.shift)) if form.shift else ())
        ],
        days=DAYS,
        most=MOST_LINES,
        confirm_over=ctx.settings.drive_confirm,
    )


def _page(template: str, slug: str, **values: Any) -> str:
    title = reading.campaign(context(), slug).campaign.wording(current()).title
    return render_template(
        f"console/drives/{template}", slug=slug, title=title, words=drive_words, **values
    )
