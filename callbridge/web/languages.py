"""The language of a page: asked for by `?lang=`, else by the browser; never kept in a cookie."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import Babel, get_locale
from werkzeug.exceptions import HTTPException

LANGUAGES = {"en": "English", "es": "Español"}


def asked() -> str | None:
    """Return the language named in the address, None when there is none.

    Never looks into a form: a hook's body must be left for its signature to be verified.
    """
    named = request.args.get("lang")
    return named if named in LANGUAGES else None


def choose() -> str:
    """Choose the page's language."""
    named = asked()
    if named:
        return named
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def current() -> str:
    """Return the language this page is in."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else "en"


def _keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    """Carry an explicitly chosen language along on every link to a page."""
    if _endpoint in {"static", "security.static"} or _endpoint.startswith(("api.", "media.")):
        return
    named = g.get("lang_asked")
    if named and "lang" not in values:
        values["lang"] = named


def _remember() -> None:
    g.lang_asked = asked()


def _varies(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("Accept-Language")
    return response


def here_in(language: str) -> str:
    """Return the address of this page in another language; of the first one, where it has none."""
    try:
        current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        return url_for("pages.home", lang=language)
    args = {**request.args.to_dict(), "lang": language}
    return request.path + "?" + urlencode(args)


def install(app: Flask) -> None:
    """Set up translations and the language of links."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "web/translations")
    Babel(app, locale_selector=choose)
    app.before_request(_remember)
    app.after_request(_varies)
    app.url_default_functions.setdefault(None, []).append(_keep_language)
    app.jinja_env.globals.update(languages=LANGUAGES, language=current, here_in=here_in)
