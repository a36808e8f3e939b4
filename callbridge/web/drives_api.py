"""The organizers' API of phone drives: how they stand, and more people from a program."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, jsonify, request
from flask.wrappers import Response
from flask_security import current_user

from callbridge.errors import NotFoundError, RefusedError
from callbridge.service.drives import people, telling
from callbridge.service.drives.estimating import estimate
from callbridge.service.drives.sheet import People
from callbridge.service.drives.views import DriveView
from callbridge.web.access import Access, access
from callbridge.web.problems import problem
from callbridge.web.wire import context

blueprint = Blueprint("drives_api", __name__, url_prefix="/console/api/<slug>/drives")


@blueprint.get("")
@access(Access.ORGANIZER)
def index(slug: str) -> Response:
    """Return the drives of a campaign, newest first."""
    return jsonify({"drives": [told(view) for view in telling.of_campaign(context(), slug)]})


@blueprint.get("/<drive>")
@access(Access.ORGANIZER)
def one(slug: str, drive: str) -> Response:
    """Return how a drive stands; its page asks this again and again."""
    view = _of(slug, drive)
    ends = estimate(context(), drive).ends if view.state.value == "running" else None
    answer = jsonify(told(view) | {"ends": ends.isoformat(timespec="minutes") if ends else None})
    answer.add_etag()
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


@blueprint.post("/<drive>/people")
@access(Access.ORGANIZER)
def add(slug: str, drive: str) -> Response:
    """Add people, or with `?preview=yes` say what that would do and keep nothing."""
    _of(slug, drive)
    ctx = context()
    try:
        listed, given = _listed()
        if request.args.get("preview") == "yes":
            found = people.preview_more(ctx, drive, listed, given=given)
        else:
            found = people.add_people(ctx, drive, listed, given=given, by=str(current_user.email))
    except RefusedError as refusal:
        return problem(refusal.status, type_=refusal.type, detail=refusal.sentence)
    return jsonify(
        {
            "drive": drive,
            "kept": found.drive is not None,
            "accepted": found.accepted,
            "refused": [{"line": one.line, "why": one.why} for one in found.refused],
            "duplicates": found.duplicates,
            "opted_out": found.opted_out,
            "already": found.already,
            "groups": dict(found.groups),
            "languages": dict(found.languages),
            "zones": dict(found.zones),
        }
    )


def _of(slug: str, drive: str) -> DriveView:
    view = telling.status(context(), drive)
    if view.campaign != slug:
        raise NotFoundError(f"There is no drive {drive!r} in this campaign.")
    return view


def told(view: DriveView) -> dict[str, Any]:
    """Return a drive as JSON; the first five are those of `drive status --json`."""
    return {
        "drive": view.drive,
        "state": view.state.value,
        "people": view.people,
        "by_state": dict(view.by_state),
        "unknown": view.unknown,
        "name": view.name,
        "campaign": view.campaign,
        "by_cause": dict(view.by_cause),
        "over": view.over,
        "calls_now": view.calls_now,
        "rung": view.rung,
        "answered": view.answered,
        "keyed": view.keyed,
        "bridged": view.bridged,
        "persons": view.persons,
        "cause": view.cause,
    }


def _listed() -> tuple[People, dict[str, str]]:
    """Return the list of this request, and where and when those agreed who do not say it.

    CSV as it is, or JSON: a list of objects, or an object with `people`, `consent_source` and
    `consent_at`. Raises RefusedError.
    """
    given = {name: request.args.get(name, "") for name in ("consent_source", "consent_at")}
    if request.mimetype != "application/json":
        return request.get_data(cache=False), given
    try:
        body = json.loads(request.get_data(cache=False))
    except ValueError as wrong:
        raise RefusedError(f"The body is no JSON: {wrong}.") from wrong
    if isinstance(body, dict):
        given |= {name: str(body[name]) for name in given if body.get(name)}
        body = body.get("people")
    if not isinstance(body, list) or not all(isinstance(one, dict) for one in body):
        raise RefusedError("Send a list of people, each an object with its columns as names.")
    return body, given
