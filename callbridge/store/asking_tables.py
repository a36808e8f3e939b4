"""The tables of what analysts ask: searches (never what was searched) and saved filters."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from callbridge.store.tables import Utc, metadata

_Serial = BigInteger().with_variant(Integer(), "sqlite")

searches = Table(
    "searches",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("slug", ForeignKey("campaigns.slug"), nullable=False),
    Column("who", String(255), nullable=False),
    Column("at", Utc, nullable=False),
    Column("found", Integer, nullable=False),
    Index("ix_searches_slug_at", "slug", "at"),
)

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("slug", ForeignKey("campaigns.slug"), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("query", Text, nullable=False),
    Column("who", String(255), nullable=False),
    Column("at", Utc, nullable=False),
)
