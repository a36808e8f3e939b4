"""Plans the next occurrence of each appointment when the last one is over; rings nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from callbridge.domain.appointments import LATEST, OneOff, next_occurrence
from callbridge.domain.records import AppointmentRecord, AttemptState, CampaignState
from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.storage import Unit

_log = log(__name__)

_NEVER_RANG = frozenset({AttemptState.SUPPRESSED, AttemptState.EXPIRED})
# A standing slot to which nobody pressed a key so often in a row is rung no more.
MOST_MISSED = 3
# Those who wait for offices to open are not all rung in the first second of the day.
SPREAD = timedelta(minutes=5)


def plan_next(ctx: Context, unit: Unit, record: AppointmentRecord, *, missed: int = 0) -> bool:
    """Plan the next occurrence; end the appointment when there is none. The row is locked.

    Runs in one transaction with what made it necessary, so that an occurrence is planned once or
    not at all, wherever the process dies.
    """
    now = ctx.clock.now()
    # One that came due while no dialer ran is still rung while it is not late.
    after = now if record.planned is None else max(now - LATEST, record.planned)
    due = next_occurrence(record.rule, after=after)
    if due is None:
        unit.appointments.end([record.id], at=now, reason="over")
        return False
    spread = SPREAD * ctx.chance() if record.opening else timedelta()
    return unit.appointments.plan(record, due=due, run_at=due + spread, missed=missed)


def keep_appointments(ctx: Context, *, most: int = 100) -> int:
    """Plan what comes after each occurrence that is over; return how many appointments had one."""
    with ctx.store.reading() as unit:
        idle = unit.appointments.idle(most=most)
    for appointment in idle:
        with ctx.store.writing() as unit:
            record = unit.appointments.get(appointment, lock=True)
            if record is None or record.ended or not unit.appointments.is_idle(appointment):
                continue  # another dialer was first
            _follow(ctx, unit, record, ctx.clock.now())
    return len(idle)


def _follow(ctx: Context, unit: Unit, record: AppointmentRecord, now: datetime) -> None:
    last = unit.appointments.last_try(record.id)
    campaign = unit.campaigns.get(record.slug)
    if last is not None and isinstance(record.rule, OneOff) and record.planned is not None:
        unit.appointments.end([record.id], at=now, reason="over")
        return
    if campaign is None or campaign.state is CampaignState.ENDED:
        unit.appointments.end([record.id], at=now, reason="campaign-ended")
        return
    missed = record.missed
    if last is not None and last.state not in _NEVER_RANG:
        missed = 0 if last.keyed else record.missed + 1
    if missed >= MOST_MISSED:
        unit.appointments.end([record.id], at=now, reason="missed")
        _log.info("slot_ended", reason="missed")
        return
    plan_next(ctx, unit, record, missed=missed)
