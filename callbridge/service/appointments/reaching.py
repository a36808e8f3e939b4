"""Finds out when a supporter may be rung, from the ZIP or the number; rings nobody."""

from __future__ import annotations

from callbridge.domain import zones
from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Place
from callbridge.domain.reach import Reach
from callbridge.domain.records import CallRecord
from callbridge.service.context import Context
from callbridge.service.hours import is_federal_holiday, is_open
from callbridge.service.phones import DEFAULT_ZONE, phone_of
from callbridge.service.worlds import look_up


def reach(campaign: Campaign, place: Place | None, phone: str) -> Reach:
    """Return when a number may be rung: by its ZIP's clock, by its area code's without one."""
    where = (place.zone,) if place is not None else zones.area_of(phone).zones
    return Reach(zones=where, hours=campaign.hours, holidays=is_federal_holiday)


def reach_of_call(ctx: Context, record: CallRecord, campaign: Campaign) -> Reach | None:
    """Return when the supporter of a call may be rung, None without a number."""
    phone = phone_of(ctx, record)
    if phone is None:
        return None
    place, _ = look_up(ctx, record.call.zip, ctx.clock.now())
    return reach(campaign, place, phone)


def all_closed(ctx: Context, campaign: Campaign) -> bool:
    """Tell whether every office that a campaign dials first is closed now, whatever the ZIP."""
    now = ctx.clock.now()
    first = {row.offices[0].zone for row in campaign.local if row.offices}
    if campaign.chambers or not first:
        first.add(DEFAULT_ZONE)
    return not any(is_open(zone, now, recess=campaign.recess) for zone in first)
