"""The tables of what leaves by itself: webhooks, what they are told, deliveries, who wants mail."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from callbridge.store.tables import Serial, Utc, metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("slug", ForeignKey("campaigns.slug"), nullable=False, index=True),
    Column("url", String(500), nullable=False),
    # Encrypted with the phone keys: a copy of the database signs nothing.
    Column("secret", Text, nullable=False),
    Column("events", String(300), nullable=False),
    Column("created", Utc, nullable=False),
    Column("created_by", String(255), nullable=False),
    Column("removed", Utc),
)

# Written beside the fact, in its transaction, and only while a webhook of the campaign is there.
happenings = Table(
    "happenings",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("slug", String(80), nullable=False),
    Column("event", String(30), nullable=False),
    Column("call", String(32)),
    Column("data", Text, nullable=False),
    Column("at", Utc, nullable=False),
)

WAITING = text("state = 'waiting'")

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("lane", String(40), nullable=False),
    Column("event", String(30), nullable=False),
    Column("to", String(320)),
    # Emptied when it was delivered or given up.
    Column("body", LargeBinary, nullable=False),
    Column("created", Utc, nullable=False),
    Column("due", Utc, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("state", String(10), nullable=False),
    Column("trouble", String(200)),
    Column("ended", Utc),
    CheckConstraint("state IN ('waiting', 'delivered', 'dead')", name="state"),
    Index("ix_deliveries_due", "lane", "due", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_deliveries_lane_state", "lane", "state"),
    Index("ix_deliveries_ended", "ended"),
)

# One dialer at a time delivers to one receiver; a receiver that failed is left alone for a while.
lanes = Table(
    "lanes",
    metadata,
    Column("lane", String(40), primary_key=True),
    Column("owner", String(80)),
    Column("lease_until", Float),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("rest_until", Utc),
)

mail_wishes = Table(
    "mail_wishes",
    metadata,
    Column("email", String(255), primary_key=True),
    Column("wish", String(20), primary_key=True),
)

# The reports of the night that went out: each campaign's once a day.
mailed_reports = Table(
    "mailed_reports",
    metadata,
    Column("slug", ForeignKey("campaigns.slug"), primary_key=True),
    Column("day", Date, primary_key=True),
)

# Who did what in the console or by the command line; rows are only ever added.
audit = Table(
    "audit",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Utc, nullable=False, index=True),
    Column("who", String(255), nullable=False),
    Column("what", String(40), nullable=False),
    Column("about", String(300), nullable=False),
)
