"""The command `people add`: who may sign in; the password is asked for, or made and shown once."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.instance import read_settings
from callbridge.errors import RefusedError

if TYPE_CHECKING:
    from callbridge.service.context import Context

SHORTEST = 12
people = typer.Typer(no_args_is_help=True, help="Who may sign in.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(people, name="people")


@people.callback()
def group() -> None:
    """Who may sign in: admins, organizers, analysts."""


@people.command("add")
def add(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    role: Annotated[str, typer.Option(help="admin, organizer or analyst.")],
    ask: Annotated[
        bool, typer.Option("--ask/--make", help="Ask for a password, or make one.")
    ] = True,
) -> None:
    """Give somebody a sign-in. Without a terminal a password is made and shown once."""
    settings = read_settings()
    asked = ask and sys.stdin.isatty()
    with preparing.opened(settings) as context:
        from callbridge.web.access import ROLES

        if role not in ROLES:
            raise RefusedError(f"There is no role {role!r}: write {', '.join(ROLES)}.")
        password = _asked() if asked else secrets.token_urlsafe(SHORTEST)
        _add(context, email, role, password)
    screen.done(f"Added {email} as {role}.")
    if not asked:
        screen.say(f"Password: {password}")
        screen.note("It is shown once, here.")


def _asked() -> str:
    password: str = typer.prompt(
        f"Password ({SHORTEST} characters or more)", hide_input=True, confirmation_prompt=True
    )
    if len(password) < SHORTEST:
        raise RefusedError(f"That has {len(password)} characters; write {SHORTEST} or more.")
    return password


def _add(context: Context, email: str, role: str, password: str) -> None:
    from callbridge.app import create_app
    from callbridge.web.signin import add_person

    # The application knows how passwords are hashed.
    add_person(create_app(context=context), email=email, password=password, roles=[role])
