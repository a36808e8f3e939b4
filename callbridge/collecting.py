"""Spares a serving process Python's longest pauses; knows nothing of what it serves."""

from __future__ import annotations

import gc

# Net new objects before the young are looked at, and how often each older generation is passed
# over. A page makes tens of thousands of objects that it drops without any circle.
_THRESHOLDS = (10_000, 20, 20)


def settle() -> None:
    """Leave what is loaded by now out of every later collection.

    Else each of them looks through some hundred thousand objects that live as long as the process:
    150 ms, in which it answers nobody.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
