"""What pages cost, as a table; asks for no page."""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass

AIM_MILLISECONDS = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one page cost: at first sight and later, in milliseconds.

    A page has one first sight, a picture several: each of other numbers that were never drawn.
    """

    page: str
    wall: list[float]
    cpu: list[float]
    first: list[float]
    first_cpu: list[float]
    size: int


def line(cost: Cost) -> str:
    """Return a page's cost as a row of the table."""
    median, cpu = statistics.median(cost.wall), statistics.median(cost.cpu)
    mark = "" if median < AIM_MILLISECONDS else " over"
    return (
        f"| {cost.page} | {cost.size / 1024:.0f} | {median:.0f}{mark} | {_p95(cost.wall):.0f}"
        f" | {cpu:.0f} | {_p95(cost.cpu):.0f} | {statistics.median(cost.first):.0f}"
        f" | {statistics.median(cost.first_cpu):.0f} |"
    )


def _p95(values: list[float]) -> float:
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


HEAD = (
    "| page | KiB | median ms | p95 ms | CPU median ms | CPU p95 ms | first ms | CPU first ms |\n"
    "|---|---|---|---|---|---|---|---|"
)


def report(costs: list[Cost], *, title: str, said: str, load: tuple[float, float]) -> str:
    """Return the results as Markdown; `load` before and after."""
    busy = [cost for cost in costs if statistics.median(cost.cpu) >= AIM_MILLISECONDS]
    over = [cost for cost in costs if statistics.median(cost.wall) >= AIM_MILLISECONDS]
    worst = max(costs, key=lambda cost: statistics.median(cost.wall))
    lines = [
        f"# {title}",
        "",
        said,
        "",
        f"Aim: every page under {AIM_MILLISECONDS:.0f} ms. {len(costs) - len(over)} of {len(costs)}"
        f" are, by their median; {len(costs) - len(busy)} of {len(costs)} by their processor"
        f" time. The slowest is “{worst.page}” with {statistics.median(worst.wall):.0f} ms"
        f" (processor {statistics.median(worst.cpu):.0f} ms). “first” is the first request of its"
        " kind in a fresh process, with whatever it has to read for the first time.",
        *_first_sight([cost for cost in costs if len(cost.first) > 1]),
        "",
        f"The machine did other work meanwhile: {load[0]:.1f} processes wanted its"
        f" {os.cpu_count()} processors at the beginning, {load[1]:.1f} at the end. Where they are"
        " more than the processors, the time on the clock says little and the processor's says"
        " more (and that, too, is longer than on a quiet machine).",
        "",
        HEAD,
        *map(line, costs),
        "",
    ]
    return "\n".join(lines)


def _first_sight(pictures: list[Cost]) -> list[str]:
    """Say how pictures fare that were never drawn."""
    if not pictures:
        return []
    quick = [one for one in pictures if statistics.median(one.first) < AIM_MILLISECONDS]
    cheap = [one for one in pictures if statistics.median(one.first_cpu) < AIM_MILLISECONDS]
    worst = max(pictures, key=lambda one: statistics.median(one.first))
    every = [value for one in pictures for value in one.first_cpu]
    return [
        "",
        "A picture's “first” is the median of several first sights in a worker that serves: each"
        " under days, a state or a channel that nobody asked for before, so that its numbers were"
        f" never drawn. {len(quick)} of {len(pictures)} are under {AIM_MILLISECONDS:.0f} ms,"
        f" {len(cheap)} of {len(pictures)} by their processor time. The slowest is"
        f" “{worst.page}” with {statistics.median(worst.first):.0f} ms (processor"
        f" {statistics.median(worst.first_cpu):.0f} ms); of all {len(every)} first sights"
        f" {sum(value < AIM_MILLISECONDS for value in every)} are under the aim by it.",
    ]
