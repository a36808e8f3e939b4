"""The tables of the people who sign in and of their roles."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table

from callbridge.store.tables import Utc, metadata

roles = Table(
    "roles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("description", String(200)),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(255), nullable=False, unique=True),
    Column("password", String(255)),
    Column("active", Boolean, nullable=False),
    Column("fs_uniquifier", String(64), nullable=False, unique=True),
    Column("created", Utc, nullable=False),
)

people_roles = Table(
    "people_roles",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("role", ForeignKey("roles.id"), primary_key=True),
)
