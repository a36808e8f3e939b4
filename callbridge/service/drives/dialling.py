"""Carries a plan out: each attempt claimed, judged again, committed as dialing, then rung once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Protocol

from callbridge.domain.call import Door
from callbridge.domain.drives import Claimed
from callbridge.domain.flow import begin, needs_district
from callbridge.domain.pacing import Dial, plan
from callbridge.domain.records import AttemptState, CallRecord
from callbridge.errors import CarrierError, CarrierRefusedError, PhoneError, RefusedError
from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.drives import bounds, late, running
from callbridge.service.drives.abreast import Abreast
from callbridge.service.drives.claiming import Held, claim, goes_on, let_go
from callbridge.service.drives.looking import Lookout, View
from callbridge.service.placing import place_of
from callbridge.service.restored import ASK_AGAIN, rung_meanwhile
from callbridge.service.ringing import ring
from callbridge.service.storage import Unit
from callbridge.service.worlds import place_world

_log = log(__name__)

# How long a dialer goes on before it looks after its other work.
_LONGEST = 2.0
# A dial is begun so long before its slot opens, for the database takes a while, and so does the
# next look, that must see them all; one that finds its slot farther away than it waits for one is
# let go.
_AHEAD = 0.2
_PATIENCE = late.JUDGED_AHEAD
# How many slots one may be too late for before they are rung at the next one, come what may.
_SLOTS = 3


class Lines(Protocol):
    """Where requests to the carrier are made, some at once."""

    def free(self) -> bool:
        """Tell whether a request could be made at once."""
        ...

    def submit(self, work: Callable[[], None]) -> None:
        """Make a request, now or in a thread."""
        ...


class OneLine:
    """Makes each request before the next."""

    def free(self) -> bool:
        """Tell that there is nothing to wait for."""
        return True

    def submit(self, work: Callable[[], None]) -> None:
        """Make a request now."""
        work()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A call that is committed as dialing, the number to ring, and the timer's second for it."""

    view: View
    claimed: Claimed
    record: CallRecord
    phone: str
    slot: float


def place_drives(ctx: Context, *, owner: str, lines: Lines | None = None, most: int = 1000) -> int:
    """Ring the people whom the plan names; return how many requests were made.

    Goes on while there is somebody to ring, for two seconds at most. Nothing is placed without a
    carrier.
    """
    if ctx.carrier is None:
        return 0
    lines = lines or OneLine()
    lookout = Lookout(ctx)
    dialled = Abreast(ctx.store.writers)
    end = ctx.timer.seconds() + _LONGEST
    while dialled.made < most and ctx.timer.seconds() < end and lines.free():
        view = lookout.look()
        before = dialled.made
        if view is not None:
            _carry_out(ctx, view, owner=owner, lines=lines, dialled=dialled, most=most)
        if dialled.made == before:
            break
    return dialled.made


def _carry_out(
    ctx: Context, view: View, *, owner: str, lines: Lines, dialled: Abreast, most: int
) -> None:
    """Make a plan's dials at their moments, and wait until each is committed or let go.

    The next look must see them all.
    """
    looked = ctx.timer.seconds()
    try:
        for dial in plan(view.state, view.now):
            if not dialled.room(most) or not lines.free():
                return
            waited = ctx.timer.seconds() - looked
            ctx.timer.sleep(max(0.0, dial.at - _AHEAD - view.now - waited))
            _hand_over(ctx, lines, dialled, partial(_dial, ctx, view, dial, owner))
    finally:
        dialled.settle()


def _hand_over(
    ctx: Context, lines: Lines, dialled: Abreast, dial: Callable[[], _Ready | None]
) -> None:
    """Dial and ring where the requests are made."""
    let_go = ctx.timer.hold()

    def work() -> None:
        try:
            ready = dialled.run(dial)
            if ready is not None and _at_its_slot(ctx, ready):
                _ring(ctx, ready)
        finally:
            let_go()

    dialled.begin()
    lines.submit(work)


def _dial(ctx: Context, view: View, dial: Dial, owner: str) -> _Ready | None:
    held = claim(ctx, view, dial, owner)
    return _commit(ctx, view, dial, held) if held else None


