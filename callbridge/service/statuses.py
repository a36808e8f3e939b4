"""What the carrier reports beside the conversation: legs that rang, ended or never were."""

from __future__ import annotations

from dataclasses import replace

from callbridge.domain.call import Ending, Outcome
from callbridge.domain.events import Event, HungUp, LegReported, NotReached
from callbridge.domain.records import CallRecord, LegRecord
from callbridge.domain.telephony import CarrierStatus, Hook
from callbridge.errors import ForgedHookError, NotFoundError
from callbridge.service.context import Context
from callbridge.service.moving import move
from callbridge.service.shifts import on_the_line
from callbridge.service.storage import Unit

# What binds an office leg: that it was answered or is over. So a bound leg that is not over is a
# conversation, which the call's page shows.
_SETTLED = {one for one in CarrierStatus if one.final} | {CarrierStatus.IN_PROGRESS}


def status(ctx: Context, token: str, hook: Hook) -> None:
    """Take a status callback of the supporter's leg or of an office leg, in any order.

    Raises NotFoundError for an unknown token, ForgedHookError for another call's sid.
    """
    with ctx.store.writing() as unit:
        record = unit.calls.by_token(token)
        if record is None:
            raise NotFoundError("There is no such call.")
        if hook.parent_sid is None:
            record = on_the_line(unit, record, hook.sid)
        _take(ctx, unit, record, hook)


def inbound_status(ctx: Context, hook: Hook) -> None:
    """Take a status callback of a number's own webhook; one of no call of ours is ignored.

    A call that came in while its campaign was paused was never ours.
    """
    with ctx.store.writing() as unit:
        record = unit.calls.by_sid(hook.parent_sid or hook.sid)
        if record is not None:
            _take(ctx, unit, record, hook)


def bind(unit: Unit, record: CallRecord, sid: str) -> CallRecord:
    """Bind the sid that a hook brought first; raise ForgedHookError for another one."""
    if record.sid == sid:
        return record
    if record.sid is not None or not unit.calls.bind(record.id, sid):
        raise ForgedHookError("This hook speaks of another call.")
    unit.attempts.placed(record.id)
    return replace(record, sid=sid)


def outcome_of(status: CarrierStatus) -> Outcome:
    """Return a final state of the carrier in the words of a leg."""
    match status:
        case CarrierStatus.COMPLETED | CarrierStatus.IN_PROGRESS:
            return Outcome.CONNECTED
        case CarrierStatus.BUSY:
            return Outcome.BUSY
        case CarrierStatus.FAILED:
            return Outcome.FAILED
        case _:
            return Outcome.NO_ANSWER


def _take(ctx: Context, unit: Unit, record: CallRecord, hook: Hook) -> None:
    if hook.parent_sid is None:
        record = bind(unit, record, hook.sid)
        if hook.status is not None and hook.status.final:
            move(ctx, unit, record, over_event(hook.status))
        return
    if record.sid is not None and record.sid != hook.parent_sid:
        raise ForgedHookError("This hook speaks of another call.")
    leg = leg_of(unit.calls.legs(record.id), sid=hook.sid, phone=hook.to)
    if leg is None:
        return
    if leg.sid is None and hook.status in _SETTLED:
        unit.calls.bind_leg(record.id, leg.number, hook.sid)
    if hook.status is not None and hook.status.final:
        move(ctx, unit, record, leg_event(leg.number, hook.status, hook.seconds))


def over_event(status: CarrierStatus) -> Event:
    """Return what the end of the supporter's leg means for the call."""
    match status:
        case CarrierStatus.BUSY:
            return NotReached(ending=Ending.BUSY)
        case CarrierStatus.NO_ANSWER | CarrierStatus.CANCELED:
            return NotReached(ending=Ending.NO_ANSWER)
        case CarrierStatus.FAILED:
            return NotReached(ending=Ending.FAILED)
        case _:
            return HungUp()


def leg_event(number: int, status: CarrierStatus, seconds: int | None) -> Event:
    """Return what the end of an office leg means."""
    outcome = outcome_of(status)
    heard = seconds if outcome is Outcome.CONNECTED else None
    return LegReported(leg=number, outcome=outcome, seconds=heard)


def leg_of(legs: list[LegRecord], *, sid: str, phone: str) -> LegRecord | None:
    """Return the leg a callback speaks of: by its sid, else the newest unbound one to the number.

    An office dialled again in the same call is never mistaken for the first time: that is bound.
    """
    bound = next((leg for leg in legs if leg.sid == sid), None)
    if bound is not None:
        return bound
    return next((leg for leg in reversed(legs) if leg.sid is None and leg.phone == phone), None)
