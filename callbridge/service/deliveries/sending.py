"""Sends what is due, lane by lane: a receiver that is slow or down delays nobody but itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from callbridge.domain.deliveries import (
    MAIL_LANE,
    Delivery,
    DeliveryState,
    pause_after,
    rest_after,
)
from callbridge.errors import DeliveryError
from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.deliveries.posting import post
from callbridge.service.storage import Unit

_log = log(__name__)

# A lane is worked by one dialer until so many are sent; a lease outlives them all.
AT_ONCE = 20
LEASE_SECONDS = 1800.0
KEPT = timedelta(days=30)
_LONGEST_WHY = 200


class Lines(Protocol):
    """Where lanes are worked, some at once."""

    def free(self) -> bool:
        """Tell whether another lane could be worked at once."""
        ...

    def submit(self, work: Callable[[], None]) -> None:
        """Work a lane, now or in a thread."""
        ...


class OneLane:
    """Works each lane before the next."""

    def free(self) -> bool:
        """Tell that there is nothing to wait for."""
        return True

    def submit(self, work: Callable[[], None]) -> None:
        """Work a lane now."""
        work()


def deliver(ctx: Context, *, owner: str, lines: Lines | None = None, most: int = 8) -> int:
    """Take lanes with something due and let each be worked; return how many were taken."""
    lines = lines or OneLane()
    now = ctx.clock.now()
    with ctx.store.reading() as unit:
        ready = unit.outbox.ready_lanes(now=now, most=most)
    taken = 0
    for lane in ready:
        if not lines.free() or not _can(ctx, lane):
            continue
        with ctx.store.writing() as unit:
            if not unit.outbox.take_lane(lane, owner, now=now, lease_seconds=LEASE_SECONDS):
                continue
        lines.submit(lambda lane=lane: _work(ctx, lane, owner))  # type: ignore[misc]
        taken += 1
    return taken


def _can(ctx: Context, lane: str) -> bool:
    return (ctx.mailer if lane == MAIL_LANE else ctx.poster) is not None


def _work(ctx: Context, lane: str, owner: str) -> None:
    """Send a lane's deliveries one after another; stop at what will be the same for the next."""
    failures, rest = 0, None
    with ctx.store.reading() as unit:
        before = unit.outbox.failures(lane)
        due = unit.outbox.due(lane, now=ctx.clock.now(), most=AT_ONCE)
    try:
        for one in due:
            trouble = _try(ctx, lane, one)
            if trouble is not None and not trouble.alone:
                failures = before + 1
                rest = ctx.clock.now() + rest_after(failures)
                break
    finally:
        with ctx.store.writing() as unit:
            unit.outbox.leave_lane(lane, owner, failures=failures, rest_until=rest)


def _try(ctx: Context, lane: str, one: Delivery) -> DeliveryError | None:
    """Send one delivery and write how it went; no transaction is open while it is sent."""
    try:
        _send(ctx, lane, one)
    except DeliveryError as trouble:
        with ctx.store.writing() as unit:
            _failed(ctx, unit, one, trouble)
        return trouble
    with ctx.store.writing() as unit:
        unit.outbox.settle(one.id, state=DeliveryState.DELIVERED, at=ctx.clock.now(), why=None)
    return None


def _send(ctx: Context, lane: str, one: Delivery) -> None:
    if lane != MAIL_LANE:
        post(ctx, lane, one)
    elif ctx.mailer is not None and one.to is not None:
        ctx.mailer.send(one.body, to=one.to)


def _failed(ctx: Context, unit: Unit, one: Delivery, trouble: DeliveryError) -> None:
    now, why = ctx.clock.now(), trouble.sentence[:_LONGEST_WHY]
    given_up = now - one.created >= timedelta(days=ctx.settings.delivery_days)
    if trouble.final or given_up:
        unit.outbox.settle(one.id, state=DeliveryState.DEAD, at=now, why=why)
        _log.error("delivery_dead", delivery=one.id, what=one.event, tries=one.tries + 1)
        return
    due = now + pause_after(one.tries + 1, chance=ctx.chance())
    unit.outbox.again(one.id, due=due, why=why)
    _log.warning("delivery_failed", delivery=one.id, what=one.event, tries=one.tries + 1)


def forget_old(ctx: Context) -> int:
    """Forget deliveries that ended a month ago; return how many."""
    with ctx.store.writing() as unit:
        return unit.outbox.forget(ended_before=ctx.clock.now() - KEPT)
