"""Runs one rehearsal from its first moment to its result, in this process; keeps nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from callbridge.dialer import loop
from callbridge.domain.drives import DriveState
from callbridge.rehearsal.gathering import gather
from callbridge.rehearsal.leaping import is_idle, next_ring
from callbridge.rehearsal.result import Result
from callbridge.rehearsal.scenario import Scenario
from callbridge.rehearsal.world import World, world
from callbridge.service.drives import estimating, running
from callbridge.service.drives.views import DriveEstimate, DriveView

LOOK_SECONDS = 0.05
TELL_SECONDS = 0.5
# Waits shorter than this are lived through: a leap is for nights, not for a minute's rest.
SHORT = timedelta(minutes=1)
# A leap ends a little before, so that nobody is rung late for it.
EARLY = timedelta(seconds=2)
_OVER = frozenset({DriveState.STOPPED, DriveState.FINISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a rehearsal is. `now` is simulated; `factor` how fast it went lately."""

    now: datetime
    people: int
    over: int
    calls_now: int
    rings: int
    answered: int
    factor: float


def direct(
    scenario: Scenario, *, tell: Callable[[Progress], None], stop: Event | None = None
) -> Result:
    """Rehearse a drive and return what would have happened; `tell` is told how far it is.

    `stop` ends it early. Raises RehearsalError, and RefusedError for a list with nobody to ring.
    """
    began = time.monotonic()
    stop = stop or Event()
    with world(scenario) as here:
        here.prepare()
        running.start(here.ctx, here.drive)
        before = estimating.estimate(here.ctx, here.drive)
        ended = Event()
        dialer = Thread(target=loop.run, args=(here.ctx,), kwargs={"stop": ended}, name="dialer")
        dialer.start()
        try:
            view = _watch(here, tell=tell, stop=stop, until=began + scenario.limit_seconds)
        finally:
            ended.set()
            dialer.join(60)
        return _result(here, view, before=before, wall=time.monotonic() - began)


def _watch(
    here: World, *, tell: Callable[[Progress], None], stop: Event, until: float
) -> DriveView:
    """Look on until the drive is over and every line is free, or the time is."""
    let_go = here.clock.hold()
    here.release()
    let_go()
    last = (time.monotonic(), here.clock.elapsed() - here.clock.leapt)
    latest = here.scenario.begins + timedelta(days=here.scenario.days)
    looked = 0.0
    while True:
        stop.wait(LOOK_SECONDS)
        if not here.is_silent() and not stop.is_set() and time.monotonic() - looked < TELL_SECONDS:
            continue
        looked = time.monotonic()
        view = running.status(here.ctx, here.drive)
        now, moved = time.monotonic(), here.clock.elapsed() - here.clock.leapt
        factor = (moved - last[1]) / max(1e-6, now - last[0])
        last = (now, moved)
        tell(_progress(here, view, factor))
        if view.state in _OVER and here.is_silent():
            return view
        if stop.is_set() or now >= until or here.clock.now() >= latest:
            return view
        _leap(here)


def _leap(here: World) -> None:
    """Go over the hours in which nobody can be rung."""
    let_go = here.clock.hold()  # nothing moves on while it is looked at
    try:
        if not here.is_silent() or not is_idle(here.ctx):
            return
        now = here.clock.now()
        at = next_ring(here.ctx, here.drive, now=now)
        if at is not None and at - now > SHORT:
            here.clock.leap(here.clock.elapsed() + (at - now - EARLY).total_seconds())
    finally:
        let_go()


def _progress(here: World, view: DriveView, factor: float) -> Progress:
    return Progress(
        now=here.clock.now(),
        people=view.people,
        over=view.over,
        calls_now=view.calls_now,
        rings=here.tally.rings,
        answered=here.tally.answered,
        factor=factor,
    )


def _result(here: World, view: DriveView, *, before: DriveEstimate, wall: float) -> Result:
    return gather(here, view, before=before, wall=wall, complete=view.state in _OVER)
