"""Goes on with the next campaign of a shift on the same line; a conversation is a call as usual."""

from __future__ import annotations

from dataclasses import replace

from callbridge.domain.budget import Period
from callbridge.domain.events import Answered, Keyed
from callbridge.domain.moves import not_passed_on
from callbridge.domain.records import CallRecord
from callbridge.service.context import Context
from callbridge.service.money.ceilings import hold, in_the_way
from callbridge.service.moving import move
from callbridge.service.phones import phone_of
from callbridge.service.shifts import next_call
from callbridge.service.storage import Unit


def hand_over(ctx: Context, unit: Unit, record: CallRecord) -> CallRecord:
    """Return the call with which the line of a call that was passed on goes on, at its briefing.

    The carrier's sid moves to it, and with it everything that is still to come on this line. The
    call itself comes back, with the reason that it says, when no campaign that is left has anybody
    for this supporter, and when the money for another conversation is spent.
    """
    following = next_call(ctx, unit, record)
    phone, drive = phone_of(ctx, record), unit.attempts.drive_of(record.id)
    if following is None or record.sid is None or phone is None:
        return _closed(unit, record, "turn_nobody")
    spent = in_the_way(ctx, unit, slug=following.slug, phone=phone, drive=drive)
    if spent is not None:
        today = spent.period is Period.DAY
        return _closed(unit, record, "turn_spent_today" if today else "turn_spent")
    unit.calls.save(replace(record, sid=None), step=record.call.step, targets_changed=False)
    following = replace(following, sid=record.sid, answered=record.answered)
    unit.calls.add(following)
    if following.phone_hash is not None:
        now = ctx.clock.now()
        # The phone is on the line: nobody else may ring it meanwhile.
        attempt = unit.attempts.plan(
            following.id, following.phone_hash, run_at=now, dialing_at=now, drive=drive
        )
        unit.attempts.placed(following.id)
        if attempt is not None:
            hold(ctx, unit, attempt, slug=following.slug, phone=phone, drive=drive)
    following = move(ctx, unit, following, Answered())
    # The key that asked for the next one is the consent to it.
    return move(ctx, unit, following, Keyed(digits="1"))


def _closed(unit: Unit, record: CallRecord, why: str) -> CallRecord:
    # Kept with the call: the same hook, delivered again, is told the same.
    closed = replace(record, call=not_passed_on(record.call, why))
    unit.calls.save(closed, step=record.call.step, targets_changed=False)
    return closed
