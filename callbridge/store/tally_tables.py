"""The tables of the tallies: calls counted once, by kind of call, by whom they dialled, by days."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table
from sqlalchemy import text as sql

from callbridge.domain.tallying import STEPS
from callbridge.store.tables import Serial, Utc, metadata

# A call stands here from its beginning until it is in the tallies, and again once it is touched:
# pages read the tallies and, beside them, the rows of these calls. No key refers to the calls, of
# which none is ever taken away: to queue millions, a server would lock, and so write, each of them.
untallied = Table(
    "untallied",
    metadata,
    Column("call", String(32), primary_key=True),
    Column("created", Utc, nullable=False),
    # Left for good: it dialled more members than are entered by sets.
    Column("wide", Boolean, nullable=False, server_default=sql("false")),
    Index("ix_untallied_created", "created"),
)

# What calls have in common that a filter can ask for; an empty text is none. A profile without a
# door is a broad one: it stands for all of its revision and language. One without a revision
# stands for all calls of the campaign, or for all of the one door, referral or drive it names.
tally_profiles = Table(
    "tally_profiles",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("slug", String(80), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("door", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("referral", String(200), nullable=False),
    Column("drive", String(32), nullable=False),
    Index(
        "uq_tally_profiles",
        "slug",
        "digest",
        "door",
        "language",
        "referral",
        "drive",
        unique=True,
    ),
)

# Sets of members, offices, kinds of answers: numbers for the words of domain/tallying.
tally_words = Table(
    "tally_words",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("word", String(600), nullable=False, unique=True),
)

# Every office dialled, as the first call that did so kept it.
tally_offices = Table(
    "tally_offices",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("target", String(80), primary_key=True),
    Column("office", String(120), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("chamber", String(8)),
    Column("state", String(40), nullable=False),
    Column("district", String(40)),
    Column("zone", String(60), nullable=False),
)

# `subject` is a word's number, 0 for whole calls, below it for a bloc: its word's number with the
# sign turned, so that whoever asks for each office apart meets none. `first` is a day's number
# divided by `span`: calls are entered by days, by eight and by sixty-four of them, so that a long
# time is few rows.
# Every profile is entered for whole calls, and every subject for the broad profiles; a subject of
# a call's own profile by days and by sixty-four, since those are nearly as many as the calls; of
# the profiles that stand for one door, referral or drive by sixty-four only.
tally_calls = Table(
    "tally_calls",
    metadata,
    Column("profile", Integer, primary_key=True, autoincrement=False),
    Column("subject", Integer, primary_key=True, autoincrement=False),
    Column("span", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, primary_key=True, autoincrement=False),
    *(Column(name, Integer, nullable=False) for name in STEPS),
    sqlite_with_rowid=False,
)

tally_parts = Table(
    "tally_parts",
    metadata,
    Column("profile", Integer, primary_key=True, autoincrement=False),
    Column("kind", Integer, primary_key=True, autoincrement=False),
    Column("subject", Integer, primary_key=True, autoincrement=False),
    Column("span", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("connected", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Standing answers that say where a member stands, of every profile there is, by all spans: a map
# tells all members apart whatever the filter. Days come first, since few of them are asked for.
tally_positions = Table(
    "tally_positions",
    metadata,
    Column("profile", Integer, primary_key=True, autoincrement=False),
    Column("span", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("office", Integer, primary_key=True, autoincrement=False),
    Column("said", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Where a profile's calls lie, by the day they were asked for: how many (those that supporters
# dialled by themselves, too), and between which ids their answers are. A call that is taken out
# leaves the bounds as they are: they may be wider than needed, never narrower.
tally_days = Table(
    "tally_days",
    metadata,
    Column("profile", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("calls", Integer, nullable=False),
    Column("low", BigInteger, nullable=False),
    Column("high", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What is counted together beside being counted apart: the subjects that make up a bloc, which is a
# subject, too. Of sets of members (`of_calls`) its calls are summed, of offices all that is counted
# by legs but what names an office. Pages rely on nothing but this table: what a bloc lacks is read
# beside it.
tally_blocs = Table(
    "tally_blocs",
    metadata,
    Column("subject", Integer, primary_key=True, autoincrement=False),
    Column("bloc", Integer, primary_key=True, autoincrement=False),
    Column("of_calls", Boolean, nullable=False),
    Index("ix_tally_blocs_bloc", "bloc"),
    sqlite_with_rowid=False,
)

# How calls ended, of all campaigns, and the steps they took.
tally_ends = Table(
    "tally_ends",
    metadata,
    Column("ending", String(16), primary_key=True),
    Column("calls", BigInteger, nullable=False),
    Column("steps", BigInteger, nullable=False),
)

# How many attempts of a block of numbers came to each end, where all of the block are over.
tally_attempts = Table(
    "tally_attempts",
    metadata,
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(12), primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
