"""Carries a plan out: each attempt claimed, judged again, committed as dialing, then rung once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from cryptography.fernet import InvalidToken

from callbridge.domain import admission, windows
from callbridge.domain.call import Door, Shift
from callbridge.domain.campaign import Campaign
from callbridge.domain.drives import Claimed, DriveRecord, DriveState, Person
from callbridge.domain.flow import begin, needs_district
from callbridge.domain.pacing import Dial, plan
from callbridge.domain.records import (
    AttemptState,
    CallRecord,
    CampaignRecord,
    CampaignState,
    Usage,
)
from callbridge.errors import (
    CarrierError,
    CarrierRefusedError,
    PhoneError,
    RefusedError,
    TooManyError,
)
from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.drives import bounds, running
from callbridge.service.drives.looking import Lookout, View, may_ring, office_of, reach_of
from callbridge.service.phones import local_time_of
from callbridge.service.placing import limits_of, place_of
from callbridge.service.restored import ASK_AGAIN, rung_meanwhile
from callbridge.service.ringing import ring
from callbridge.service.shifts import shift_of
from callbridge.service.storage import Unit
from callbridge.service.views import PublishedCampaign
from callbridge.service.worlds import place_world

_log = log(__name__)

# How long a dialer goes on before it looks after its other work.
_LONGEST = 2.0
_CLOSED = timedelta(minutes=15)
_JITTER = 0.25


class Lines(Protocol):
    """Where requests to the carrier are made, some at once."""

    def free(self) -> bool:
        """Tell whether a request could be made at once."""
        ...

    def submit(self, work: Callable[[], None]) -> None:
        """Make a request, now or in a thread."""
        ...


class OneLine:
    """Makes each request before the next."""

    def free(self) -> bool:
        """Tell that there is nothing to wait for."""
        return True

    def submit(self, work: Callable[[], None]) -> None:
        """Make a request now."""
        work()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A claim that every guard let pass, and what the guards read on the way."""

    claimed: Claimed
    published: PublishedCampaign
    phone: str
    language: str
    shift: Shift | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A call that is committed as dialing, and the number to ring."""

    record: CallRecord
    attempt: int
    phone: str
    drive: str


def place_drives(ctx: Context, *, owner: str, lines: Lines | None = None, most: int = 1000) -> int:
    """Ring the people whom the plan names; return how many requests were made.

    Goes on while there is somebody to ring, for two seconds at most. Nothing is placed without a
    carrier.
    """
    if ctx.carrier is None:
        return 0
    lines = lines or OneLine()
    lookout = Lookout(ctx)
    end = ctx.timer.seconds() + _LONGEST
    asked = 0
    while asked < most and ctx.timer.seconds() < end and lines.free():
        view = lookout.look()
        looked = ctx.timer.seconds()
        dials = plan(view.state, view.now) if view else ()
        if view is None or not dials:
            return asked
        before = asked
        for dial in dials:
            if asked >= most or not lines.free():
                return asked
            waited = ctx.timer.seconds() - looked
            ctx.timer.sleep(max(0.0, dial.at - view.now - waited))
            ready = _dial(ctx, view, dial, owner)
            if ready is not None:
                _hand_over(ctx, lines, ready)
                asked += 1
        if asked == before:
            return asked
    return asked


def _hand_over(ctx: Context, lines: Lines, ready: _Ready) -> None:
    let_go = ctx.timer.hold()

    def work() -> None:
        try:
            _ring(ctx, ready)
        finally:
            let_go()

    lines.submit(work)


def _dial(ctx: Context, view: View, dial: Dial, owner: str) -> _Ready | None:
    held = _claim(ctx, view, dial, owner)
    return _commit(ctx, view, dial, held) if held else None


def _claim(ctx: Context, view: View, dial: Dial, owner: str) -> _Held | None:
    """Take an attempt for a lease and judge it by every guard, in one transaction."""
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        claimed = unit.drive_attempts.claim(
            int(dial.person),
            owner,
            now=now,
            lease_seconds=ctx.settings.lease_seconds,
            office=dial.office,
        )
        if claimed is None:
            return None
        drive = unit.drives.get(claimed.drive)
        campaign = unit.campaigns.get(drive.slug) if drive else None
        if drive is None or campaign is None or not _goes_on(view, claimed, drive, campaign, now):
            _let_go(unit, claimed, drive)
            return None
        published = ctx.shelf.published(unit, campaign)
        unit.guards.lock(claimed.person.phone_hash, f"campaign {drive.slug}", dial.office)
        phone = _phone_of(ctx, claimed)
        if phone is None:
            unit.attempts.finish(claimed.attempt, AttemptState.SUPPRESSED, reason="erased")
            return None
        usage = unit.guards.usage(
            hashes=ctx.vault.hashes(phone), network=None, slug=drive.slug, now=now
        )
        if usage.opted_out:
            unit.attempts.finish(claimed.attempt, AttemptState.SUPPRESSED, reason="opted-out")
            return None
        later = _later(ctx, claimed, published.campaign, usage, phone)
        if later is not None:
            # Chance, so that a list that was turned away together does not come back together.
            later *= 1 + _JITTER * ctx.chance()
            unit.drive_attempts.give_back(claimed, run_at=now + later)
            return None
        if not _office_has_room(ctx, unit, claimed, drive, now):
            unit.drive_attempts.give_back(claimed)
            return None
        language = _language(claimed.person, published.campaign)
        shift = shift_of(ctx, unit, drive.shift[1:], language) if drive.shift else None
        # Last, for everybody who claims waits for its lock.
        if not bounds.within(ctx, unit, claimed, drive, phone=phone):
            return None
    return _Held(claimed=claimed, published=published, phone=phone, language=language, shift=shift)


def _language(person: Person, campaign: Campaign) -> str:
    return person.language if person.language in campaign.languages else campaign.language


def _goes_on(
    view: View, claimed: Claimed, drive: DriveRecord, campaign: CampaignRecord, now: datetime
) -> bool:
    """Tell whether the drive runs, its campaign is live and this person's hours are open."""
    window = windows.read(drive.window, drive.days)
    return (
        drive.state is DriveState.RUNNING
        and campaign.state is CampaignState.LIVE
        and may_ring(window, view.buckets[claimed.bucket], now)
    )


