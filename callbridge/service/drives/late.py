"""Judges a dial once more that is committed and too late for its slot; rings nobody.

A database or a machine that stands still for half a second would let everybody go together who
waited for it: more at once than the pace allows, and some of them after a pause, or after the hours
were over. Who is late takes another slot where the drive, its campaign, the hours, the person and
the operator still allow it (money and a place at the office are theirs since the claim), or is
called off: nothing was asked of the carrier yet, so their person gets another attempt, which
counts as no try.
"""

from __future__ import annotations

from datetime import timedelta

from callbridge.domain.call import Ending, Stage
from callbridge.domain.drives import LATE, Claimed
from callbridge.domain.records import AttemptState, CallRecord
from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.drives.claiming import goes_on
from callbridge.service.drives.looking import View
from callbridge.service.moving import end

_log = log(__name__)

# As far away as another slot may be, in seconds: all who were late together get one.
PATIENCE = 2.0
# Nobody who is late by less is late, in seconds: to wake up takes some thousandths.
LEAST = 0.02
# So long after a slot is taken the telephone may ring, in seconds: the hours are judged for then.
JUDGED_AHEAD = 0.4


def in_time(ctx: Context, by: float) -> bool:
    """Tell whether a request so many seconds behind its slot may leave: less than one start."""
    return by <= min(JUDGED_AHEAD, max(LEAST, 1 / ctx.settings.calls_per_second))


def another_slot(
    ctx: Context, view: View, claimed: Claimed, record: CallRecord, *, phone: str
) -> float | None:
    """Take another slot for a call that is committed as dialing; return the timer's second for it.

    None where the ring is called off, or the call is over by somebody else's hand.
    """
    with ctx.store.writing() as unit:
        drive, campaign = unit.drives.with_campaign(claimed.drive) or (None, None)
        now = ctx.clock.now()
        allowed = (
            drive is not None
            and campaign is not None
            and goes_on(view, claimed, drive, campaign, now, now + timedelta(seconds=PATIENCE))
            and not unit.guards.opted_out(ctx.vault.hashes(phone))
            and not unit.installation.read().held
        )
        wait = None
        if allowed:
            # The pace before the call, as whoever the carrier turns away takes them.
            wait = unit.pace.reserve(ctx.settings.calls_per_second, patience=PATIENCE)
        current = unit.calls.by_id(record.id, lock=True)
        if current is None or current.call.stage is not Stage.PLACING or current.sid is not None:
            return None
        if wait is not None:
            _log.info("another_slot", call=record.id, seconds=round(wait, 3))
            return ctx.timer.seconds() + wait
        unit.attempts.finish(claimed.attempt, AttemptState.FAILED, reason=LATE)
        end(ctx, unit, current, Ending.NOT_PLACED, reason=LATE)
    _log.warning("called_off", call=record.id, reason=LATE)
    return None
