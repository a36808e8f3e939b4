"""The tables of money: ceilings that were set, sums that were booked."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from callbridge.store.tables import metadata

# Sums are millionths of the carrier's currency. A scope is `all`, `campaign:SLUG`, `drive:ID` or
# `area:NNN`.
ceilings = Table(
    "ceilings",
    metadata,
    Column("scope", String(100), primary_key=True),
    Column("day", BigInteger),
    Column("total", BigInteger),
    Column("calls_day", Integer),
)

spending = Table(
    "spending",
    metadata,
    Column("scope", String(100), primary_key=True),
    # The day in Washington, or nothing for all days together.
    Column("day", String(10), primary_key=True),
    Column("micros", BigInteger, nullable=False),
    Column("calls", Integer, nullable=False),
)
