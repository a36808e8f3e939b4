"""Edge limits on lookups and sign-in, by network; the limits on calls are the service's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app
from flask_limiter import Limiter

from callbridge.errors import TooManyError
from callbridge.settings import Settings
from callbridge.web.wire import network

View = TypeVar("View", bound=Callable[..., object])

SIGN_IN = "10 per minute;60 per hour"
STOP = "10 per hour"
# A link holds 128 bits: this only keeps somebody who tries from costing anything.
LINKS = "60 per minute"


def _by_network() -> str:
    return network()


def _lookups() -> str:
    settings: Settings = current_app.config["CALLBRIDGE_SETTINGS"]
    return f"{settings.limit_lookup_minute} per minute"


# Counted in this process: enough at the edge, where the cost of one more is a lookup of
# microseconds. What must hold over all processes is counted in the database.
limiter = Limiter(_by_network, storage_uri="memory://", strategy="moving-window")


def limit_lookup(view: View) -> View:
    """Limit a view by LIMIT_LOOKUP_MINUTE; every such view counts together."""
    return cast(View, limiter.shared_limit(_lookups, scope="lookup", on_breach=_breach)(view))


def limit_stop(view: View) -> View:
    """Limit opting out by web page: a family's worth of numbers an hour."""
    return cast(View, limiter.limit(STOP, on_breach=_breach)(view))


def limit_links(view: View) -> View:
    """Limit the pages behind supporters' links; they count together."""
    return cast(View, limiter.shared_limit(LINKS, scope="links", on_breach=_breach)(view))


def limit_sending(view: View) -> View:
    """Limit asking for one's link: what it may cause is a text to a telephone."""
    return cast(View, limiter.limit(STOP, methods=["POST"], on_breach=_breach)(view))


def _breach(_limit: object) -> None:
    raise TooManyError("Too many requests from your network. Please wait a while.")


def install(app: Flask) -> None:
    """Count lookups and sign-ins of this application."""
    limiter.init_app(app)
    sign_in: Any = limiter.limit(SIGN_IN, methods=["POST"], on_breach=_sign_in_breach)
    app.view_functions["security.login"] = sign_in(app.view_functions["security.login"])


def _sign_in_breach(_limit: object) -> None:
    raise TooManyError("Too many tries to sign in from your network. Please wait a while.")
