"""The tables of housekeeping: jobs, the dialers' heartbeats, what this installation is."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Float, Integer, String, Table

from callbridge.store.tables import Utc, metadata

# Times are seconds of the database's own clock: many machines, one clock.
jobs = Table(
    "jobs",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("due", Float, nullable=False),
    Column("owner", String(80)),
    Column("lease_until", Float),
    Column("started", Float),
    Column("finished", Float),
    Column("succeeded", Float),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("result", String(400)),
)

dialers = Table(
    "dialers",
    metadata,
    Column("owner", String(80), primary_key=True),
    Column("started", Float, nullable=False),
    Column("beat", Float, nullable=False),
)

# One row, made when it is first needed. A copy restored from a backup is held: of the attempts
# that came with it (ids up to `copied_to`) none is rung until an operator lets go.
installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("held_since", Utc),
    Column("released", Utc),
    Column("copied", Utc),
    Column("copied_to", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("id = 1", name="one_row"),
)
