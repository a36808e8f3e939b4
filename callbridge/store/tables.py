"""The tables and what the database itself guarantees; knows no rule of the conversation."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """An aware UTC time on every database (SQLite keeps none: text without a zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; refuse a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows itself only for INTEGER; PostgreSQL's integer would run out.
Serial = BigInteger().with_variant(Integer(), "sqlite")
HASH = String(64)

revisions = Table(
    "revisions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("slug", String(80), nullable=False),
    Column("published", Utc, nullable=False),
)

revision_files = Table(
    "revision_files",
    metadata,
    Column("digest", ForeignKey("revisions.digest"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("digest", ForeignKey("revisions.digest"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("number", String(20), index=True),
    Column("published", Utc, nullable=False),
    CheckConstraint("state IN ('live', 'paused', 'ended')", name="state"),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("words", Text, nullable=False),
    Column("first_used", Utc, nullable=False),
)

LIVE = text("ended IS NULL")
UNBOOKED = text("ended IS NOT NULL AND cost IS NULL")
UNPRICED = text("price_due IS NOT NULL")
REFUSED = text("reason IS NOT NULL")

calls = Table(
    "calls",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token", String(48), nullable=False, unique=True),
    Column("slug", ForeignKey("campaigns.slug"), nullable=False),
    Column("digest", ForeignKey("revisions.digest"), nullable=False),
    Column("door", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("ending", String(16)),
    Column("step", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("targets", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("zip", String(5)),
    Column("districts", String(120)),
    Column("sid", String(64), unique=True),
    Column("from_number", String(20), nullable=False),
    Column("phone_hash", HASH),
    Column("phone_enc", Text),
    Column("network", HASH),
    Column("referral", String(200)),
    Column("consent", ForeignKey("consents.id")),
    Column("consented", Utc),
    Column("parent", String(32)),
    Column("reason", String(40)),
    # Millionths of the carrier's currency; empty until it is booked after the call.
    Column("cost", BigInteger),
    Column("price_due", Utc),
    Column("created", Utc, nullable=False),
    Column("heard", Utc),
    Column("answered", Utc),
    Column("ended", Utc),
    CheckConstraint("step >= 0", name="step"),
    CheckConstraint("(stage = 'ended') = (ended IS NOT NULL)", name="ended"),
    Index("ix_calls_phone_hash_created", "phone_hash", "created"),
    Index("ix_calls_network_created", "network", "created"),
    Index("ix_calls_slug_created", "slug", "created"),
    # Not by `heard`, which each hook changes: PostgreSQL would write every index anew with it.
    Index("ix_calls_live", "created", sqlite_where=LIVE, postgresql_where=LIVE),
    Index(
        "ix_calls_erasable",
        "ended",
        sqlite_where=text("phone_enc IS NOT NULL"),
        postgresql_where=text("phone_enc IS NOT NULL"),
    ),
    Index("ix_calls_unbooked", "ended", sqlite_where=UNBOOKED, postgresql_where=UNBOOKED),
    # Of the last hour only: asked for by every look at how things stand.
    Index("ix_calls_refused", "created", sqlite_where=REFUSED, postgresql_where=REFUSED),
    Index("ix_calls_unpriced", "price_due", sqlite_where=UNPRICED, postgresql_where=UNPRICED),
)

legs = Table(
    "legs",
    metadata,
    Column("call", ForeignKey("calls.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("target", String(80), nullable=False),
    Column("name", String(200), nullable=False),
    Column("office", String(120), nullable=False),
    Column("city", String(120), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("sid", String(64), unique=True),
    Column("outcome", String(16)),
    Column("seconds", Integer),
    Column("started", Utc, nullable=False),
    Column("ended", Utc),
    Index("ix_legs_phone_started", "phone", "started"),
    Index("ix_legs_target_started", "target", "started"),
)

_STANDING = text("NOT superseded")

answers = Table(
    "answers",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("call", ForeignKey("calls.id"), nullable=False),
    Column("leg", Integer, nullable=False),
    Column("question", String(80), nullable=False),
    Column("meaning", String(20), nullable=False),
    Column("source", String(12), nullable=False),
    Column("at", Utc, nullable=False),
    Column("superseded", Boolean, nullable=False),
    Index(
        "uq_answers_standing",
        "call",
        "leg",
        "question",
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    ),
    Index("ix_answers_call", "call"),
)

facts = Table(
    "facts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("call", ForeignKey("calls.id"), nullable=False, index=True),
    Column("step", Integer, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Utc, nullable=False),
)

# One ring at a time for one number. A ring-back waits beside the call that asked for it.
_IN_FLIGHT = text(
    "state IN ('claimed', 'dialing', 'unknown', 'placed') OR (state = 'planned' AND kind = 'now')"
)
# Conditions are written out wherever they are asked for, so that both databases see that a
# partial index answers: of half a million planned rows none is looked at in vain.
MOVING = text("state IN ('claimed', 'dialing', 'unknown', 'placed')")
UNFINISHED = text("state IN ('planned', 'claimed', 'dialing', 'unknown', 'placed')")
# Said, so that no attempt of a drive is in these: a list has half a million of them.
_OCCURRENCE = text("appointment IS NOT NULL")
# An appointment has one occurrence at a time that is planned or rings.
_UNFINISHED_OCCURRENCE = text(f"{_OCCURRENCE} AND {UNFINISHED}")
HELD = text("held IS NOT NULL")
DUE = text("state = 'planned' AND kind = 'drive'")
# A drive's attempts wait for the drive's plan, not for the next free slot.
WAITING = text("state = 'planned' AND kind <> 'drive'")
TO_FOLLOW = text(
    "over_at IS NULL AND kind = 'drive' AND state IN ('done', 'failed', 'suppressed', 'expired')"
)
LATEST = text("latest AND kind = 'drive'")

attempts = Table(
    "attempts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("call", ForeignKey("calls.id"), index=True),
    Column("phone_hash", HASH, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("run_at", Utc, nullable=False),
    Column("owner", String(64)),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("lease_until", Float),
    Column("dialing_at", Utc),
    Column("checks", Integer, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("reason", String(40)),
    # What only a drive's attempts have: whose, for which office, and what became of it. Such an
    # attempt gets its call when it is dialled.
    Column("drive", ForeignKey("drives.id")),
    # What only an appointment's has; it gets its call when it is dialled, too.
    Column("appointment", ForeignKey("appointments.id")),
    Column("contact", ForeignKey("contacts.id"), index=True),
    Column("bucket", Integer),
    Column("office", String(20)),
    Column("latest", Boolean, nullable=False, server_default=text("false")),
    Column("result", String(16)),
    Column("over_at", Utc),
    # What is held for its call until that is booked, for which campaign, and the area code rung.
    Column("held", BigInteger),
    Column("held_for", String(80)),
    Column("area", String(3)),
    CheckConstraint(
        "state IN ('planned', 'claimed', 'dialing', 'unknown', 'placed', 'done', 'failed',"
        " 'suppressed', 'expired')",
        name="state",
    ),
    CheckConstraint("kind IN ('now', 'ring-back', 'drive', 'appointment')", name="kind"),
    CheckConstraint("kind <> 'drive' OR (drive IS NOT NULL AND contact IS NOT NULL)", name="drive"),
    CheckConstraint("kind IN ('drive', 'appointment') OR call IS NOT NULL", name="call"),
    CheckConstraint("(kind = 'appointment') = (appointment IS NOT NULL)", name="appointment"),
    Index(
        "uq_attempts_in_flight",
        "phone_hash",
        unique=True,
        sqlite_where=_IN_FLIGHT,
        postgresql_where=_IN_FLIGHT,
    ),
    Index(
        "uq_attempts_appointment",
        "appointment",
        unique=True,
        sqlite_where=_UNFINISHED_OCCURRENCE,
        postgresql_where=_UNFINISHED_OCCURRENCE,
    ),
    Index(
        "ix_attempts_appointment",
        "appointment",
        sqlite_where=_OCCURRENCE,
        postgresql_where=_OCCURRENCE,
    ),
    Index("ix_attempts_waiting", "run_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_attempts_moving", "office", "drive", sqlite_where=MOVING, postgresql_where=MOVING),
    Index("ix_attempts_held", "state", sqlite_where=HELD, postgresql_where=HELD),
    Index("ix_attempts_due", "bucket", "run_at", "id", sqlite_where=DUE, postgresql_where=DUE),
    Index("ix_attempts_to_follow", "drive", sqlite_where=TO_FOLLOW, postgresql_where=TO_FOLLOW),
    Index("ix_attempts_latest", "drive", "state", sqlite_where=LATEST, postgresql_where=LATEST),
)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("phone_hash", HASH, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("call", String(32)),
)

offices = Table(
    "offices",
    metadata,
    Column("phone", String(20), primary_key=True),
    Column("resting_until", Utc),
)

pace = Table(
    "pace",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("next_free", Float, nullable=False),
    # What the carrier's refusals leave of the rate, and the drives' virtual time.
    Column("rate", Float),
    Column("strikes", Integer, nullable=False, server_default="0"),
    Column("closed_until", Float, nullable=False, server_default="0"),
    Column("changed", Float, nullable=False, server_default="0"),
    Column("clock", Float, nullable=False, server_default="0"),
    CheckConstraint("id = 1", name="one_row"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("bucket", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)
