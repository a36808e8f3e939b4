"""Finds what a shift goes on with: the next campaign that has somebody for this supporter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from callbridge.domain import admission
from callbridge.domain.call import Call, Choice, Door, Shift
from callbridge.domain.campaign import Campaign
from callbridge.domain.flow import begin, needs_district
from callbridge.domain.records import CallRecord, CampaignState
from callbridge.service.context import Context
from callbridge.service.phones import local_time_of, phone_of
from callbridge.service.storage import Unit
from callbridge.service.worlds import look_up, place_world


def shift_of(ctx: Context, unit: Unit, slugs: Sequence[str], language: str) -> Shift:
    """Return a shift that goes on with these campaigns, named in a language."""
    return Shift(
        campaigns=tuple(
            Choice(
                key="",
                value=slug,
                words=ctx.shelf.find(unit, slug).campaign.wording(language).title,
            )
            for slug in slugs
        )
    )


def offered(ctx: Context, unit: Unit, campaign: Campaign, language: str) -> Shift | None:
    """Return the shift that supporters may ask for by themselves, None where there is none.

    A campaign that is not published, or not live at this moment, is left out.
    """
    if campaign.shift is None:
        return None
    found = (unit.campaigns.get(slug) for slug in campaign.shift)
    live = [one.slug for one in found if one is not None and one.state is CampaignState.LIVE]
    return shift_of(ctx, unit, live, language)


def titles(ctx: Context, campaign: Campaign, language: str) -> Sequence[str] | None:
    """Return what comes after a campaign in a shift, None where it offers no shifts."""
    if campaign.shift is None:
        return None
    with ctx.store.reading() as unit:
        shift = offered(ctx, unit, campaign, language)
    return [choice.words for choice in shift.campaigns] if shift else None


def on_the_line(unit: Unit, record: CallRecord, sid: str) -> CallRecord:
    """Return the call that has a line now: another one, where this one was passed on."""
    if record.call.passed_on is None:
        return record
    return unit.calls.by_sid(sid) or record


def next_call(ctx: Context, unit: Unit, record: CallRecord) -> CallRecord | None:
    """Return a call of the next campaign that has somebody for this supporter; not written yet."""
    shift = record.call.shift
    left = shift.campaigns if shift else ()
    for at, choice in enumerate(left, start=1):
        call = _begin(ctx, unit, record, choice.value)
        if call is None:
            continue
        return replace(
            record,
            id=ctx.token(),
            token=ctx.token(),
            slug=choice.value,
            digest=ctx.shelf.find(unit, choice.value).digest,
            call=replace(call, shift=Shift(campaigns=left[at:])),
            sid=None,
            created=ctx.clock.now(),
            heard=ctx.clock.now(),
            answered=None,
            ended=None,
            consented=None,
            reason=None,
            parent=record.id,
        )
    return None


def _begin(ctx: Context, unit: Unit, record: CallRecord, slug: str) -> Call | None:
    now = ctx.clock.now()
    published = ctx.shelf.find(unit, slug)
    campaign, old = published.campaign, record.call
    place, _ = look_up(ctx, old.zip, now)
    phone = phone_of(ctx, record)
    if published.state is not CampaignState.LIVE or phone is None:
        return None
    if not admission.within(campaign.hours, local_time_of(campaign, place, phone, now)):
        return None
    known = place is not None and old.district in place.districts
    call = begin(
        campaign,
        place_world(ctx, campaign, place, now),
        language=old.language if old.language in campaign.languages else campaign.language,
        door=Door.SHIFT,
        district=old.district if known else None,
    )
    if place is not None and not call.targets and not needs_district(call, campaign, place):
        return None
    return call
