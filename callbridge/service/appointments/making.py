"""Takes an appointment from a page: judged as a call is, kept, its first ring planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from callbridge.domain import admission
from callbridge.domain.appointments import (
    Appointment,
    OneOff,
    Slot,
)
from callbridge.domain.call import Door
from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Place
from callbridge.domain.flow import begin
from callbridge.domain.reach import Reach
from callbridge.domain.records import AppointmentRecord
from callbridge.errors import (
    AlreadyPlannedError,
    AppointmentError,
    OptedOutError,
    TooManyError,
)
from callbridge.service import phones
from callbridge.service.appointments.planning import plan_next
from callbridge.service.appointments.reaching import reach
from callbridge.service.appointments.wishes import Wish, rule_of
from callbridge.service.context import Context
from callbridge.service.placing import check_targets, district_of, limits_of, place_of
from callbridge.service.storage import Unit
from callbridge.service.views import CallRequest, PublishedCampaign
from callbridge.service.worlds import place_world

MOST_A_NUMBER = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request that was read."""

    published: PublishedCampaign
    phone: str
    place: Place | None
    district: str | None
    reach: Reach
    rule: Appointment
    opening: bool


def make(ctx: Context, request: CallRequest, wish: Wish) -> str:
    """Keep an appointment and plan its first ring; return the token of its link.

    Raises what starting a call raises, AppointmentError for a time at which nobody is rung, and
    AlreadyPlannedError when the number has one of this kind for this campaign.
    """
    ctx.needed_carrier()
    now = ctx.clock.now()
    asked = _read(ctx, request, wish, now)
    hashes = ctx.vault.hashes(asked.phone)
    network = ctx.vault.network(request.network) if request.network else None
    with ctx.store.writing() as unit:
        unit.guards.lock(ctx.vault.hash(asked.phone), network)
        _admit(ctx, unit, asked, hashes=hashes, network=network)
        words = request.consent_words
        record = unit.appointments.add(
            AppointmentRecord(
                id=0,
                token=ctx.token(),
                slug=request.slug,
                rule=asked.rule,
                opening=asked.opening,
                language=request.language or asked.published.campaign.language,
                zip=asked.place.zip if asked.place else None,
                district=asked.district,
                phone_hash=ctx.vault.hash(asked.phone),
                phone_enc=ctx.vault.encrypt(asked.phone),
                network=network,
                consent=unit.guards.consent(words, now) if words else None,
                consented=now,
                created=now,
            )
        )
        plan_next(ctx, unit, record)
    return record.token


def _read(ctx: Context, request: CallRequest, wish: Wish, now: datetime) -> _Asked:
    with ctx.store.reading() as unit:
        published = ctx.shelf.find(unit, request.slug)
    campaign = published.campaign
    admission.check_consent(request.consent)
    admission.check_state(published.state)
    phone = phones.read_phone(
        request.phone, regions=ctx.settings.phone_regions, loopback=ctx.on_loopback
    )
    place = place_of(ctx, request.zip, now)
    when = reach(campaign, place, phone)
    opening = wish.opening
    district = district_of(place, request.district)
    rule = _opening(ctx, campaign, place, when, now) if opening else rule_of(wish, when, now)
    return _Asked(
        published=published,
        phone=phone,
        place=place,
        district=district,
        reach=when,
        rule=rule,
        opening=opening,
    )


def _opening(
    ctx: Context, campaign: Campaign, place: Place | None, when: Reach, now: datetime
) -> OneOff:
    call = begin(
        campaign,
        place_world(ctx, campaign, place, now),
        language=campaign.language,
        door=Door.APPOINTMENT,
    )
    if place is not None:
        check_targets(call, campaign, place)
    zones = {target.offices[0].zone for target in call.targets if target.offices}
    # Before the district or the ZIP is known, Washington is where the phones are.
    at = when.offices_open(zones or {"America/New_York"}, now=now, recess=campaign.recess)
    if at is None:
        raise AppointmentError("The offices do not open within two weeks.")
    local = at.astimezone(ZoneInfo(when.zone))
    return OneOff(
        zone=when.zone, slot=Slot(day=local.date(), minute=local.hour * 60 + local.minute)
    )


def _admit(
    ctx: Context, unit: Unit, asked: _Asked, *, hashes: Sequence[str], network: str | None
) -> None:
    now, slug = ctx.clock.now(), asked.published.slug
    if unit.guards.opted_out(hashes):
        raise OptedOutError(
            "The owner of this number asked us never to call it again, so we do not."
        )
    mine = unit.appointments.open_of(hashes)
    # A form proves nothing about who sends it: it may add a ring, never move another's.
    if any(one.slug == slug and type(one.rule) is type(asked.rule) for one in mine):
        raise AlreadyPlannedError(
            "This number has such a call planned already. Use its link, or the keypad when it "
            "rings, to change it."
        )
    if len(mine) >= MOST_A_NUMBER:
        raise TooManyError("This number has several calls planned already.", retry_after=86_400)
    if network is not None:
        usage = unit.guards.usage(hashes=hashes, network=network, slug=slug, now=now)
        asked_for = unit.appointments.asked_from(network, since=now - timedelta(hours=1))
        if usage.network_hour + asked_for >= limits_of(ctx.settings).network_hour:
            raise TooManyError(
                "Many calls were asked for from your network within an hour. "
                "Please try again in an hour.",
                retry_after=3_600,
            )
