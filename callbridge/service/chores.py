"""The housekeeping jobs themselves: each does one chore and says in a sentence what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callbridge.domain.deliveries import MailWish
from callbridge.domain.jobs import Schedule
from callbridge.domain.nouns import many
from callbridge.errors import DirectoryError
from callbridge.service.blocs import arrange_blocs
from callbridge.service.context import Context
from callbridge.service.deliveries.handing_out import hand_out
from callbridge.service.deliveries.sending import forget_old
from callbridge.service.erasing import erase_due
from callbridge.service.mailing import is_set_up, tell
from callbridge.service.money.booking import ask_prices, book_ended
from callbridge.service.reporting import post_nightly
from callbridge.service.rolling import roll_up
from callbridge.service.settling import settle_stuck
from callbridge.service.trying import count_tried

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


def _always(_: Context) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A chore with its rhythm. `work` returns what it did; `off` why it does not run here."""

    name: str
    words: str
    schedule: Schedule
    work: Callable[[Context], str]
    off: Callable[[Context], str | None] = _always


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What every dialer does again and again, without taking turns; `did` says how much."""

    name: str
    words: str
    schedule: Schedule
    did: str
    off: Callable[[Context], str | None] = _always


def reconcile(ctx: Context) -> str:
    """Ask the carrier about calls and legs without news."""
    over = settle_stuck(ctx)
    return f"{over} had ended without our knowing." if over else "No call is stuck."


def count_days(ctx: Context) -> str:
    """Bring the counts by day up to date."""
    return f"Counted {roll_up(ctx)} changes and calls."


def gather_blocs(ctx: Context) -> str:
    """Count the members of each chamber and party together."""
    changed = arrange_blocs(ctx.store, ctx.directory, ctx.clock.now().date())
    return f"{changed} members and offices changed their bloc."


def book(ctx: Context) -> str:
    """Book what calls cost that are over."""
    return f"Booked {many(book_ended(ctx), 'call')}."


def price(ctx: Context) -> str:
    """Correct what was booked by the carrier's own prices."""
    return f"Learned the price of {many(ask_prices(ctx), 'call')}."


def retain(ctx: Context) -> str:
    """Erase what the retention clocks say is due."""
    erased = erase_due(ctx)
    return (
        f"Erased {many(erased.numbers, 'number')}, {many(erased.hashes, 'hash', 'hashes')}; "
        f"reduced {many(erased.zips, 'ZIP')} to their districts; "
        f"forgot {many(erased.people, 'person', 'people')} of lists."
    )


def forget_counters(ctx: Context) -> str:
    """Drop the counters of past minutes and the dialers that went away without a word."""
    before = int(ctx.clock.now().timestamp() - HOUR) // 60
    with ctx.store.writing() as unit:
        counts = unit.guards.forget_counts(before=before)
        silent = unit.jobs.forget_dialers(silent_for=DAY)
    return f"Forgot {counts} counters and {silent} dialers that are gone."


def tend_database(ctx: Context) -> str:
    """Let the database look after itself, and count the attempts that are over."""
    count_tried(ctx.store)
    return ctx.store.tend()


def renew_directory(ctx: Context) -> str:
    """Fetch the directory; take it up when the difference is sane, else hold it."""
    if ctx.renewer is None:
        raise DirectoryError("The directory is not updated by itself here.")
    said = ctx.renewer.renew(today=ctx.clock.now().date())
    if ctx.renewer.waits():
        with ctx.store.writing() as unit:
            tell(
                ctx,
                unit,
                MailWish.DIRECTORY_HELD,
                subject="A change of the directory waits for you",
                text=f"{said}\n",
            )
    return said


def mail_reports(ctx: Context) -> str:
    """Mail the reports of the night."""
    return post_nightly(ctx)


def _no_mail(ctx: Context) -> str | None:
    return None if is_set_up(ctx) else "No mail server is set up: SMTP_URL, MAIL_FROM."


def _no_carrier(ctx: Context) -> str | None:
    return "There is no carrier to ask." if ctx.carrier is None else None


def _not_renewed(ctx: Context) -> str | None:
    if ctx.renewer is not None:
        return None
    return "DIRECTORY_UPDATE is off here (by itself only where real telephones ring)."


def hand(ctx: Context) -> str:
    """Make a message for each webhook of what was written down."""
    return f"Handed out {hand_out(ctx)} facts."


