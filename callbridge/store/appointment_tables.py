"""The table of appointments; the attempts that ring them are with the calls'."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.types import Boolean

from callbridge.store.tables import HASH, Serial, Utc, metadata

OPEN = text("ended IS NULL")

appointments = Table(
    "appointments",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("slug", ForeignKey("campaigns.slug"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("rule", Text, nullable=False),
    Column("opening", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("zip", String(5)),
    Column("district", String(8)),
    # None once they were forgotten.
    Column("phone_hash", HASH),
    Column("phone_enc", Text),
    Column("network", HASH),
    Column("consent", ForeignKey("consents.id")),
    Column("consented", Utc),
    Column("parent", String(32)),
    Column("created", Utc, nullable=False),
    # The latest occurrence that was planned: what comes later was not.
    Column("planned", Utc),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("ended", Utc),
    Column("reason", String(40)),
    Column("ended_by", String(32)),
    CheckConstraint("kind IN ('once', 'weekly')", name="kind"),
    Index("ix_appointments_phone_hash", "phone_hash"),
    Index("ix_appointments_network_created", "network", "created"),
    Index("ix_appointments_open", "id", sqlite_where=OPEN, postgresql_where=OPEN),
)
