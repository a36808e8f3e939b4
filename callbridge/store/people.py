"""The people who sign in, as Flask-Security wants them; the only place with mapped classes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from flask_security import RoleMixin, SQLAlchemySessionUserDatastore, UserMixin
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    relationship,
    scoped_session,
    sessionmaker,
)

from callbridge.store import tables
from callbridge.store.database import Database

ROLES = {
    "admin": "Everything, people's roles included.",
    "organizer": "Publishes, pauses and resumes campaigns.",
    "analyst": "Reads results and takes exports.",
}


class _Base(DeclarativeBase):
    metadata = tables.metadata


class Role(_Base, RoleMixin):
    """What somebody may do."""

    __table__ = tables.roles


class Person(_Base, UserMixin):
    """Somebody who signs in."""

    __table__ = tables.people
    roles: Mapped[list[RoleMixin]] = relationship(
        Role, secondary=tables.people_roles, lazy="selectin"
    )


def datastore(
    database: Database, *, writing: bool = False
) -> tuple[SQLAlchemySessionUserDatastore, scoped_session[Session]]:
    """Return Flask-Security's datastore and its session registry.

    The web removes the registry's session at the end of each request (`registry.remove()`). Only
    the command line asks for `writing`: on SQLite that is the one writer's lock from the first
    read on, which a page must not hold while calls go on.
    """
    engine = database.engine.execution_options(callbridge_writes=writing)
    registry = scoped_session(sessionmaker(engine))
    return SQLAlchemySessionUserDatastore(registry, Person, Role), registry


def ensure_roles(store: SQLAlchemySessionUserDatastore) -> None:
    """Write the three roles where they are missing."""
    for name, description in ROLES.items():
        store.find_or_create_role(name, description=description)
    store.db.session.commit()


def add_person(
    store: SQLAlchemySessionUserDatastore, *, email: str, password_hash: str, roles: Sequence[str]
) -> None:
    """Add somebody who may sign in."""
    ensure_roles(store)
    store.create_user(
        email=email, password=password_hash, roles=list(roles), created=datetime.now(UTC)
    )
    store.db.session.commit()
