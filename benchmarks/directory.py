"""Measures the directory in fresh processes: cold load, a lookup, the memory it adds to a worker.

Times are of the processor: nothing here waits, and a busy machine does not blur them.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import time
from datetime import date

ROUNDS = 9
DAY = date(2026, 6, 15)


def measure() -> tuple[float, float, float, float]:
    """Return ms to load, ms of the first lookup, µs of a lookup, and megabytes added."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    from callbridge.directory import Directory

    start = time.process_time()
    directory = Directory.open()
    loaded = time.process_time()
    directory.lookup("05401", on=DAY)
    first = time.process_time()
    codes = [code for code, seats in directory.snapshot.house_seats_by_zip().items() if seats]
    random.Random(1).shuffle(codes)
    begun = time.process_time()
    for code in codes:
        directory.lookup(code, on=DAY)
    each = (time.process_time() - begun) / len(codes)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (
        (loaded - start) * 1e3,
        (first - loaded) * 1e3,
        each * 1e6,
        (after - before) / 1024,
    )


def main() -> None:
    """Print the median and the worst of several fresh processes."""
    if sys.argv[1:] == ["once"]:
        print(*measure())
        return
    again = [sys.executable, "-m", "benchmarks.directory", "once"]
    rows = [list(map(float, subprocess.check_output(again).split())) for _ in range(ROUNDS)]
    names = ("cold load, ms", "first lookup, ms", "a lookup, µs", "memory added, MB")
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        print(f"{name:<18} median {statistics.median(column):7.2f}   worst {max(column):7.2f}")


if __name__ == "__main__":
    main()
