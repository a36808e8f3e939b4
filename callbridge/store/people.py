"""The people who sign in, as Flask-Security wants them; the only place with mapped classes."""

from __future__ import annotations

from collections.abc import Sequence

from flask_security import RoleMixin, SQLAlchemySessionUserDatastore, UserMixin
from sqlalchemy import select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    relationship,
    scoped_session,
    sessionmaker,
)

from callbridge.store import people_tables, tables
from callbridge.store.database import Database


class _Base(DeclarativeBase):
    metadata = tables.metadata


class Role(_Base, RoleMixin):
    """What somebody may do."""

    __table__ = people_tables.roles


class Person(_Base, UserMixin):
    """Somebody who signs in."""

    __table__ = people_tables.people
    roles: Mapped[list[RoleMixin]] = relationship(
        Role, secondary=people_tables.people_roles, lazy="selectin"
    )


class People(SQLAlchemySessionUserDatastore):
    """Flask-Security's datastore, which finds one at a time, and all of them."""

    def everybody(self) -> Sequence[Person]:
        """Return everybody who may sign in, by address."""
        query = select(Person).order_by(people_tables.people.c.email)
        found: Sequence[Person] = self.db.session.scalars(query).all()
        return found


def datastore(
    database: Database, *, writing: bool = False
) -> tuple[People, scoped_session[Session]]:
    """Return Flask-Security's datastore and its session registry.

    The web removes the registry's session at the end of each request (`registry.remove()`). Only
    the command line asks for `writing`: on SQLite that is the one writer's lock from the first
    read on, which a page must not hold while calls go on.
    """
    engine = database.engine.execution_options(callbridge_writes=writing)
    registry = scoped_session(sessionmaker(engine))
    return People(registry, Person, Role), registry
