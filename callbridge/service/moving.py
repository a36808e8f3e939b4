"""Moves a call by one event and writes what that leaves, in the transaction it is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from callbridge.domain.call import Call, Door, Ending, Stage
from callbridge.domain.events import Answered, Event, NotReached, OfficeBusy, World
from callbridge.domain.facts import (
    AnswerGiven,
    AnswerWithdrawn,
    CallEnded,
    CampaignChosen,
    Consented,
    Fact,
    LegEnded,
    LegStarted,
    LegWithdrawn,
    OfficeReportedFullOrDead,
    OptedOut,
    OptOutUndone,
    RingAsked,
    RingBackAsked,
    SlotMoved,
    SlotStopped,
)
from callbridge.domain.flow import advance, wants_reach
from callbridge.domain.records import AttemptKind, AttemptState, CallRecord, LegRecord
from callbridge.errors import ConflictError
from callbridge.service.after.links import remember
from callbridge.service.appointments.ending import end_all
from callbridge.service.appointments.keyed import agree, hashes_of
from callbridge.service.appointments.reaching import reach_of_call
from callbridge.service.context import Context
from callbridge.service.deliveries.telling import (
    tell_answer,
    tell_ended,
    tell_opt_out,
    tell_withdrawn,
)
from callbridge.service.shifts import next_call
from callbridge.service.storage import Unit
from callbridge.service.worlds import event_world

_UNREACHED = frozenset({Ending.NOT_PLACED, Ending.FAILED, Ending.BUSY, Ending.NO_ANSWER})


def move(
    ctx: Context, unit: Unit, record: CallRecord, event: Event, *, reason: str | None = None
) -> CallRecord:
    """Return the call after an event; written already, with all its facts.

    The row must be locked by the transaction. Raises ConflictError when it moved all the same.
    """
    now = ctx.clock.now()
    campaign = ctx.shelf.campaign(unit, record.digest)
    reach = reach_of_call(ctx, record, campaign) if wants_reach(record.call, event) else None
    world = event_world(
        ctx, unit, call=record.call, event=event, campaign=campaign, now=now, reach=reach
    )
    call, facts = advance(record.call, event, campaign, world)
    call, facts = _reserve(ctx, unit, call, facts, digest=record.digest, world=world)
    if call == record.call and not facts:
        return record
    moved = replace(record, call=call, heard=now, reason=reason or record.reason)
    if isinstance(event, Answered):
        moved = replace(moved, answered=record.answered or now)
    moved = _write(ctx, unit, moved, facts, now)
    targets_changed = call.targets != record.call.targets
    if not unit.calls.save(moved, step=record.call.step, targets_changed=targets_changed):
        raise ConflictError("This call moved on in the meantime.")
    unit.calls.add_facts(record.id, call.step, facts, now)
    return moved


def end(
    ctx: Context, unit: Unit, record: CallRecord, ending: Ending, *, reason: str | None = None
) -> CallRecord:
    """End a call that never reached its supporter."""
    return move(ctx, unit, record, NotReached(ending=ending), reason=reason)


def _started(facts: tuple[Fact, ...]) -> LegStarted | None:
    gone = {fact.leg for fact in facts if isinstance(fact, LegWithdrawn)}
    live = [fact for fact in facts if isinstance(fact, LegStarted) and fact.leg not in gone]
    return live[-1] if live else None


def _reserve(
    ctx: Context, unit: Unit, call: Call, facts: tuple[Fact, ...], *, digest: str, world: World
) -> tuple[Call, tuple[Fact, ...]]:
    """Take a place at the office about to be dialled, or let the flow choose something else."""
    settings = ctx.settings
    while (started := _started(facts)) is not None:
        wait = unit.offices.reserve(
            started.phone,
            now=world.now,
            most=settings.office_max_calls,
            per_minute=settings.office_calls_per_minute,
            longest_seconds=settings.call_seconds,
        )
        if wait is None:
            return call, facts
        campaign = ctx.shelf.campaign(unit, digest)
        call, more = advance(call, OfficeBusy(wait_seconds=wait), campaign, world)
        facts = (*facts, *more)
        if not more:
            break
    return call, facts


def _write(
    ctx: Context, unit: Unit, record: CallRecord, facts: tuple[Fact, ...], now: datetime
) -> CallRecord:
    started = _started(facts)
    for fact in facts:
        match fact:
            case LegStarted() if fact is started:
                unit.calls.add_leg(_leg(record, fact, now))
            case LegEnded():
                unit.calls.end_leg(
                    record.id, fact.leg, outcome=fact.outcome, seconds=fact.seconds, at=now
                )
            case AnswerGiven():
                changed = unit.calls.add_answer(record.id, fact, now)
                tell_answer(unit, record, fact, changed=changed, at=now)
            case AnswerWithdrawn():
                unit.calls.withdraw_answer(record.id, fact.leg, fact.question)
                tell_withdrawn(unit, record, fact, at=now)
            case OfficeReportedFullOrDead():
                rest = timedelta(seconds=ctx.settings.office_rest_seconds)
                unit.offices.rest(fact.phone, now + rest)
            case Consented():
                record = replace(record, consented=record.consented or now)
            case CampaignChosen():
                chosen = ctx.shelf.find(unit, fact.slug)
                record = replace(record, slug=chosen.slug, digest=chosen.digest)
            case CallEnded():
                record = _end(ctx, unit, record, fact, now)
                tell_ended(unit, record, fact, at=now)
            case OptedOut() | OptOutUndone() | RingBackAsked():
                _promise(ctx, unit, record, fact, now)
            case RingAsked() | SlotMoved() | SlotStopped():
                agree(ctx, unit, record, fact)
            case _:
                pass
    return record


def _promise(
    ctx: Context,
    unit: Unit,
    record: CallRecord,
    fact: OptedOut | OptOutUndone | RingBackAsked,
    now: datetime,
) -> None:
    if record.phone_hash is None:
        return
    match fact:
        case OptedOut():
            unit.guards.opt_out(record.phone_hash, call=record.id, at=now)
            end_all(ctx, unit, hashes_of(ctx, record), reason="opted-out", by=record.id)
            tell_opt_out(unit, record, at=now)
        case OptOutUndone():
            unit.guards.undo_opt_out([record.phone_hash], call=record.id)
            unit.appointments.revive(record.id)
        case RingBackAsked():
            plan_ring_back(ctx, unit, record, now + timedelta(seconds=fact.after_seconds))


def _end(
    ctx: Context, unit: Unit, record: CallRecord, fact: CallEnded, now: datetime
) -> CallRecord:
    unit.calls.release_legs(record.id, now)
    state = AttemptState.FAILED if fact.ending in _UNREACHED else AttemptState.DONE
    unit.attempts.over(record.id, state, reason=fact.ending.value)
    remember(ctx, unit, record)
    return replace(record, ended=now)


def _leg(record: CallRecord, fact: LegStarted, now: datetime) -> LegRecord:
    target = next((t for t in record.call.targets if t.id == fact.target), None)
    offices = target.offices if target else ()
    office = next((o for o in offices if o.id == fact.office), None)
    return LegRecord(
        call=record.id,
        number=fact.leg,
        target=fact.target,
        name=target.name if target else fact.target,
        office=fact.office,
        city=office.city if office else "",
        phone=fact.phone,
        sid=None,
        outcome=None,
        seconds=None,
        started=now,
        ended=None,
    )


def plan_ring_back(ctx: Context, unit: Unit, record: CallRecord, run_at: datetime) -> str | None:
    """Plan a new call to the same supporter; None when one waits already or the number is gone."""
    if record.phone_hash is None or record.phone_enc is None:
        return None
    unit.guards.lock(record.phone_hash)
    if unit.attempts.ring_back_planned((record.phone_hash,)):
        return None
    if record.call.shift is not None and record.call.shift.turn:
        following = next_call(ctx, unit, record)
        if following is not None:
            call = replace(following.call, door=Door.RING_BACK)
            return _plan_again(unit, replace(following, call=call), run_at)
    old = record.call
    done = {leg.target for leg in old.legs if leg.outcome is not None}
    targets = tuple(target for target in old.targets if target.id not in done)
    call = Call(
        language=old.language,
        door=Door.RING_BACK,
        stage=Stage.PLACING,
        zip=old.zip,
        city=old.city,
        state=old.state,
        district=old.district,
        house_left_out=old.house_left_out,
        targets=targets,
        shift=replace(old.shift, turn=False) if old.shift else None,
    )
    again = replace(
        record,
        id=ctx.token(),
        token=ctx.token(),
        call=call,
        sid=None,
        created=ctx.clock.now(),
        heard=None,
        answered=None,
        ended=None,
        reason=None,
        parent=record.id,
    )
    return _plan_again(unit, again, run_at)


def _plan_again(unit: Unit, again: CallRecord, run_at: datetime) -> str:
    unit.calls.add(again)
    unit.attempts.plan(again.id, again.phone_hash or "", run_at=run_at, kind=AttemptKind.RING_BACK)
    return again.id
