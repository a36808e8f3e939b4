"""Lets attempts that are over be counted once, and no more whenever somebody looks."""

from __future__ import annotations

import time

from callbridge.service.storage import Store

# Whoever was writing is over after milliseconds; a list of people that is taken in, after minutes.
PATIENCE, PAUSE = 25, 0.2


def count_tried(store: Store, *, patience: int = PATIENCE) -> int | None:
    """Count the blocks of attempts in which all are over; return how many.

    None where somebody writes for longer than our patience: the next time does it.
    """
    with store.reading() as unit:
        tide = unit.tried.tide()
    for _ in range(patience):
        with store.writing() as unit:
            closed = unit.tried.close(tide)
        if closed is not None:
            return closed
        time.sleep(PAUSE)
    return None
