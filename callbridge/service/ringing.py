"""Asks the carrier to ring and writes what it said; no transaction is open while it is asked."""

from __future__ import annotations

import math
from datetime import timedelta

from callbridge.domain.call import Door, Ending
from callbridge.domain.drives import TOO_MANY
from callbridge.domain.records import AttemptState, CallRecord
from callbridge.domain.telephony import PlaceOrder
from callbridge.errors import (
    CarrierBusyError,
    CarrierRefusedError,
    CarrierUnknownError,
    ConflictError,
    DatabaseError,
    PhoneError,
)
from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.moving import end

_log = log(__name__)


def ring(ctx: Context, record: CallRecord, *, attempt: int, phone: str) -> int:
    """Send the create of an attempt that is committed as `dialing`; return the seconds to wait.

    0 when the phone rings or may ring; more when the carrier was too busy and the dialer sends it
    again. Raises CarrierRefusedError, or PhoneError when it refused the number itself.
    """
    carrier = ctx.needed_carrier()
    order = PlaceOrder(
        to=phone,
        from_=record.from_,
        token=record.token,
        ring=ctx.settings.ring_seconds,
        time_limit=ctx.settings.call_seconds,
    )
    try:
        sid = carrier.place(order)
    except CarrierRefusedError as refusal:
        _refused(ctx, record, refusal.reason)
        if refusal.reason == "number":
            raise PhoneError(
                "The telephone company does not ring that number. Please check the digits."
            ) from refusal
        raise
    except CarrierBusyError:
        return _later(ctx, record, attempt)
    except CarrierUnknownError:
        with ctx.store.writing() as unit:
            unit.attempts.finish(attempt, AttemptState.UNKNOWN, reason="unknown")
        _log.warning("create_unknown", call=record.id)
        return 0
    try:
        _placed(ctx, record, sid)
    except DatabaseError:
        # It rings all the same: the first hook binds the sid, or the dialer finds it.
        _log.exception("sid_not_stored", call=record.id)
    return 0


def _placed(ctx: Context, record: CallRecord, sid: str) -> None:
    with ctx.store.writing() as unit:
        if not unit.calls.bind(record.id, sid):
            raise ConflictError("This call is bound to another leg of the carrier.")
        unit.attempts.placed(record.id)


def _refused(ctx: Context, record: CallRecord, reason: str) -> None:
    with ctx.store.writing() as unit:
        current = unit.calls.by_id(record.id, lock=True)
        if current is not None:
            end(ctx, unit, current, Ending.NOT_PLACED, reason=reason)
    _log.warning("create_refused", call=record.id, reason=reason)


def _later(ctx: Context, record: CallRecord, attempt: int) -> int:
    """Note that the carrier has too much; it certainly did not process this (429)."""
    with ctx.store.writing() as unit:
        # The pace first, as whoever starts a call takes it before an attempt.
        wait = unit.pace.strike(ctx.settings.calls_per_second, chance=ctx.chance())
        if record.door is Door.DRIVE:
            # Nobody waits for this very call: its person gets another attempt.
            current = unit.calls.by_id(record.id, lock=True)
            unit.attempts.finish(attempt, AttemptState.FAILED, reason=TOO_MANY)
            if current is not None:
                end(ctx, unit, current, Ending.NOT_PLACED, reason=TOO_MANY)
        else:
            # Full jitter, so that what was turned away together does not come back together.
            later = wait + ctx.chance() / ctx.settings.calls_per_second
            unit.attempts.not_processed(attempt, run_at=ctx.clock.now() + timedelta(seconds=later))
    return math.ceil(wait)
