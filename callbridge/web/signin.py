"""Sign-in for organizers and analysts, by Flask-Security; public pages set no cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask_security import Security
from flask_security.datastore import UserDatastore

from callbridge.settings import Settings

SHORTEST_PASSWORD = 12


def install(
    app: Flask, settings: Settings, people: UserDatastore, *, release: Callable[[], None]
) -> None:
    """Set up sign-in with the people of the store. Nobody can register; admins add people.

    `release` ends the transaction in which a person was read. It is called as soon as their roles
    are known, so that the view's own transactions never wait for it, and at the request's end.
    """
    app.config.update(_configuration(settings))
    Security(app, people)
    app.extensions["callbridge.release"] = release

    @app.teardown_appcontext
    def end(_error: BaseException | None) -> None:
        release()


def _configuration(settings: Settings) -> dict[str, object]:
    https = settings.public_url.startswith("https://")
    return dict(  # noqa: C408 - names as Flask-Security documents them
        SECRET_KEY=settings.secret_key[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_key[1:]),
        # The salt binds password hashes; rotating SECRET_KEY must not lock people out.
        SECURITY_PASSWORD_SALT="callbridge",  # noqa: S106
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_LENGTH_MIN=SHORTEST_PASSWORD,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/console",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_REDIRECT_HOST=None,
        SECURITY_LOGIN_USER_TEMPLATE="security/sign_in.html",
        # Nothing here asks for the password again, so no page for it stands open.
        SECURITY_FRESHNESS=timedelta(minutes=-1),
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_STATIC_FOLDER=None,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SESSION_COOKIE_NAME="__Host-console" if https else "console",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=https,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
    )
