"""Who may call each route, declared on the route and enforced before it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_security import current_user
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., object])


class Access(StrEnum):
    """A declaration on a route: everybody, a signed hook, anybody signed in, or a role."""

    PUBLIC = "public"
    HOOK = "hook"
    SIGNED_IN = "signed-in"
    ORGANIZER = "organizer"
    ANALYST = "analyst"
    ADMIN = "admin"


ROLES = ("admin", "organizer", "analyst")


class WrongRole(Forbidden):
    """Somebody who is signed in asked for what `who` says is not theirs."""

    def __init__(self, who: Access) -> None:
        super().__init__()
        self.who = who


# Which roles satisfy a declaration; an admin may do everything.
ALLOWED: Mapping[Access, frozenset[str]] = {
    Access.SIGNED_IN: frozenset(ROLES),
    Access.ORGANIZER: frozenset({"organizer", "admin"}),
    Access.ANALYST: frozenset({"analyst", "admin"}),
    Access.ADMIN: frozenset({"admin"}),
}

# Routes that come with libraries.
BORROWED: Mapping[str, Access] = {
    "static": Access.PUBLIC,
    "security.login": Access.PUBLIC,
    "security.logout": Access.SIGNED_IN,
}


def access(who: Access) -> Callable[[View], View]:
    """Declare who may call a view."""

    def declare(view: View) -> View:
        view.access = who  # type: ignore[attr-defined]
        return view

    return declare


def declared(app: Flask, endpoint: str) -> Access | None:
    """Return the declaration of an endpoint, None when there is none (then nobody may call it)."""
    found = getattr(app.view_functions[endpoint], "access", None)
    return found if isinstance(found, Access) else BORROWED.get(endpoint)


def guard() -> Response | None:
    """Let the request through, send the person to sign in, or refuse; undeclared is refused."""
    if "\0" in request.path:
        abort(404)  # no name here has one, and PostgreSQL takes none
    if request.endpoint is None:
        return None  # 404 and 405 answer for themselves
    who = declared(current_app, request.endpoint)
    if who is None:
        abort(403)
    if who in {Access.PUBLIC, Access.HOOK}:
        return None
    if not current_user.is_authenticated:
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("security.login", next=here))
    allowed = bool(ALLOWED[who] & {role.name for role in current_user.roles})
    current_app.extensions["callbridge.release"]()
    if not allowed:
        raise WrongRole(who)
    return None
