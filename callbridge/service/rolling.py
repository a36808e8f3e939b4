"""Keeps the counts by day up to date beside the calls, in short transactions; estimates nothing."""

from __future__ import annotations

from callbridge.service.context import Context

CELLS_AT_ONCE = 200
ROUNDS = 20


def roll_up(ctx: Context, *, rounds: int = ROUNDS) -> int:
    """Count again what changed; return how many marks went. Writers wait for one round at most."""
    done = 0
    for _ in range(rounds):
        with ctx.store.reading() as unit:
            if not unit.rollups.waiting():
                break
        with ctx.store.writing() as unit:
            done += unit.rollups.refresh(CELLS_AT_ONCE)
    return done


def rebuild(ctx: Context) -> tuple[int, int]:
    """Count everything anew; return how many rows of positions and of legs there are."""
    with ctx.store.writing() as unit:
        return unit.rollups.rebuild()