def _commit(ctx: Context, view: View, dial: Dial, held: Held) -> _Ready | None:
    """Write the call, take the slots, judge the hours once more, commit the attempt as dialing."""
    claimed, phone = held.claimed, held.phone
    record = _record(ctx, held)
    if record is None:
        with ctx.store.writing() as unit:
            unit.attempts.finish(claimed.attempt, AttemptState.SUPPRESSED, reason="no-target")
        return None
    if _rung_meanwhile(ctx, held, record.from_):
        return None
    with ctx.store.writing() as unit:
        drive, campaign = unit.drives.with_campaign(claimed.drive) or (None, None)
        now = ctx.clock.now()
        # The hours are judged for the latest moment that the telephone may ring.
        latest = now + timedelta(seconds=_PATIENCE)
        if (
            drive is None
            or campaign is None
            or not goes_on(view, claimed, drive, campaign, now, latest)
            or unit.guards.opted_out(ctx.vault.hashes(phone))
            or not unit.drive_attempts.holds(claimed)
            or not bounds.fresh(ctx, view)
        ):
            let_go(unit, claimed, drive)
            return None
        words = f"A list's own record: {claimed.person.consent_source}"
        consent = unit.guards.consent(words, claimed.person.consent_at)
        # Late, for everybody who dials waits for these rows.
        wait = _slot(ctx, unit, dial, claimed)
        if wait is None:
            let_go(unit, claimed, drive)
            return None
        slot = ctx.timer.seconds() + wait
        unit.calls.add(replace(record, consent=consent, created=now, heard=now))
        unit.drive_attempts.dialing(claimed, record.id, at=now)
    return _Ready(view=view, claimed=claimed, record=record, phone=phone, slot=slot)


def _slot(ctx: Context, unit: Unit, dial: Dial, claimed: Claimed) -> float | None:
    """Take a start of the drive's own rate and of the pace; return the seconds until both."""
    turn = unit.drives.take_turn(claimed.drive, served=dial.served, patience=_PATIENCE)
    if turn is None:
        return None
    rate = ctx.settings.calls_per_second
    slot = unit.pace.reserve(rate, patience=_PATIENCE, clock=dial.clock)
    return None if slot is None else max(turn, slot)


def _rung_meanwhile(ctx: Context, held: Held, from_: str) -> bool:
    """On a restored copy, close an attempt that was rung after the backup was taken."""
    claimed = held.claimed
    try:
        if not rung_meanwhile(
            ctx, held.here, claimed.attempt, phone=held.phone, from_=from_, listed=True
        ):
            return False
    except CarrierError as trouble:
        _log.warning("cannot_ask", attempt=claimed.attempt, type=trouble.type)
        with ctx.store.writing() as unit:
            unit.drive_attempts.give_back(claimed, run_at=ctx.clock.now() + ASK_AGAIN)
        return True
    with ctx.store.writing() as unit:
        unit.attempts.finish(claimed.attempt, AttemptState.SUPPRESSED, reason="rung-before-restore")
    return True


def _record(ctx: Context, held: Held) -> CallRecord | None:
    """Return the call of a person as the campaign is now, None when it has nobody for them."""
    now, person, published = ctx.clock.now(), held.claimed.person, held.published
    campaign = published.campaign
    try:
        place = place_of(ctx, person.zip, now)
    except RefusedError:
        return None
    call = begin(
        campaign, place_world(ctx, campaign, place, now), language=held.language, door=Door.DRIVE
    )
    if place is not None and not call.targets and not needs_district(call, campaign, place):
        return None
    call = replace(call, shift=held.shift)
    return CallRecord(
        id=ctx.token(),
        token=ctx.token(),
        slug=published.slug,
        digest=published.digest,
        call=call,
        created=now,
        from_=campaign.number or ctx.needed_carrier().number,
        phone_hash=person.phone_hash,
        phone_enc=person.phone_enc,
        # The list is the first half of the evidence; the key on the phone sets this.
        consented=None,
        heard=now,
    )


def _at_its_slot(ctx: Context, ready: _Ready) -> bool:
    """Wait for its slot, and where that has passed for another; tell whether to ring."""
    slot = ready.slot
    for _ in range(_SLOTS):
        ctx.timer.sleep(max(0.0, slot - ctx.timer.seconds()))
        if late.in_time(ctx, ctx.timer.seconds() - slot):
            return True
        another = late.another_slot(ctx, ready.view, ready.claimed, ready.record, phone=ready.phone)
        if another is None:
            return False
        slot = another
    # Where everything is always late, somebody must be rung all the same.
    ctx.timer.sleep(max(0.0, slot - ctx.timer.seconds()))
    return True


def _ring(ctx: Context, ready: _Ready) -> None:
    try:
        ring(ctx, ready.record, attempt=ready.claimed.attempt, phone=ready.phone)
    except PhoneError as refusal:
        _log.warning("not_placed", call=ready.record.id, type=refusal.type)
    except CarrierRefusedError as refusal:
        # It is not about this number: the next person would be refused as well.
        running.pause(ctx, ready.claimed.drive, cause=refusal.sentence)
        _log.warning("drive_paused", drive=ready.claimed.drive, type=refusal.type)
