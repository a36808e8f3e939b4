"""Places the calls that wait: claimed by lease and fence, judged again, then rung once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from callbridge.domain.call import Ending
from callbridge.domain.records import (
    AppointmentRecord,
    AttemptKind,
    AttemptRecord,
    AttemptState,
    CallRecord,
    CampaignState,
)
from callbridge.errors import CarrierError, PhoneError
from callbridge.logs import log
from callbridge.service import phones
from callbridge.service.appointments.beginning import begin_call
from callbridge.service.context import Context
from callbridge.service.money.ceilings import hold
from callbridge.service.moving import end
from callbridge.service.phones import phone_of
from callbridge.service.restored import ASK_AGAIN, rung_meanwhile
from callbridge.service.ringing import ring
from callbridge.service.storage import Unit

_log = log(__name__)

# A ring that comes later than this surprises more than it helps. Who waits on a page was told
# how long the queue is; who was promised a ring at a time was not.
LATEST = {
    AttemptKind.NOW: timedelta(hours=1),
    AttemptKind.RING_BACK: timedelta(minutes=15),
    AttemptKind.APPOINTMENT: timedelta(minutes=15),
}
# A ring-back asked for on the keypad within these minutes is a call asked for now.
ASKED_NOW = timedelta(minutes=10)
# Hours at the supporter's place for a ring that they do not wait for.
OPENS, CLOSES = 8, 21
MOST_TRIES = 10


def place_waiting(ctx: Context, *, owner: str, most: int = 100) -> int:
    """Place calls that are due while the pace has slots; return how many were asked for.

    Each is one claim, one commit as `dialing`, one request; at most `most` of them. Nothing is
    placed without a carrier.
    """
    asked = 0
    if ctx.carrier is None:
        return asked
    with ctx.store.writing() as unit:
        unit.attempts.free_expired_leases()
    for _ in range(most):
        now = ctx.clock.now()
        with ctx.store.reading() as unit:
            if not unit.attempts.waiting(now) or unit.pace.wait() > 0:
                return asked
        with ctx.store.writing() as unit:
            attempt = unit.attempts.claim(owner, now=now, lease_seconds=ctx.settings.lease_seconds)
        if attempt is not None and not _rung_meanwhile(ctx, attempt):
            chosen = _commit(ctx, attempt) if attempt.call else begin_call(ctx, attempt)
            if chosen is not None:
                _ring(ctx, chosen, attempt)
                asked += 1
    return asked


def _rung_meanwhile(ctx: Context, attempt: AttemptRecord) -> bool:
    """On a restored copy, close a claimed attempt that was rung after the backup was taken.

    Without the carrier's word the claim goes back, to be asked again in a while.
    """
    with ctx.store.reading() as unit:
        here = unit.installation.read()
        copied = here.copied
        record = unit.calls.by_id(attempt.call) if copied and attempt.call else None
        mine = (
            unit.appointments.get(attempt.appointment) if copied and attempt.appointment else None
        )
        from_ = record.from_ if record else _line_of(ctx, unit, mine)
    holder = record or mine
    phone = phone_of(ctx, holder) if holder else None
    if phone is None or from_ is None:
        return False
    try:
        if not rung_meanwhile(ctx, here, attempt.id, phone=phone, from_=from_):
            return False
    except CarrierError as trouble:
        _log.warning("cannot_ask", attempt=attempt.id, type=trouble.type)
        with ctx.store.writing() as unit:
            again = ctx.clock.now() + ASK_AGAIN
            unit.attempts.give_back(attempt.id, attempt.fence, run_at=again)
        return True
    with ctx.store.writing() as unit:
        current = unit.calls.by_id(attempt.call, lock=True) if attempt.call else None
        unit.attempts.finish(attempt.id, AttemptState.SUPPRESSED, reason="rung-before-restore")
        if current is not None:
            end(ctx, unit, current, Ending.NOT_PLACED, reason="rung-before-restore")
    _log.info("rung_before_restore", attempt=attempt.id)
    return True


def _line_of(ctx: Context, unit: Unit, mine: AppointmentRecord | None) -> str | None:
    if mine is None:
        return None
    return ctx.shelf.find(unit, mine.slug).campaign.number or ctx.needed_carrier().number


def _commit(ctx: Context, attempt: AttemptRecord) -> CallRecord | None:
    """Judge a claimed attempt again; commit it as `dialing`, give it back or close it."""
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        record = unit.calls.by_id(attempt.call, lock=True)
        if record is None or not record.call.live:
            unit.attempts.finish(attempt.id, AttemptState.SUPPRESSED, reason="over")
            return None
        refusal = _refusal(ctx, unit, record, attempt, now)
        if refusal is not None:
            state, ending = refusal
            unit.attempts.finish(attempt.id, state, reason=ending.value)
            end(ctx, unit, record, ending, reason=state.value)
            return None
        if _spent(ctx, unit, record, attempt):
            unit.attempts.finish(attempt.id, AttemptState.SUPPRESSED, reason="budget")
            end(ctx, unit, record, Ending.PAUSED, reason="budget")
            return None
        if not unit.pace.take(ctx.settings.calls_per_second):
            unit.attempts.give_back(attempt.id, attempt.fence)
            return None
        return record if unit.attempts.dialing(attempt.id, attempt.fence, at=now) else None


def _refusal(
    ctx: Context, unit: Unit, record: CallRecord, attempt: AttemptRecord, now: datetime
) -> tuple[AttemptState, Ending] | None:
    """Say why a waiting call must not ring after all, None when it may."""
    campaign = unit.campaigns.get(record.slug)
    if campaign is None or campaign.state is not CampaignState.LIVE:
        return AttemptState.SUPPRESSED, Ending.PAUSED
    phone = phone_of(ctx, record)
    if phone is None:
        return AttemptState.FAILED, Ending.NOT_PLACED
    if unit.guards.opted_out(ctx.vault.hashes(phone)):
        return AttemptState.SUPPRESSED, Ending.OPTED_OUT
    if now - attempt.run_at > LATEST[attempt.kind] or attempt.tries >= MOST_TRIES:
        return AttemptState.EXPIRED, Ending.EXPIRED
    if attempt.kind is not AttemptKind.NOW and not _at_a_decent_hour(record, phone, attempt):
        return AttemptState.EXPIRED, Ending.EXPIRED
    return None


def _spent(ctx: Context, unit: Unit, record: CallRecord, attempt: AttemptRecord) -> bool:
    phone = phone_of(ctx, record)
    return phone is not None and bool(hold(ctx, unit, attempt.id, slug=record.slug, phone=phone))


def _at_a_decent_hour(record: CallRecord, phone: str, attempt: AttemptRecord) -> bool:
    if attempt.run_at - record.created <= ASKED_NOW:
        return True
    local = attempt.run_at.astimezone(ZoneInfo(phones.zone_of(phone)))
    return OPENS <= local.hour < CLOSES


def _ring(ctx: Context, record: CallRecord, attempt: AttemptRecord) -> None:
    phone = phone_of(ctx, record)
    if phone is None:
        return
    try:
        ring(ctx, record, attempt=attempt.id, phone=phone)
    except (CarrierError, PhoneError) as refusal:
        # The call has ended with its reason; nobody waits here for a sentence.
        _log.warning("not_placed", call=record.id, type=refusal.type)
