"""The tables of drives: drives, buckets, people and deeds; attempts are with the calls'."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from callbridge.store.tables import HASH, Serial, Utc, metadata

drives = Table(
    "drives",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("slug", ForeignKey("campaigns.slug"), nullable=False, index=True),
    Column("state", String(10), nullable=False, index=True),
    Column("window", String(20), nullable=False),
    Column("days", String(60), nullable=False),
    Column("in_progress", Integer, nullable=False),
    Column("created", Utc, nullable=False),
    Column("rate", Float),
    Column("promised", Boolean, nullable=False),
    Column("redial_missing", Boolean, nullable=False),
    Column("weight", Float, nullable=False),
    Column("served", Float, nullable=False, server_default="0"),
    Column("next_free", Float, nullable=False, server_default="0"),
    Column("share", Float, nullable=False, server_default="1"),
    Column("eased", Utc),
    Column("approved", String(255)),
    Column("started_by", String(255)),
    Column("resumed", Utc),
    Column("ended", Utc),
    Column("cause", String(300)),
    # Campaigns that its people are walked through, one after the other; None: just its own.
    Column("shift", Text),
    Column("rung", Integer, nullable=False, server_default="0"),
    Column("answered", Integer, nullable=False, server_default="0"),
    Column("keyed", Integer, nullable=False, server_default="0"),
    Column("bridged", Integer, nullable=False, server_default="0"),
    Column("rung_before", Integer, nullable=False, server_default="0"),
    Column("answered_before", Integer, nullable=False, server_default="0"),
    Column("name", String(120), nullable=False, server_default=""),
    CheckConstraint("state IN ('draft', 'running', 'paused', 'stopped', 'finished')", name="state"),
    CheckConstraint("rate IS NULL OR rate > 0", name="rate"),
)

buckets = Table(
    "drive_buckets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("drive", ForeignKey("drives.id"), nullable=False),
    Column("digest", HASH, nullable=False),
    Column("zones", Text, nullable=False),
    Column("states", Text, nullable=False),
    Column("offices", Text, nullable=False),
    Index("uq_drive_buckets_digest", "drive", "digest", unique=True),
)

drive_deeds = Table(
    "drive_deeds",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("drive", ForeignKey("drives.id"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("what", String(10), nullable=False),
    # None: nobody, it came about by itself.
    Column("who", String(255)),
    Column("words", String(300), nullable=False),
    Index("ix_drive_deeds_drive", "drive", "id"),
)

_NUMBERED = text("phone_enc IS NOT NULL")

contacts = Table(
    "contacts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("drive", ForeignKey("drives.id"), nullable=False),
    # None once it was forgotten: unique indexes let any number of those stand.
    Column("phone_hash", HASH),
    Column("phone_enc", Text),
    Column("zip", String(5)),
    Column("language", String(8), nullable=False),
    Column("group_name", String(120), nullable=False),
    Column("consent_source", String(300), nullable=False),
    Column("consent_at", Utc, nullable=False),
    Column("extra", Text, nullable=False),
    Column("bucket", ForeignKey("drive_buckets.id"), nullable=False),
    Column("final", String(20)),
    Index("uq_contacts_drive_phone_hash", "drive", "phone_hash", unique=True),
    Index("ix_contacts_phone_hash", "phone_hash"),
    Index("ix_contacts_numbered", "drive", sqlite_where=_NUMBERED, postgresql_where=_NUMBERED),
)
