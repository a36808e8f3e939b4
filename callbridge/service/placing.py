"""Starts calls: judges the request, commits the row and its attempt, then asks the carrier."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

from callbridge.domain import admission
from callbridge.domain.admission import Limits
from callbridge.domain.call import Call
from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Place
from callbridge.domain.flow import begin, needs_district
from callbridge.domain.records import CallRecord
from callbridge.errors import (
    DistrictError,
    InProgressError,
    NotAZipError,
    RefusedError,
    UnknownZipError,
    ZipRefusedError,
    ZipWithoutTargetError,
)
from callbridge.service import phones
from callbridge.service.after import texting
from callbridge.service.context import Context
from callbridge.service.money.ceilings import check_start
from callbridge.service.ringing import ring
from callbridge.service.shifts import offered
from callbridge.service.storage import Unit
from callbridge.service.views import CallRequest, StartedCall, TargetName
from callbridge.service.worlds import place_world
from callbridge.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """A request that was read: whom to ring, for what, with which targets."""

    request: CallRequest
    campaign: Campaign
    digest: str
    phone: str
    place: Place | None
    call: Call
    now: datetime


def start_call(ctx: Context, request: CallRequest) -> StartedCall:
    """Ring a supporter, or plan it when the pace has no free slot.

    Raises the RefusedErrors of admission, PhoneError, ZipRefusedError, ZipWithoutTargetError,
    DistrictError, NotFoundError, NoCarrierError, CarrierRefusedError. A create whose fate is
    unknown counts as started: the dialer settles it.
    """
    carrier = ctx.needed_carrier()
    start = _read(ctx, request)
    record = _record(ctx, start, from_=start.campaign.number or carrier.number)
    with ctx.store.writing() as unit:
        record = _admit(ctx, unit, start, record)
        ringing = unit.pace.take(ctx.settings.calls_per_second)
        attempt = unit.attempts.plan(
            record.id,
            record.phone_hash or "",
            run_at=start.now,
            dialing_at=start.now if ringing else None,
        )
        if attempt is None:
            raise InProgressError("This number already has a call in progress.")
        check_start(ctx, unit, attempt, slug=record.slug, phone=start.phone)
        wait = 0 if ringing else expected_wait(ctx, unit, start.now)
    if ringing:
        wait = ring(ctx, record, attempt=attempt, phone=start.phone)
    return StartedCall(
        call=record.id,
        campaign=record.slug,
        from_=record.from_,
        targets=[TargetName(target=t.id, name=t.name) for t in start.call.targets],
        needs_district=needs_district(start.call, start.campaign, start.place),
        wait_seconds=wait,
    )


def expected_wait(ctx: Context, unit: Unit, now: datetime) -> int:
    """Return the whole seconds until a call planned now may ring, by the shared pace."""
    ahead = max(0, unit.attempts.waiting(now) - 1)
    return max(1, math.ceil(unit.pace.wait() + ahead / ctx.settings.calls_per_second))


def limits_of(settings: Settings) -> Limits:
    """Return the limits that every door shares."""
    return Limits(
        number_hour=settings.limit_number_hour,
        number_day=settings.limit_number_day,
        network_hour=settings.limit_network_hour,
        campaign_minute=settings.limit_campaign_minute,
    )


def _read(ctx: Context, request: CallRequest) -> _Start:
    with ctx.store.reading() as unit:
        published = ctx.shelf.find(unit, request.slug)
        campaign = published.campaign
        wanted = request.language if request.language in campaign.languages else None
        language = wanted or campaign.language
        shift = offered(ctx, unit, campaign, language) if request.shift else None
    if request.shift and shift is None:
        raise RefusedError("This campaign offers no shifts.")
    admission.check_consent(request.consent)
    admission.check_state(published.state)
    phone = phones.read_phone(
        request.phone, regions=ctx.settings.phone_regions, loopback=ctx.on_loopback
    )
    now = ctx.clock.now()
    place = place_of(ctx, request.zip, now)
    call = begin(
        campaign,
        place_world(ctx, campaign, place, now),
        language=language,
        door=request.door,
        district=district_of(place, request.district),
    )
    if place is not None:
        check_targets(call, campaign, place)
    return _Start(
        request=request,
        campaign=campaign,
        digest=published.digest,
        phone=phone,
        place=place,
        call=replace(call, shift=shift),
        now=now,
    )


def place_of(ctx: Context, zip_text: str | None, now: datetime) -> Place | None:
    """Return a ZIP's place, None without a ZIP. Raises ZipRefusedError, NobodyThereError."""
    if zip_text is None or not zip_text.strip():
        return None
    try:
        return ctx.directory.lookup(zip_text, on=now.date())
    except (NotAZipError, UnknownZipError) as refusal:
        raise ZipRefusedError(refusal.sentence, kind=refusal.type) from refusal


def district_of(place: Place | None, text: str | None) -> str | None:
    """Return the district asked for, one of the place's. Raises DistrictError."""
    if text is None or not text.strip():
        return None
    if place is None:
        raise DistrictError("A district needs its ZIP too.")
    wanted = text.strip().upper()
    if wanted not in place.districts:
        known = ", ".join(place.districts) or "none"
        raise DistrictError(f"{wanted} is no district of {place.zip}; it has: {known}.")
    return wanted


def check_targets(call: Call, campaign: Campaign, place: Place) -> None:
    """Raise ZipWithoutTargetError when nobody can be called from a place for this campaign."""
    if call.targets or needs_district(call, campaign, place):
        return
    raise ZipWithoutTargetError(
        place.reason or f"Nobody whom this campaign calls represents {place.zip} at the moment."
    )


def _record(ctx: Context, start: _Start, *, from_: str) -> CallRecord:
    network = start.request.network
    return CallRecord(
        id=ctx.token(),
        token=ctx.token(),
        slug=start.request.slug,
        digest=start.digest,
        call=start.call,
        created=start.now,
        from_=from_,
        phone_hash=ctx.vault.hash(start.phone),
        phone_enc=ctx.vault.encrypt(start.phone),
        network=ctx.vault.network(network) if network else None,
        referral=printable(start.request.referral),
        consented=start.now,
        heard=start.now,
    )


def printable(text: str | None) -> str | None:
    """Return at most 200 characters of a referral, without control characters."""
    return "".join(one for one in text or "" if one.isprintable())[:200] or None


def _admit(ctx: Context, unit: Unit, start: _Start, record: CallRecord) -> CallRecord:
    """Judge the request under lock and write the call; raises the refusals of admission."""
    unit.guards.lock(record.phone_hash, record.network, f"campaign {record.slug}")
    published = unit.campaigns.get(record.slug)
    if published is not None:
        admission.check_state(published.state)
    usage = unit.guards.usage(
        hashes=ctx.vault.hashes(start.phone),
        network=record.network,
        slug=record.slug,
        now=start.now,
    )
    admission.check_usage(usage, limits_of(ctx.settings), start.campaign)
    local = phones.local_time_of(start.campaign, start.place, start.phone, start.now)
    admission.check_hours(start.campaign.hours, local)
    words = start.request.consent_words
    record = replace(record, consent=unit.guards.consent(words, start.now) if words else None)
    unit.calls.add(record)
    if start.request.text_words:
        texting.plan_after(ctx, unit, record, start.request.text_words)
    return record