def _let_go(unit: Unit, claimed: Claimed, drive: DriveRecord | None) -> None:
    if drive is not None and drive.state in {DriveState.STOPPED, DriveState.FINISHED}:
        unit.attempts.finish(claimed.attempt, AttemptState.SUPPRESSED, reason=drive.state.value)
    else:
        unit.drive_attempts.give_back(claimed)


def _later(
    ctx: Context, claimed: Claimed, campaign: Campaign, usage: Usage, phone: str
) -> timedelta | None:
    """Return how long a limit or the campaign's own hours keep somebody, None when nothing does."""
    now = ctx.clock.now()
    try:
        # The claim itself is what is in progress: the unique index let no other be.
        admission.check_usage(replace(usage, in_progress=False), limits_of(ctx.settings), campaign)
    except TooManyError as refusal:
        return timedelta(seconds=int(str(refusal.extra["retry_after"])))
    place = place_of(ctx, claimed.person.zip, now)
    local = local_time_of(campaign, place, phone, now)
    return None if admission.within(campaign.hours, local) else _CLOSED


def _office_has_room(
    ctx: Context, unit: Unit, claimed: Claimed, drive: DriveRecord, now: datetime
) -> bool:
    """Tell whether the office still has a place; the claim is counted among those on the way."""
    if claimed.office is None:
        return True
    load = unit.offices.loads([claimed.office], now=now, longest_seconds=ctx.settings.call_seconds)[
        claimed.office
    ]
    reach = reach_of(drive)
    office = office_of(ctx, load, unit.drive_attempts.coming(claimed.office) * reach, now=0.0)
    return (
        office.resting_until == 0.0
        and office.talking + office.on_the_way <= max(office.most, reach)
        and office.started + office.on_the_way <= max(office.per_minute, reach)
    )


