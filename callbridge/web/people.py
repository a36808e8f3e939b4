"""Who may sign in: added, listed, changed and removed by an operator; shows no page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import Flask
from flask_security import hash_password

from callbridge.errors import NotFoundError, RefusedError
from callbridge.web.access import ROLES
from callbridge.web.signin import SHORTEST_PASSWORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may sign in."""

    email: str
    roles: Sequence[str]
    created: datetime


def all_people(app: Flask) -> list[Person]:
    """Return everybody who may sign in, by address."""
    with _people(app) as people:
        return [
            Person(
                email=one.email, roles=sorted(role.name for role in one.roles), created=one.created
            )
            for one in people.everybody()
        ]


def add_person(app: Flask, *, email: str, password: str, roles: Sequence[str]) -> None:
    """Add somebody who may sign in.

    Raises RefusedError when the address is no address or is there already, when there is no such
    role, or the password is short.
    """
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as problem:
        raise RefusedError(f"{email!r} is no email address: {problem}") from problem
    with _people(app) as people:
        if people.find_user(case_insensitive=True, email=address) is not None:
            raise RefusedError(
                f"{address} is there already: `people change` gives other roles or a new password."
            )
        people.create_user(
            email=address,
            password=_hashed(password),
            roles=_roles(people, roles),
            created=datetime.now(UTC),
        )


def change_roles(app: Flask, *, email: str, roles: Sequence[str]) -> None:
    """Give somebody these roles and no other; holds from their next request on.

    Raises NotFoundError when nobody has this address, RefusedError when there is no such role.
    """
    with _people(app) as people:
        person = _known(people, email)
        person.roles = _roles(people, roles)
        people.put(person)


def change_password(app: Flask, *, email: str, password: str) -> None:
    """Give somebody a new password; wherever they are signed in, they are so no more.

    Raises NotFoundError when nobody has this address, RefusedError when the password is short.
    """
    with _people(app) as people:
        person = _known(people, email)
        person.password = _hashed(password)
        people.set_uniquifier(person)


def remove_person(app: Flask, *, email: str) -> None:
    """Take somebody's sign-in away, at once; what they did stays under their address.

    Raises NotFoundError when nobody has this address.
    """
    with _people(app) as people:
        people.delete_user(_known(people, email))


@contextmanager
def _people(app: Flask) -> Iterator[Any]:
    with app.app_context():
        people = app.extensions["security"].datastore
        yield people
        people.commit()


def _known(people: Any, email: str) -> Any:
    person = people.find_user(case_insensitive=True, email=email)
    if person is None:
        raise NotFoundError(f"Nobody signs in as {email}. `people list` names everybody who does.")
    return person


def _roles(people: Any, roles: Sequence[str]) -> list[Any]:
    for role in roles:
        if role not in ROLES:
            raise RefusedError(f"There is no role {role!r}: write {', '.join(ROLES)}.")
    return [people.find_or_create_role(role) for role in dict.fromkeys(roles)]


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise RefusedError(f"A password needs {SHORTEST_PASSWORD} characters or more.")
    hashed: str = hash_password(password)
    return hashed
