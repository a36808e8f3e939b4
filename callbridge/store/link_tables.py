"""The table of supporters' links: hashes, and what only a link's secret opens."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text

from callbridge.store.tables import HASH, Utc, metadata

links = Table(
    "links",
    metadata,
    Column("hash", HASH, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("call", ForeignKey("calls.id"), unique=True),
    Column("sealed", Text),
    Column("made", Utc, nullable=False),
    Column("closed", Utc),
    CheckConstraint("kind IN ('survey', 'own-page')", name="kind"),
    CheckConstraint("(kind = 'survey') = (call IS NOT NULL)", name="call"),
)