def _phone_of(ctx: Context, claimed: Claimed) -> str | None:
    if claimed.person.phone_enc is None:
        return None
    try:
        return ctx.vault.decrypt(claimed.person.phone_enc)
    except InvalidToken:
        _log.warning("phone_key_gone", attempt=claimed.attempt)
        return None


def _commit(ctx: Context, view: View, dial: Dial, held: _Held) -> _Ready | None:
    """Write the call, take the slots, judge the hours once more, commit the attempt as dialing."""
    claimed, phone = held.claimed, held.phone
    record = _record(ctx, held)
    if record is None:
        with ctx.store.writing() as unit:
            unit.attempts.finish(claimed.attempt, AttemptState.SUPPRESSED, reason="no-target")
        return None
    if _rung_meanwhile(ctx, claimed, phone, record.from_):
        return None
    with ctx.store.writing() as unit:
        drive = unit.drives.get(claimed.drive)
        campaign = unit.campaigns.get(held.published.slug)
        now = ctx.clock.now()
        if (
            drive is None
            or campaign is None
            or not _goes_on(view, claimed, drive, campaign, now)
            or not unit.drives.take_turn(claimed.drive, served=dial.served)
            or unit.guards.opted_out(ctx.vault.hashes(phone))
            or not unit.drive_attempts.holds(claimed)
            or not unit.pace.take(ctx.settings.calls_per_second, clock=dial.clock)
        ):
            _let_go(unit, claimed, drive)
            return None
        words = f"A list's own record: {claimed.person.consent_source}"
        consent = unit.guards.consent(words, claimed.person.consent_at)
        unit.calls.add(replace(record, consent=consent, created=now, heard=now))
        unit.drive_attempts.dialing(claimed, record.id, at=now)
    return _Ready(record=record, attempt=claimed.attempt, phone=phone, drive=claimed.drive)


def _rung_meanwhile(ctx: Context, claimed: Claimed, phone: str, from_: str) -> bool:
    """On a restored copy, close an attempt that was rung after the backup was taken."""
    try:
        if not rung_meanwhile(ctx, claimed.attempt, phone=phone, from_=from_, listed=True):
            return False
    except CarrierError as trouble:
        _log.warning("cannot_ask", attempt=claimed.attempt, type=trouble.type)
        with ctx.store.writing() as unit:
            unit.drive_attempts.give_back(claimed, run_at=ctx.clock.now() + ASK_AGAIN)
        return True
    with ctx.store.writing() as unit:
        unit.attempts.finish(claimed.attempt, AttemptState.SUPPRESSED, reason="rung-before-restore")
    return True


def _record(ctx: Context, held: _Held) -> CallRecord | None:
    """Return the call of a person as the campaign is now, None when it has nobody for them."""
    now, person, published = ctx.clock.now(), held.claimed.person, held.published
    campaign = published.campaign
    try:
        place = place_of(ctx, person.zip, now)
    except RefusedError:
        return None
    call = begin(
        campaign, place_world(ctx, campaign, place, now), language=held.language, door=Door.DRIVE
    )
    if place is not None and not call.targets and not needs_district(call, campaign, place):
        return None
    call = replace(call, shift=held.shift)
    return CallRecord(
        id=ctx.token(),
        token=ctx.token(),
        slug=published.slug,
        digest=published.digest,
        call=call,
        created=now,
        from_=campaign.number or ctx.needed_carrier().number,
        phone_hash=person.phone_hash,
        phone_enc=person.phone_enc,
        # The list is the first half of the evidence; the key on the phone sets this.
        consented=None,
        heard=now,
    )


def _ring(ctx: Context, ready: _Ready) -> None:
    try:
        ring(ctx, ready.record, attempt=ready.attempt, phone=ready.phone)
    except PhoneError as refusal:
        _log.warning("not_placed", call=ready.record.id, type=refusal.type)
    except CarrierRefusedError as refusal:
        # It is not about this number: the next person would be refused as well.
        running.pause(ctx, ready.drive, cause=refusal.sentence)
        _log.warning("drive_paused", drive=ready.drive, type=refusal.type)
