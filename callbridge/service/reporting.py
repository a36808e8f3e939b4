"""Puts a campaign's one-page report together and mails it every night; prints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from callbridge.domain import report as lines
from callbridge.domain.deliveries import MailWish
from callbridge.domain.health import Trouble
from callbridge.domain.nouns import many
from callbridge.domain.report import Faulty, Line, Report
from callbridge.domain.selection import Selection
from callbridge.errors import RefusedError
from callbridge.service import mailing
from callbridge.service.board import board
from callbridge.service.codebook import CAVEAT
from callbridge.service.context import Context
from callbridge.service.figures import figures
from callbridge.service.health import suspects
from callbridge.service.mailing import Attachment
from callbridge.service.ports import Printer
from callbridge.service.scoping import dialled, scope_of

MOST_LINES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A report as mail."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


def report(ctx: Context, slug: str) -> Report:
    """Return a campaign's report as of now. Raises NotFoundError."""
    now = ctx.clock.now()
    shown, stands = figures(ctx, slug, Selection()), board(ctx, slug)
    campaign = shown.campaign.campaign
    yesterday = Selection(since=(now - timedelta(days=1)).date())
    with ctx.store.reading() as unit:
        known = dialled(ctx, unit, slug)
        lately = unit.figures.funnel(scope_of(slug, yesterday, known))
    members = [
        Line(name=row.who.name, seat=row.who.seat or row.who.title, estimate=row.estimate)
        for row in stands.rows
    ]
    places = Counter(line.estimate.position for line in members if line.estimate.position)
    return Report(
        slug=slug,
        title=campaign.wording(campaign.language).title,
        organization=ctx.organization(campaign).name,
        at=now.astimezone(ZoneInfo(ctx.settings.report_zone)),
        since=yesterday.since or now.date(),
        chambers=campaign.chambers,
        figures=shown.figures,
        lately=lately,
        members=len(members),
        places=places,
        supporting=lines.supporting(members)[:MOST_LINES],
        open=lines.still_open(members)[:MOST_LINES],
        opposing=lines.opposing(members)[:MOST_LINES],
        faulty=_faulty(ctx, known.zones),
        caveat=CAVEAT,
    )


def _faulty(ctx: Context, offices: Container[str]) -> list[Faulty]:
    found = []
    for one in suspects(ctx):
        number = one.number
        if one.trouble is None or number.office not in offices:
            continue
        count = {
            Trouble.DEAD: number.dead.count,
            Trouble.FULL: number.full.count,
            Trouble.NEVER_ANSWERED: number.unanswered.count,
        }[one.trouble]
        found.append(Faulty(name=number.name, city=number.city, trouble=one.trouble, reports=count))
    return found[:MOST_LINES]


def printer(ctx: Context) -> Printer:
    """Return what prints reports; raise RefusedError where nothing does."""
    if ctx.printer is None:
        raise RefusedError("Reports are not printed here.")
    return ctx.printer


def letter(ctx: Context, slug: str) -> Letter:
    """Return a campaign's report as mail. Raises NotFoundError, RefusedError, PrintingError."""
    found, prints = report(ctx, slug), printer(ctx)
    day = f"{found.at:%Y-%m-%d}"
    return Letter(
        subject=f"{found.title}: {many(found.lately.created, 'call')} since {found.since:%-d %B}",
        text=prints.text(found),
        html=prints.html(found),
        attachments=(
            Attachment(
                name=f"{slug}-{day}.pdf",
                content_type="application/pdf",
                content=prints.pdf(found),
            ),
        ),
    )


def post(ctx: Context, slug: str, *, to: str) -> None:
    """Mail a campaign's report to one address now; as `letter` and `mailing.send` it raises."""
    made = letter(ctx, slug)
    mailing.send(
        ctx,
        to=to,
        subject=made.subject,
        text=made.text,
        html=made.html,
        attachments=made.attachments,
        kind=MailWish.NIGHTLY_REPORT.value,
    )


def post_nightly(ctx: Context) -> str:
    """Mail last night's reports to everybody who asked for them; return what was done.

    A campaign's report goes out once a day, from the hour of REPORT_HOUR on, while anything
    happened on the day before. It is marked as sent where the mail is written, so that a dialer
    that dies sends it neither twice nor never.
    """
    local = ctx.clock.now().astimezone(ZoneInfo(ctx.settings.report_zone))
    if local.hour < ctx.settings.report_hour:
        return f"Reports go out after {ctx.settings.report_hour}:00."
    with ctx.store.reading() as unit:
        wanted = unit.outbox.wishing(MailWish.NIGHTLY_REPORT)
        due = unit.outbox.reports_due(local.date(), since=_midnight(local) - timedelta(days=1))
    if not wanted:
        return "Nobody asked for reports."
    sent = sum(_post_once(ctx, slug, local.date(), wanted) for slug in due)
    return f"Mailed {sent} reports to {len(wanted)} people." if sent else "No report is due."


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _post_once(ctx: Context, slug: str, day: date, wanted: Sequence[str]) -> bool:
    made = letter(ctx, slug)
    with ctx.store.writing() as unit:
        if not unit.outbox.mark_report(slug, day):
            return False  # another dialer was quicker
        mailing.write(
            ctx,
            unit,
            to=wanted,
            subject=made.subject,
            text=made.text,
            html=made.html,
            attachments=made.attachments,
            kind=MailWish.NIGHTLY_REPORT.value,
        )
    return True
