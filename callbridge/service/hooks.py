"""What the carrier's hooks do to a call: each is one transaction, and a repeated one is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from callbridge.domain.admission import within
from callbridge.domain.call import Asking, Call, Choice, Door, Outcome, Stage
from callbridge.domain.campaign import Campaign
from callbridge.domain.events import Answered, BridgeEnded, Event, Keyed
from callbridge.domain.flow import begin, speak
from callbridge.domain.instructions import HangUp, Instruction, Say
from callbridge.domain.prompts import defaults
from callbridge.domain.records import CallRecord, CampaignState
from callbridge.domain.telephony import CarrierStatus, DialResult, Hook
from callbridge.errors import NotFoundError, PhoneError
from callbridge.logs import log
from callbridge.service import phones
from callbridge.service.context import Context
from callbridge.service.handing_over import hand_over
from callbridge.service.moving import move
from callbridge.service.placing import limits_of
from callbridge.service.shifts import on_the_line
from callbridge.service.statuses import bind, outcome_of
from callbridge.service.statuses import inbound_status as inbound_status  # noqa: PLC0414
from callbridge.service.statuses import status as status  # noqa: PLC0414
from callbridge.service.storage import Unit
from callbridge.service.views import PublishedCampaign, Spoken
from callbridge.service.worlds import place_world

_log = log(__name__)

# 9 opts out everywhere, so a menu of campaigns has eight lines.
_MENU_KEYS = "12345678"


def voice(ctx: Context, token: str, step: int, hook: Hook) -> Spoken:
    """Take a hook of the conversation and say what comes next.

    A hook for another step than the call stands at moves nothing and gets the same words again.
    Raises NotFoundError for an unknown token, ForgedHookError for another call's sid.
    """
    with ctx.store.writing() as unit:
        record = unit.calls.by_token(token)
        if record is None:
            raise NotFoundError("There is no such call.")
        record = on_the_line(unit, record, hook.sid)
        record = bind(unit, record, hook.sid)
        if token == record.token and step == record.call.step:
            _bind_leg(unit, record, hook)
            record = move(ctx, unit, record, event_of(hook))
            if record.call.passed_on is not None:
                record = hand_over(ctx, unit, record)
        campaign = ctx.shelf.campaign(unit, record.digest)
    return _spoken(ctx, record, campaign)


def inbound(ctx: Context, hook: Hook) -> Spoken:
    """Answer somebody who dialled a campaign's number; a repeated hook finds the same call."""
    with ctx.store.writing() as unit:
        record = unit.calls.by_sid(hook.sid)
        if record is None:
            found = _campaigns_on(ctx, unit, hook.to)
            live = [one for one in found if _answers_now(ctx, one, hook.from_)]
            if not live:
                name = "paused" if _paused(found) else "unavailable"
                return Spoken(instructions=_goodbye(found, name), token="", step=0)
            record = _call_in(ctx, unit, hook, live)
        if record.call.stage is Stage.PLACING:
            record = move(ctx, unit, record, Answered())
        campaign = ctx.shelf.campaign(unit, record.digest)
    return _spoken(ctx, record, campaign)


def sorry(ctx: Context, token: str | None) -> tuple[Instruction, ...]:
    """Say sorry for a fault of ours and end kindly, in the call's language where it is known."""
    if token is None:
        return _apology("en")
    with ctx.store.reading() as unit:
        record = unit.calls.by_token(token, lock=False)
    return _apology(record.call.language if record else "en")


def event_of(hook: Hook) -> Event:
    """Return what a hook of the conversation means."""
    if hook.dialled is not None:
        outcome = dialled_outcome(hook.dialled)
        return BridgeEnded(
            outcome=outcome,
            seconds=hook.dialled.seconds if outcome is Outcome.CONNECTED else None,
            supporter_gone=hook.status is not None and hook.status.final,
        )
    if hook.digits is not None:
        return Keyed(digits=hook.digits)
    return Answered()


def dialled_outcome(dialled: DialResult) -> Outcome:
    """Return how an office leg went; `completed` without a bridge reached nobody."""
    if dialled.status is CarrierStatus.COMPLETED and dialled.bridged is False:
        return Outcome.NO_ANSWER
    return outcome_of(dialled.status)


def _bind_leg(unit: Unit, record: CallRecord, hook: Hook) -> None:
    if hook.dialled is not None and hook.dialled.sid and record.call.leg:
        unit.calls.bind_leg(record.id, record.call.leg, hook.dialled.sid)


