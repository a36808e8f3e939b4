"""What pages cost, as a table; asks for no page."""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass

AIM_MILLISECONDS = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one page cost: the first request and the later ones, in milliseconds."""

    page: str
    wall: list[float]
    cpu: list[float]
    first: float
    size: int


def line(cost: Cost) -> str:
    """Return a page's cost as a row of the table."""
    median, cpu = statistics.median(cost.wall), statistics.median(cost.cpu)
    mark = "" if median < AIM_MILLISECONDS else " over"
    return (
        f"| {cost.page} | {cost.size / 1024:.0f} | {median:.0f}{mark} | {_p95(cost.wall):.0f}"
        f" | {cpu:.0f} | {_p95(cost.cpu):.0f} | {cost.first:.0f} |"
    )


def _p95(values: list[float]) -> float:
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


HEAD = (
    "| page | KiB | median ms | p95 ms | CPU median ms | CPU p95 ms | first ms |\n"
    "|---|---|---|---|---|---|---|"
)


def report(costs: list[Cost], *, said: str, load: tuple[float, float]) -> str:
    """Return the results as Markdown; `load` before and after."""
    busy = [cost for cost in costs if statistics.median(cost.cpu) >= AIM_MILLISECONDS]
    over = [cost for cost in costs if statistics.median(cost.wall) >= AIM_MILLISECONDS]
    worst = max(costs, key=lambda cost: statistics.median(cost.wall))
    lines = [
        "# Pages",
        "",
        said,
        "",
        f"Aim: every page under {AIM_MILLISECONDS:.0f} ms. {len(costs) - len(over)} of {len(costs)}"
        f" are, by their median; {len(costs) - len(busy)} of {len(costs)} by their processor"
        f" time. The slowest is “{worst.page}” with {statistics.median(worst.wall):.0f} ms"
        f" (processor {statistics.median(worst.cpu):.0f} ms). “first” is the first request of its"
        " kind in a fresh process, with whatever it has to read, or draw, for the first time: so"
        " long takes a picture whose numbers have changed.",
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
