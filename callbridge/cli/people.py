"""The commands `people …`: who may sign in, with which roles; a password is asked for, or made."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.instance import read_settings
from callbridge.errors import RefusedError

if TYPE_CHECKING:
    from flask import Flask

SHORTEST = 12
people = typer.Typer(no_args_is_help=True, help="Who may sign in.")
Email = Annotated[str, typer.Argument(help="The address to sign in with.")]
Role = Annotated[list[str], typer.Option(help="admin, organizer or analyst; repeatable.")]
Ask = Annotated[bool, typer.Option("--ask/--make", help="Ask for a password, or make one.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(people, name="people")


@people.callback()
def group() -> None:
    """Who may sign in: admins, organizers, analysts."""


@people.command("add")
def add(email: Email, role: Role, ask: Ask = True) -> None:
    """Give somebody a sign-in. Without a terminal a password is made and shown once."""
    with _application() as app:
        from callbridge.web.people import add_person

        password, made = _password(ask)
        add_person(app, email=email, password=password, roles=role)
    screen.done(f"Added {email} as {' and '.join(role)}.")
    _show(password if made else None)


@people.command("list")
def list_all(
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """List everybody who may sign in."""
    with _application() as app:
        from callbridge.web.people import all_people

        found = all_people(app)
    if as_json:
        screen.show_json(
            [
                {"email": one.email, "roles": one.roles, "since": f"{one.created:%Y-%m-%d}"}
                for one in found
            ]
        )
        return
    screen.show_table(
        ("email", "roles", "since"),
        ((one.email, ", ".join(one.roles), f"{one.created:%Y-%m-%d}") for one in found),
    )


@people.command("change")
def change(email: Email, role: Role) -> None:
    """Give somebody these roles and no other."""
    with _application() as app:
        from callbridge.web.people import change_roles

        change_roles(app, email=email, roles=role)
    screen.done(f"{email} is {' and '.join(role)} now.")


@people.command("password")
def password(email: Email, ask: Ask = True) -> None:
    """Give somebody a new password, and end every session that they have open."""
    with _application() as app:
        from callbridge.web.people import change_password

        new, made = _password(ask)
        change_password(app, email=email, password=new)
    screen.done(f"{email} has a new password, and is signed in nowhere.")
    _show(new if made else None)


@people.command("remove")
def remove(email: Email) -> None:
    """Take somebody's sign-in away, at once. What they did stays under their address."""
    with _application() as app:
        from callbridge.web.people import remove_person

        remove_person(app, email=email)
    screen.done(f"{email} cannot sign in any more.")


@contextmanager
def _application() -> Iterator[Flask]:
    """Give the application, which knows how passwords are hashed."""
    with preparing.opened(read_settings()) as context:
        from callbridge.app import create_app

        yield create_app(context=context, changes_people=True)


def _password(ask: bool) -> tuple[str, bool]:
    """Return a password and whether it was made here."""
    if not (ask and sys.stdin.isatty()):
        return secrets.token_urlsafe(SHORTEST), True
    said: str = typer.prompt(
        f"Password ({SHORTEST} characters or more)", hide_input=True, confirmation_prompt=True
    )
    if len(said) < SHORTEST:
        raise RefusedError(f"That has {len(said)} characters; write {SHORTEST} or more.")
    return said, False


def _show(made: str | None) -> None:
    if made is not None:
        screen.say(f"Password: {made}")
        screen.note("It is shown once, here.")
