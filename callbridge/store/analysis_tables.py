"""The tables of analysis: rollups by day, what is due to be rolled up, evidence set by hand."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from callbridge.store.tables import Utc, metadata

_Serial = BigInteger().with_variant(Integer(), "sqlite")

# A cell is one campaign, one target, one day (UTC) on which offices were dialled. A mark says that
# a cell changed; it is written with the change, and goes when the cell has been counted again.
rollup_marks = Table(
    "rollup_marks",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("slug", String(80), nullable=False),
    Column("target", String(80), nullable=False),
    Column("day", Date, nullable=False),
    Index("ix_rollup_marks_cell", "slug", "target", "day"),
)

rollup_positions = Table(
    "rollup_positions",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("target", String(80), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("channel", String(12), primary_key=True),
    Column("meaning", String(20), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", Utc, nullable=False),
)

rollup_legs = Table(
    "rollup_legs",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("target", String(80), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("phone", String(20), primary_key=True),
    Column("office", String(120), primary_key=True),
    Column("outcome", String(16), primary_key=True),
    Column("length", String(8), primary_key=True),
    Column("reported", String(20), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("city", String(120), nullable=False),
    Column("count", Integer, nullable=False),
    Column("first", Utc, nullable=False),
    Column("last", Utc, nullable=False),
    Index("ix_rollup_legs_phone", "phone", "day"),
    # The newest cells of each combination of signals.
    Index("ix_rollup_legs_signals", "slug", "outcome", "length", "reported", "last"),
)

# A member's cells added up, so that a board is few rows. `mass` is the count with every report
# weighing twice as much for each `half_life` days that it is younger: what reports weigh on a day
# is the mass times one number. `day` is the last with a report.
rollup_members = Table(
    "rollup_members",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("target", String(80), primary_key=True),
    Column("channel", String(12), primary_key=True),
    Column("meaning", String(20), primary_key=True),
    Column("half_life", Float, nullable=False),
    Column("count", Integer, nullable=False),
    Column("mass", Float, nullable=False),
    Column("day", Date, nullable=False),
    Column("last", Utc, nullable=False),
    sqlite_with_rowid=False,
)

# An office number's cells of a day added up, of all campaigns: how many legs, when it worked last,
# when trouble was reported last. In the order of days, since the last of them are looked at.
rollup_numbers = Table(
    "rollup_numbers",
    metadata,
    Column("day", Date, primary_key=True),
    Column("phone", String(20), primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("worked", Utc),
    Column("trouble", Utc),
    sqlite_with_rowid=False,
)

# Once the keyed hashes are gone nobody could tell a supporter's second answer of a day from
# another supporter's: those that do not count are noted before.
repeats = Table(
    "repeats",
    metadata,
    Column("answer", ForeignKey("answers.id"), primary_key=True, autoincrement=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("slug", ForeignKey("campaigns.slug"), nullable=False),
    Column("target", String(80), nullable=False),
    Column("position", String(20)),
    Column("grade", String(8)),
    Column("note", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("who", String(255), nullable=False),
    Column("at", Utc, nullable=False),
    CheckConstraint("grade IN ('heard', 'written', 'public')", name="grade"),
    CheckConstraint("(position IS NULL) = (grade IS NULL)", name="position"),
    Index("ix_evidence_slug_target", "slug", "target"),
)

dead_numbers = Table(
    "dead_numbers",
    metadata,
    Column("phone", String(20), primary_key=True),
    Column("who", String(255), nullable=False),
    Column("at", Utc, nullable=False),
)
