"""Finds out what became of calls that we know too little about, by asking the carrier."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from callbridge.domain.call import Ending, Stage
from callbridge.domain.records import AttemptRecord, AttemptState, CallRecord
from callbridge.domain.telephony import CarrierCall
from callbridge.errors import CarrierError
from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.moving import end, move
from callbridge.service.phones import phone_of
from callbridge.service.statuses import leg_event, leg_of, over_event

_log = log(__name__)

# The carrier's clock may be a little behind ours, and its records have whole seconds.
CLOCK_SLACK = timedelta(seconds=5)
# How many attempts the carrier is asked about at once.
ASKED_AT_ONCE = 8
# A ringing call is asked about this long after it must have been picked up or given up,
SILENT_RING = timedelta(seconds=30)
# any other call after this long without a hook.
SILENT_CALL = timedelta(minutes=5)


def settle_unknown(ctx: Context) -> int:
    """Settle attempts that may have rung; return how many are settled now.

    The carrier is asked at each of UNKNOWN_CHECKS seconds after the request, in any state: an
    unanswered call counts. One that it still does not know at the last check was not placed.
    """
    now = ctx.clock.now()
    before = now - timedelta(seconds=ctx.settings.lease_seconds)
    due = [now - timedelta(seconds=check) for check in ctx.settings.unknown_checks]
    with ctx.store.reading() as unit:
        open_attempts = unit.attempts.unsettled(before=before, due=due)
    if not open_attempts:
        return 0
    # Some at once: a carrier that is unwell lets each question wait for ten seconds.
    with ThreadPoolExecutor(min(ASKED_AT_ONCE, len(open_attempts)), "settling") as threads:
        return sum(threads.map(lambda one: _settle(ctx, one, now), open_attempts))


def _settle(ctx: Context, attempt: AttemptRecord, now: datetime) -> bool:
    checks = ctx.settings.unknown_checks
    since = attempt.dialing_at or attempt.run_at
    with ctx.store.reading() as unit:
        record = unit.calls.by_id(attempt.call)
    if record is None or ctx.carrier is None:
        return False
    if record.sid is not None:
        with ctx.store.writing() as unit:
            unit.attempts.placed(record.id)
        return True
    try:
        found = _legs_of(ctx, record, since)
    except CarrierError as trouble:
        _log.warning("cannot_ask", call=record.id, type=trouble.type)
        return False
    # Legs that are all bound are other calls': of this one the carrier knows nothing.
    if found and _adopt(ctx, record, found):
        return True
    # After an outage the times that passed unasked need no question each: what matters is that
    # the carrier was asked after the last of them.
    passed = sum(now >= since + timedelta(seconds=check) for check in checks)
    return _not_found(ctx, attempt, passed, last=passed >= len(checks))


def _legs_of(ctx: Context, record: CallRecord, since: datetime) -> Sequence[CarrierCall]:
    """List the carrier's legs that can be this attempt's, the oldest first."""
    phone = phone_of(ctx, record)
    if phone is None or ctx.carrier is None:
        return ()
    start = since - CLOCK_SLACK
    listed = ctx.carrier.find(to=phone, from_=record.from_, since=start)
    ours = [leg for leg in listed if leg.parent_sid is None and leg.created >= start]
    return sorted(ours, key=lambda leg: (leg.created, leg.sid))


def _adopt(ctx: Context, record: CallRecord, found: Sequence[CarrierCall]) -> bool:
    with ctx.store.writing() as unit:
        taken = unit.calls.bound([leg.sid for leg in found])
        free = next((leg for leg in found if leg.sid not in taken), None)
        current = unit.calls.by_id(record.id, lock=True)
        if free is None or current is None or not unit.calls.bind(record.id, free.sid):
            return False
        unit.attempts.placed(record.id)
        if free.status.final:
            move(ctx, unit, current, over_event(free.status))
    _log.info("adopted", call=record.id)
    return True


def _not_found(ctx: Context, attempt: AttemptRecord, passed: int, *, last: bool) -> bool:
    with ctx.store.writing() as unit:
        if not last:
            unit.attempts.checked(attempt.id, passed)
            return False
        current = unit.calls.by_id(attempt.call, lock=True)
        if current is None or current.sid is not None:
            return False
        unit.attempts.finish(attempt.id, AttemptState.FAILED, reason="not-placed")
        end(ctx, unit, current, Ending.NOT_PLACED, reason="unknown")
    _log.warning("never_placed", call=attempt.call)
    return True


def settle_stuck(ctx: Context) -> int:
    """Ask the carrier about calls without news; return how many had ended without our knowing."""
    if ctx.carrier is None:
        return 0
    now = ctx.clock.now()
    ring = timedelta(seconds=ctx.settings.ring_seconds)
    with ctx.store.reading() as unit:
        silent = unit.calls.silent(placing=now - ring - SILENT_RING, others=now - SILENT_CALL)
    return sum(_ask(ctx, record, now) for record in silent)


def _ask(ctx: Context, record: CallRecord, now: datetime) -> bool:
    if ctx.carrier is None or record.sid is None:
        return False
    try:
        leg = ctx.carrier.fetch(record.sid)
        children = ctx.carrier.children(record.sid) if record.call.legs else ()
    except CarrierError as trouble:
        _log.warning("cannot_ask", call=record.id, type=trouble.type)
        return False
    over = leg is None or leg.status.final
    with ctx.store.writing() as unit:
        current = unit.calls.by_id(record.id, lock=True)
        if current is None or current.call.stage is Stage.ENDED:
            return False
        # In one order: what ends may let offices rest, and their rows are locked one by one.
        for child in sorted(children, key=lambda leg: (leg.to, leg.sid)):
            if child.status.final:
                row = leg_of(unit.calls.legs(record.id), sid=child.sid, phone=child.to)
                if row is not None:
                    unit.calls.bind_leg(record.id, row.number, child.sid)
                    event = leg_event(row.number, child.status, child.seconds)
                    current = move(ctx, unit, current, event)
        if leg is None:
            end(ctx, unit, current, Ending.FAILED, reason="forgotten")
        elif over:
            move(ctx, unit, current, over_event(leg.status))
        else:
            unit.calls.heard(record.id, now)
    return over
