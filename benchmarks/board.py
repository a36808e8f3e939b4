"""Times what the analyst's pages read on a filled database; fill one with `benchmarks.generate`.

`python -m benchmarks.board --url sqlite:////tmp/callbridge-many.sqlite3`
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from benchmarks.generate import SLUG, UNTIL
from callbridge.compose import build_context
from callbridge.service import board, health
from callbridge.settings import load

ROUNDS = 7


class Then:
    """The moment at which the generated world ends."""

    @staticmethod
    def now() -> object:
        """Return it."""
        return UNTIL


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the first and the median time, in milliseconds."""
    found = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1e3)
    return found[0], statistics.median(found[1:])


def main() -> None:
    """Print a line for each read."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--url", default="sqlite:////tmp/callbridge-many.sqlite3")
    url = options.parse_args().url
    settings = load({"DATABASE_URL": url, "SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32})
    ctx = build_context(settings, clock=Then())  # type: ignore[arg-type]
    target = board.board(ctx, SLUG).rows[0].who.target
    works: dict[str, Callable[[], object]] = {
        "whip board": lambda: board.board(ctx, SLUG),
        "one member with answers": lambda: board.target_board(ctx, SLUG, target),
        "office numbers": lambda: health.suspects(ctx),
        "signals": lambda: health.signal_board(ctx, SLUG),
    }
    for name, work in works.items():
        first, median = timed(work)
        print(f"{name:<26} first {first:7.0f} ms   then {median:7.0f} ms")


if __name__ == "__main__":
    main()
