"""Keeps the counts that pages read up to date beside the calls, in short transactions."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from callbridge.service.context import Context
from callbridge.service.storage import Store
from callbridge.service.trying import count_tried

CELLS_AT_ONCE = 200
CALLS_AT_ONCE = 250
ROUNDS = 20
# A call that is just over is often touched once more: seconds, a last answer.
QUIET = timedelta(minutes=1)
# Anew, many at once cost less each; a hook that touches one of them waits that long. So as many
# as are entered in about so many seconds, where others write, too.
ANEW_AT_ONCE, ANEW_AT_MOST = 2_500, 20_000
HELD_SECONDS = 2.0


def roll_up(ctx: Context, *, rounds: int = ROUNDS) -> int:
    """Count again what changed, enter calls that are over; return how many changes and calls.

    Writers wait for one round at most. What comes meanwhile is left for the next time: counted
    one by one, changes cost many times what they cost together.
    """
    done, before = 0, ctx.clock.now() - QUIET
    for _ in range(rounds):
        changes = entered = 0
        with ctx.store.reading() as unit:
            marks, calls = unit.rollups.waiting(), unit.tallying.waiting(ended_before=before)
        if marks:
            with ctx.store.writing() as unit:
                changes = unit.rollups.refresh(CELLS_AT_ONCE)
        if calls:
            with ctx.store.writing() as unit:
                entered = unit.tallying.enter(ended_before=before, most=CALLS_AT_ONCE)
        done += changes + entered
        if changes < CELLS_AT_ONCE and entered < CALLS_AT_ONCE:
            break
    return done


def rebuild(
    store: Store, *, before: datetime, progress: Callable[[int], None] = lambda _: None
) -> tuple[int, int, int]:
    """Count everything anew; return how many rows of positions and of legs, and how many calls.

    Pages stay exact while it runs, and slow. Calls that ended `before` are entered; `progress`
    gets how many so far.
    """
    with store.writing() as unit:
        positions, legs = unit.rollups.rebuild()
        unit.tallying.forget()
        unit.tried.forget()
    count_tried(store)
    entered, most = 0, ANEW_AT_ONCE
    while True:
        begun = time.monotonic()
        with store.writing() as unit:
            some = unit.tallying.enter(ended_before=before, most=most)
        if not some:
            return positions, legs, entered
        entered += some
        progress(entered)
        rate = some / max(time.monotonic() - begun, 0.001)
        most = min(max(int(rate * HELD_SECONDS), CALLS_AT_ONCE), 2 * most, ANEW_AT_MOST)