def forget_deliveries(ctx: Context) -> str:
    """Forget webhooks' and mails' deliveries of a month ago."""
    return f"Forgot {forget_old(ctx)} deliveries."


QUICK: tuple[Job, ...] = (
    Job(
        name="reconcile",
        words="Calls and legs without news: the carrier is asked",
        schedule=Schedule(every=5.0, lease=300.0),
        work=reconcile,
        off=_no_carrier,
    ),
    Job(
        name="rollups",
        words="Answers and legs are counted by day",
        schedule=Schedule(every=5.0, lease=300.0),
        work=count_days,
    ),
    Job(
        name="webhooks",
        words="What happened is handed out to webhooks",
        schedule=Schedule(every=1.0, lease=120.0),
        work=hand,
    ),
    Job(
        name="spending",
        words="Calls that are over are booked by what they cost",
        schedule=Schedule(every=5.0, lease=120.0),
        work=book,
    ),
)

# Whatever may take long stands here: it has a thread of its own.
SLOW: tuple[Job, ...] = (
    Job(
        name="retention",
        words="Numbers, hashes and ZIPs are erased when due",
        schedule=Schedule(every=10 * MINUTE, lease=10 * MINUTE),
        work=retain,
    ),
    Job(
        name="deliveries",
        words="Deliveries that ended long ago are forgotten",
        schedule=Schedule(every=HOUR),
        work=forget_deliveries,
    ),
    Job(
        name="prices",
        words="The carrier is asked what calls really cost",
        schedule=Schedule(every=MINUTE, lease=30 * MINUTE),
        work=price,
        off=_no_carrier,
    ),
    Job(
        name="counters",
        words="Counters of past minutes are forgotten",
        schedule=Schedule(every=10 * MINUTE),
        work=forget_counters,
    ),
    Job(
        name="reports",
        words="The reports of the night are mailed",
        schedule=Schedule(every=10 * MINUTE, lease=10 * MINUTE),
        work=mail_reports,
        off=_no_mail,
    ),
    Job(
        name="upkeep",
        words="The database is looked after",
        schedule=Schedule(every=HOUR, lease=10 * MINUTE),
        work=tend_database,
    ),
    Job(
        name="blocs",
        words="Members of one chamber or party are counted together",
        schedule=Schedule(every=HOUR, lease=10 * MINUTE),
        work=gather_blocs,
    ),
    Job(
        name="directory",
        words="Members, offices and ZIPs are brought up to date",
        schedule=Schedule(every=DAY, lease=30 * MINUTE),
        work=renew_directory,
        off=_not_renewed,
    ),
)

JOBS = QUICK + SLOW

# What the dialer's loop does by itself; written down every few seconds.
ROUNDS: tuple[Round, ...] = (
    Round(
        name="beat",
        words="The dialer says that it is alive",
        schedule=Schedule(every=5.0),
        did="It is.",
    ),
    Round(
        name="place",
        words="Calls that wait are placed",
        schedule=Schedule(every=0.25),
        did="{} were asked for in the last seconds.",
        off=_no_carrier,
    ),
    Round(
        name="drives",
        words="People of drives are rung",
        schedule=Schedule(every=0.25),
        did="{} were rung in the last seconds.",
        off=_no_carrier,
    ),
    Round(
        name="follow-up",
        words="What follows a try that is over is decided",
        schedule=Schedule(every=1.0),
        did="{} tries were followed up in the last seconds.",
    ),
    Round(
        name="appointments",
        words="Rings at a time are planned",
        schedule=Schedule(every=1.0),
        did="Every one that is due soon was looked at.",
    ),
    Round(
        name="look-after",
        words="Drives are looked after: answers judged, ends seen",
        schedule=Schedule(every=1.0),
        did="Every running drive was looked at.",
    ),
    Round(
        name="texts",
        words="Texts after calls are sent",
        schedule=Schedule(every=1.0),
        did="{} were sent in the last seconds.",
        off=_no_carrier,
    ),
    Round(
        name="settle-unknown",
        words="Calls that may have rung are settled",
        schedule=Schedule(every=1.0),
        did="{} were settled in the last seconds.",
    ),
    Round(
        name="deliver",
        words="Webhooks and mail are sent",
        schedule=Schedule(every=0.25),
        did="{} receivers had something in the last seconds.",
    ),
)
