"""Composes the web: settings, store, carrier, directory, campaigns, then every blueprint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from flask import Flask, g
from flask_babel import gettext
from flask_security import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from callbridge import logs
from callbridge.compose import build_context
from callbridge.service.context import Context
from callbridge.settings import Settings, load
from callbridge.store.database import Database
from callbridge.store.people import datastore
from callbridge.web import (
    access,
    after,
    answers_api,
    api,
    board,
    calls,
    console,
    counter,
    dress,
    drive_people,
    drives,
    drives_api,
    embed,
    figures,
    health,
    hooks,
    keeping,
    languages,
    limits,
    log,
    media,
    metrics,
    mine,
    pages,
    problems,
    rehearsals,
    reports,
    shield,
    signals,
    signin,
    slots,
    stop,
    tell,
    telling,
    text_hooks,
)
from callbridge.web.addresses import addresses
from callbridge.web.sentences import meaning_words, stale_sentence, state_words

BLUEPRINTS = (
    pages.blueprint,
    tell.blueprint,
    calls.blueprint,
    embed.blueprint,
    after.blueprint,
    mine.blueprint,
    stop.blueprint,
    slots.blueprint,
    api.blueprint,
    text_hooks.blueprint,  # the hooks', with those of texts on it
    media.blueprint,
    counter.blueprint,
    console.blueprint,
    drives.blueprint,
    drive_people.blueprint,
    drives_api.blueprint,
    figures.blueprint,
    board.blueprint,
    signals.blueprint,
    log.blueprint,
    answers_api.blueprint,
    health.blueprint,
    metrics.blueprint,
    reports.blueprint,
    keeping.blueprint,
    rehearsals.blueprint,
    telling.blueprint,
)


def create_app(
    settings: Settings | None = None,
    *,
    context: Context | None = None,
    changes_people: bool = False,
) -> Flask:
    """Return the application; raises SettingsError in a sentence when a setting is wrong.

    A `context` given (a rehearsal's, a test's) is used as it stands, its settings too. Where the
    command line changes who may sign in, it says so: what it reads, it reads to write.
    """
    if context is None:
        settings = settings or load(dotenv=Path(".env"))
        context = build_context(settings)
    settings = context.settings
    logs.configure(level=settings.log_level, as_json=settings.log_json)
    app = Flask(__name__, root_path=str(Path(__file__).parent), **_folders())
    app.config["CALLBRIDGE_SETTINGS"] = settings
    app.extensions["callbridge"] = context
    app.url_map.merge_slashes = False  # a hook must never be answered by a redirect
    app.jinja_options = {"autoescape": True}
    languages.install(app)
    dress.install(app)
    shield.install(app, settings)
    people, release = datastore(cast(Database, context.store), writing=changes_people)
    signin.install(app, settings, people, release=release.remove)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    limits.install(app)
    problems.install(app)
    hooks.lighten(app)
    app.before_request(access.guard)
    app.before_request(shield.check_post)
    app.context_processor(_shared(context))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _folders() -> dict[str, Any]:
    return {
        "template_folder": "web/templates",
        "static_folder": "web/static",
        "static_url_path": "/static",
    }


def _shared(context: Context) -> Callable[[], dict[str, Any]]:
    """Return what every page shows: who is calling, and whether the directory is stale."""

    def values() -> dict[str, Any]:
        if "stale" not in g:
            today = context.clock.now().date()
            old = context.directory.warning(today) is not None
            g.stale = stale_sentence(context.directory.as_of, today) if old else None
        return {
            "organization": context.settings.organization,
            "organization_phone": context.settings.organization_phone,
            "stale": g.stale,
            "addresses": addresses,
            "meaning_words": meaning_words,
            "state_words": state_words,
            "may": _may,
            "current_user": current_user,
            "_": gettext,
        }

    return values


def _may(role: str) -> bool:
    wanted = access.ALLOWED[access.Access(role)]
    return current_user.is_authenticated and bool(wanted & {r.name for r in current_user.roles})
