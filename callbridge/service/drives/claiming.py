"""Takes an attempt of a drive and judges it by every guard, in one transaction; rings nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken

from callbridge.domain import admission, pacing
from callbridge.domain.call import Shift
from callbridge.domain.campaign import Campaign
from callbridge.domain.drives import Claimed, DriveRecord, DriveState, Person
from callbridge.domain.installation import Installation
from callbridge.domain.pacing import Dial
from callbridge.domain.records import AttemptState, CampaignRecord, CampaignState, Usage
from callbridge.errors import TooManyError
from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.drives import bounds
from callbridge.service.drives.looking import View, may_ring, office_of, on_the_way_to
from callbridge.service.phones import local_time_of
from callbridge.service.placing import limits_of, place_of
from callbridge.service.shifts import shift_of
from callbridge.service.storage import Unit
from callbridge.service.views import PublishedCampaign

_log = log(__name__)

_CLOSED = timedelta(minutes=15)
_JITTER = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A claim that every guard let pass, and what the guards read on the way."""

    claimed: Claimed
    published: PublishedCampaign
    phone: str
    language: str
    shift: Shift | None
    here: Installation


def claim(ctx: Context, view: View, dial: Dial, owner: str) -> Held | None:
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
        found = unit.drives.with_campaign(claimed.drive)
        if found is None:
            let_go(unit, claimed, None)
            return None
        drive, campaign = found
        if not goes_on(view, claimed, drive, campaign, now):
            let_go(unit, claimed, drive)
            return None
        published = ctx.shelf.published(unit, campaign)
        # Not the campaign: what all of it share is judged last, and for a moment.
        unit.guards.lock(claimed.person.phone_hash, dial.office)
        phone = _phone_of(ctx, claimed)
        if phone is None:
            unit.attempts.finish(claimed.attempt, AttemptState.SUPPRESSED, reason="erased")
            return None
        if not _may_be_rung(ctx, unit, view, claimed, published.campaign, phone=phone, now=now):
            return None
        language = _language(claimed.person, published.campaign)
        shift = shift_of(ctx, unit, drive.shift[1:], language) if drive.shift else None
        here = unit.installation.read()
        # Last, for everybody who claims waits for its lock.
        if not bounds.within(
            ctx, unit, view, claimed, drive, campaign=published.campaign, phone=phone
        ):
            return None
    return Held(
        claimed=claimed,
        published=published,
        phone=phone,
        language=language,
        shift=shift,
        here=here,
    )


def _may_be_rung(
    ctx: Context,
    unit: Unit,
    view: View,
    claimed: Claimed,
    campaign: Campaign,
    *,
    phone: str,
    now: datetime,
) -> bool:
    """Tell whether person, limits and office let it be now; else the claim is closed or back."""
    slug = view.drives[claimed.drive].slug
    usage = unit.guards.usage_of_number(hashes=ctx.vault.hashes(phone), slug=slug, now=now)
    if usage.opted_out:
        unit.attempts.finish(claimed.attempt, AttemptState.SUPPRESSED, reason="opted-out")
        return False
    later = _later(ctx, claimed, campaign, usage, phone)
    if later is not None:
        # Chance, so that a list that was turned away together does not come back together.
        later *= 1 + _JITTER * ctx.chance()
        unit.drive_attempts.give_back(claimed, run_at=now + later)
        return False
    if not _office_has_room(ctx, unit, view, claimed, now):
        unit.drive_attempts.give_back(claimed)
        return False
    return True


def _language(person: Person, campaign: Campaign) -> str:
    return person.language if person.language in campaign.languages else campaign.language


def goes_on(
    view: View,
    claimed: Claimed,
    drive: DriveRecord,
    campaign: CampaignRecord,
    *moments: datetime,
) -> bool:
    """Tell whether the drive runs, its campaign is live and this person's hours are open then."""
    return (
        drive.state is DriveState.RUNNING
        and campaign.state is CampaignState.LIVE
        and all(may_ring(drive, view.buckets[claimed.bucket], one) for one in moments)
    )


def let_go(unit: Unit, claimed: Claimed, drive: DriveRecord | None) -> None:
    """Give a claim back, or close it where its drive is over."""
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


def _office_has_room(ctx: Context, unit: Unit, view: View, claimed: Claimed, now: datetime) -> bool:
    """Tell whether the office still has a place; the claim is counted among those on the way.

    It is judged as the plan judged it, each drive's people by what is known of that drive: a
    harder question here would take the plan's slots from people for whose office there is room.
    """
    if claimed.office is None:
        return True
    load = unit.offices.loads([claimed.office], now=now, longest_seconds=ctx.settings.call_seconds)[
        claimed.office
    ]
    on_the_way = on_the_way_to(unit.drive_attempts.coming(claimed.office), view.reach)
    office = office_of(ctx, load, on_the_way, now=0.0)
    return pacing.has_room(office, 0.0, now=0.0)


def _phone_of(ctx: Context, claimed: Claimed) -> str | None:
    if claimed.person.phone_enc is None:
        return None
    try:
        return ctx.vault.decrypt(claimed.person.phone_enc)
    except InvalidToken:
        _log.warning("phone_key_gone", attempt=claimed.attempt)
        return None
