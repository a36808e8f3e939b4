"""Begins the call of an appointment whose time has come: judged again, committed as dialing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from callbridge.domain import admission
from callbridge.domain.appointments import Due, Weekly, judge
from callbridge.domain.call import Call, Door
from callbridge.domain.congress import Place
from callbridge.domain.flow import begin, needs_district
from callbridge.domain.records import (
    AppointmentRecord,
    AttemptRecord,
    AttemptState,
    CallRecord,
    CampaignState,
)
from callbridge.errors import TooManyError
from callbridge.service.appointments.reaching import reach
from callbridge.service.context import Context
from callbridge.service.money.ceilings import hold
from callbridge.service.phones import phone_of
from callbridge.service.placing import limits_of
from callbridge.service.storage import Unit
from callbridge.service.views import PublishedCampaign
from callbridge.service.worlds import look_up, place_world

_ENDS = {"opted-out", "erased"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """An appointment whose time has come, its campaign as it is now, and where its person lives."""

    mine: AppointmentRecord
    published: PublishedCampaign
    place: Place | None
    now: datetime


def begin_call(ctx: Context, attempt: AttemptRecord) -> CallRecord | None:
    """Commit a claimed attempt as `dialing` with a call of its own; None when it must not ring.

    The call is begun now, so it has today's members and the campaign as it stands.
    """
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        mine = unit.appointments.get(attempt.appointment or 0, lock=True)
        if mine is None or mine.ended is not None:
            unit.attempts.finish(attempt.id, AttemptState.SUPPRESSED, reason="stopped")
            return None
        place, _ = look_up(ctx, mine.zip, now)
        due = _Due(mine=mine, published=ctx.shelf.find(unit, mine.slug), place=place, now=now)
        refusal = _refusal(ctx, unit, due, attempt)
        record = None if refusal else _record(ctx, unit, due)
        if refusal is not None or record is None:
            state, reason = refusal or (AttemptState.SUPPRESSED, "no-target")
            unit.attempts.finish(attempt.id, state, reason=reason)
            if reason in _ENDS:
                unit.appointments.end([mine.id], at=now, reason=reason)
            return None
        if _spent(ctx, unit, due, attempt):
            unit.attempts.finish(attempt.id, AttemptState.SUPPRESSED, reason="budget")
            return None
        if not unit.pace.take(ctx.settings.calls_per_second):
            unit.attempts.give_back(attempt.id, attempt.fence)
            return None
        if not unit.attempts.dialing(attempt.id, attempt.fence, at=now):
            return None
        unit.calls.add(record)
        unit.appointments.begun(attempt.id, call=record.id)
    return record


def _refusal(
    ctx: Context, unit: Unit, due: _Due, attempt: AttemptRecord
) -> tuple[AttemptState, str] | None:
    """Say why an appointment must not ring after all, None when it may."""
    mine, published, now = due.mine, due.published, due.now
    phone = phone_of(ctx, mine)
    if phone is None:
        return AttemptState.SUPPRESSED, "erased"
    if unit.guards.opted_out(ctx.vault.hashes(phone)):
        return AttemptState.SUPPRESSED, "opted-out"
    if published.state is not CampaignState.LIVE:
        return AttemptState.SUPPRESSED, published.state.value
    if judge(attempt.run_at, now=now) is Due.EXPIRED:
        return AttemptState.EXPIRED, "late"
    if not reach(published.campaign, due.place, phone).allows(now):
        return AttemptState.EXPIRED, "hours"
    usage = unit.guards.usage(hashes=ctx.vault.hashes(phone), network=None, slug=mine.slug, now=now)
    try:
        # The claim itself is what is in progress: the unique index let no other be.
        admission.check_usage(
            replace(usage, in_progress=False), limits_of(ctx.settings), published.campaign
        )
    except TooManyError:
        return AttemptState.SUPPRESSED, "limit"
    return None


def _spent(ctx: Context, unit: Unit, due: _Due, attempt: AttemptRecord) -> bool:
    """Hold what the call may cost; tell whether that passes a ceiling."""
    phone = phone_of(ctx, due.mine)
    return phone is not None and bool(hold(ctx, unit, attempt.id, slug=due.mine.slug, phone=phone))


def _record(ctx: Context, unit: Unit, due: _Due) -> CallRecord | None:
    mine, published, place, now = due.mine, due.published, due.place, due.now
    campaign = published.campaign
    language = mine.language if mine.language in campaign.languages else campaign.language
    district = mine.district if place and mine.district in place.districts else None
    call = begin(
        campaign,
        place_world(ctx, campaign, place, now),
        language=language,
        door=Door.APPOINTMENT,
        district=district,
    )
    if place is not None and not call.targets and not needs_district(call, campaign, place):
        return None
    return CallRecord(
        id=ctx.token(),
        token=ctx.token(),
        slug=mine.slug,
        digest=published.digest,
        call=_going_on(unit, mine, call),
        created=now,
        from_=campaign.number or ctx.needed_carrier().number,
        phone_hash=mine.phone_hash,
        phone_enc=mine.phone_enc,
        consent=mine.consent,
        # The key on the phone sets it, as evidence of this very call.
        consented=None,
        heard=now,
        parent=mine.parent,
    )


def _going_on(unit: Unit, mine: AppointmentRecord, call: Call) -> Call:
    """Leave out whom the call that asked for this one has reached, unless that was everybody."""
    if isinstance(mine.rule, Weekly):
        return replace(call, slot=tuple(sorted(mine.rule.days)))
    before = unit.calls.by_id(mine.parent) if mine.parent else None
    if before is None:
        return call
    done = {leg.target for leg in before.call.legs if leg.outcome is not None}
    left = tuple(target for target in call.targets if target.id not in done)
    return replace(call, targets=left or call.targets)
