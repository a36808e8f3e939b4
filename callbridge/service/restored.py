"""Dialling on a restored copy: held, released, and nobody rung again for what the copy missed."""

from __future__ import annotations

from datetime import timedelta

from callbridge.domain.installation import Installation
from callbridge.service.context import Context

# The carrier's clock may be a little behind ours, and its records have whole seconds.
CLOCK_SLACK = timedelta(seconds=5)
ASK_AGAIN = timedelta(seconds=30)
TRIED_AGAIN = timedelta(days=1)


def installation(ctx: Context) -> Installation:
    """Return what this installation is."""
    with ctx.store.reading() as unit:
        return unit.installation.read()


def hold(ctx: Context) -> Installation:
    """Let nobody be rung by itself until released; calls asked for now are still placed."""
    with ctx.store.writing() as unit:
        unit.installation.hold(ctx.clock.now())
        return unit.installation.read()


def release(ctx: Context) -> bool:
    """Let the dialers ring again; False when nothing was held."""
    with ctx.store.writing() as unit:
        return unit.installation.release(ctx.clock.now())


def rung_meanwhile(
    ctx: Context,
    here: Installation,
    attempt: int,
    *,
    phone: str,
    from_: str,
    listed: bool = False,
) -> bool:
    """Tell whether an attempt that came with a backup was rung after the backup was taken.

    The copy cannot know, so the carrier is asked; what this database rang itself does not count.
    `here` was read after the claim; `attempt` is the attempt's id. One of a list (`listed`) is
    asked about for a day after the release too: the lost database may have tried again what this
    one plans anew.
    Raises CarrierError when the carrier does not answer.
    """
    if here.copied is None or ctx.carrier is None:
        return False
    fresh = here.released is None or ctx.clock.now() < here.released + TRIED_AGAIN
    if attempt > here.copied_to and not (listed and fresh):
        return False
    since = here.copied - CLOCK_SLACK
    legs = ctx.carrier.find(to=phone, from_=from_, since=since)
    sids = [leg.sid for leg in legs if leg.parent_sid is None and leg.created >= since]
    with ctx.store.reading() as unit:
        return bool(set(sids) - unit.calls.bound(sids))