def _spoken(ctx: Context, record: CallRecord, campaign: Campaign) -> Spoken:
    # What was keyed is committed by now: a fault in the words must not undo it.
    try:
        words = speak(_last_words(record.call), campaign, organization=ctx.organization(campaign))
    except Exception:  # noqa: BLE001 - logged, and answered in words
        _log.exception("cannot_speak", call=record.id, digest=record.digest)
        words = _apology(record.call.language)
    return Spoken(instructions=words, token=record.token, step=record.call.step)


def _last_words(call: Call) -> Call:
    """Return a call that should have been passed on, and was not, as it says goodbye."""
    if call.passed_on is None:
        return call
    return replace(call, stage=Stage.OFFERING, asking=Asking.LAST)


def _campaigns_on(ctx: Context, unit: Unit, number: str) -> list[PublishedCampaign]:
    shared = ctx.carrier is not None and number == ctx.carrier.number
    records = unit.campaigns.on_number(number, shared=shared)
    return [ctx.shelf.published(unit, record) for record in records]


def _answers_now(ctx: Context, one: PublishedCampaign, from_: str) -> bool:
    """Tell whether a campaign takes this call: live, and within its own hours if it has any."""
    hours = one.campaign.hours
    if one.state is not CampaignState.LIVE:
        return False
    phone = _callable_number(ctx, from_)
    zone = (hours.zone if hours else None) or (phones.zone_of(phone) if phone else None)
    return within(hours, ctx.clock.now().astimezone(ZoneInfo(zone or phones.DEFAULT_ZONE)))


def _paused(found: Sequence[PublishedCampaign]) -> bool:
    return any(one.state is CampaignState.PAUSED for one in found)


def _call_in(ctx: Context, unit: Unit, hook: Hook, live: Sequence[PublishedCampaign]) -> CallRecord:
    now = ctx.clock.now()
    first = live[0]
    phone = _callable_number(ctx, hook.from_)
    ringable = phone is not None and _may_ring_back(ctx, unit, phone, first)
    world = place_world(ctx, first.campaign, None, now)
    call = begin(
        first.campaign,
        world,
        language=first.campaign.language,
        door=Door.CALL_IN,
        ringable=ringable,
    )
    if len(live) > 1:
        call = replace(call, targets=(), menu=_menu(live))
    record = CallRecord(
        id=ctx.token(),
        token=ctx.token(),
        slug=first.slug,
        digest=first.digest,
        call=call,
        created=now,
        from_=hook.to,
        sid=hook.sid,
        phone_hash=ctx.vault.hash(phone) if phone else None,
        phone_enc=ctx.vault.encrypt(phone) if phone else None,
        heard=now,
    )
    if unit.calls.add(record):
        return record
    # The same hook came twice at once and the other one was first.
    found = unit.calls.by_sid(hook.sid)
    if found is None:
        raise NotFoundError("There is no such call.")
    return found


def _menu(live: Sequence[PublishedCampaign]) -> tuple[Choice, ...]:
    return tuple(
        Choice(key=key, value=one.slug, words=one.campaign.wording().title)
        for key, one in zip(_MENU_KEYS, live, strict=False)
    )


def _callable_number(ctx: Context, text: str) -> str | None:
    try:
        return phones.read_phone(text, regions=ctx.settings.phone_regions, loopback=ctx.on_loopback)
    except PhoneError:
        return None


def _may_ring_back(ctx: Context, unit: Unit, phone: str, first: PublishedCampaign) -> bool:
    # Caller ids can be made up: an offer to ring back keeps the limits of every other door.
    usage = unit.guards.usage(
        hashes=ctx.vault.hashes(phone), network=None, slug=first.slug, now=ctx.clock.now()
    )
    limits = limits_of(ctx.settings)
    return (
        not usage.opted_out
        and not usage.in_progress
        and usage.number_hour < limits.number_hour
        and usage.number_day < limits.number_day
    )


def _goodbye(found: Sequence[PublishedCampaign], name: str) -> tuple[Instruction, ...]:
    campaign: Campaign | None = found[0].campaign if found else None
    language = campaign.language if campaign else "en"
    return (Say(text=defaults(language)[name], language=language), HangUp())


def _apology(language: str) -> tuple[Instruction, ...]:
    return (Say(text=defaults(language)["sorry"], language=language), HangUp())
