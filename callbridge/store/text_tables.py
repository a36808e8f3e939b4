"""The tables of text messages and of who wants none."""

from __future__ import annotations

from sqlalchemy import (
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

OPEN = text("state IN ('planned', 'claimed', 'sending')")

texts = Table(
    "texts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("token", String(48), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("call", ForeignKey("calls.id")),
    Column("phone_hash", HASH),
    Column("phone_enc", Text),
    Column("from_number", String(20), nullable=False),
    Column("language", String(8), nullable=False),
    Column("consent", ForeignKey("consents.id"), nullable=False),
    Column("planned", Utc, nullable=False),
    Column("run_at", Utc, nullable=False),
    Column("owner", String(80)),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("lease_until", Float),
    Column("sid", String(64), unique=True),
    Column("reason", String(40)),
    CheckConstraint("kind IN ('after-call', 'link')", name="kind"),
    CheckConstraint(
        "state IN ('planned', 'claimed', 'sending', 'unknown', 'sent', 'delivered', 'failed',"
        " 'suppressed', 'expired')",
        name="state",
    ),
    # One call, one text: the database itself says so.
    Index("uq_texts_call", "call", unique=True),
    Index("ix_texts_phone_hash_planned", "phone_hash", "planned"),
    Index("ix_texts_open", "run_at", sqlite_where=OPEN, postgresql_where=OPEN),
)

text_opt_outs = Table(
    "text_opt_outs",
    metadata,
    Column("phone_hash", HASH, primary_key=True),
    Column("at", Utc, nullable=False),
)
