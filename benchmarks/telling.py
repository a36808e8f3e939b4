"""Writes what a load run measured as a page: rates, percentiles, costs; measures nothing."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Sequence
from typing import Any

from benchmarks import standing
from benchmarks.processes import Cost

# What is asked for of a hook, in seconds.
SLOW = 0.1


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which so many of all lie; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def page(given: argparse.Namespace, measured: dict[str, Any]) -> str:
    """Return the page."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    head = (
        f"# {given.starts:g} starts a second, {given.minutes:g} minutes, {given.database}\n\n"
        f"{given.cores} cores for everything, Python {platform.python_version()}, load of the"
        f" machine at the end {load}.\n"
    )
    parts = [head, _starts(measured), _hooks(measured), _costs(measured["looks"])]
    if "postgresql_log" in measured:
        parts.append(standing.page(measured, slow=SLOW))
    return "\n".join(parts)


def _starts(measured: dict[str, Any]) -> str:
    creates = measured["creates"]
    made = [at for at, status in creates if status == 201]
    span = (made[-1] - made[0]) if len(made) > 1 else 1.0
    fullest = 0
    first = 0
    for last, at in enumerate(made):
        while made[first] <= at - 1.0:
            first += 1
        fullest = max(fullest, last - first + 1)
    calls = [count for _, count, _ in measured["live"]]
    legs = [count for _, _, count in measured["live"]]
    refused = len(creates) - len(made)
    problems = ", ".join(f"{n} × {what}" for what, n in measured["problems"].items()) or "none"
    return (
        f"- calls started: {len(made):,} ({len(made) / span:.1f} a second, fullest second"
        f" {fullest}); creates refused: {refused}\n"
        f"- calls in progress: most {max(calls, default=0):,}, at the end"
        f" {calls[-1] if calls else 0:,}; legs, the offices' too: most {max(legs, default=0):,}\n"
        f"- the exchange's complaints: {problems}\n"
        f"- the exchange's own loop came late by {percentile(measured['late'], 0.5) * 1000:.0f} ms"
        f" (median), {percentile(measured['late'], 0.99) * 1000:.0f} ms (p99), and its seconds"
        " hold that\n"
    )


def _hooks(measured: dict[str, Any]) -> str:
    hooks = measured["hooks"]
    kinds: dict[str, list[float]] = {}
    errors: dict[str, int] = {}
    for _, kind, seconds, status in hooks:
        kinds.setdefault(kind, []).append(seconds)
        errors[kind] = errors.get(kind, 0) + (not 200 <= status < 300)
    rows = [_row(kind, kinds[kind], errors[kind]) for kind in sorted(kinds)]
    rows.append(
        _row("all", [one for every in kinds.values() for one in every], sum(errors.values()))
    )
    rows.append(_row("the floor", measured["floor"], 0))
    span = (hooks[-1][0] - hooks[0][0]) if len(hooks) > 1 else 1.0
    return (
        f"{len(hooks) / span:.0f} hooks a second. {_slow(hooks)}\n\n"
        "| hook | count | p50 | p95 | p99 | slowest | not 2xx |\n|---|---|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _slow(hooks: Sequence[Sequence[Any]]) -> str:
    """Tell the minutes apart, and in how few seconds the slow ones lay."""
    minutes: dict[int, list[float]] = {}
    for at, _, seconds, _ in hooks:
        minutes.setdefault(int((at - hooks[0][0]) // 60), []).append(seconds)
    each = ", ".join(f"{percentile(some, 0.99) * 1000:.0f}" for some in minutes.values())
    slow = [int(at) for at, _, seconds, _ in hooks if seconds > SLOW]
    return (
        f"The p99 by minutes: {each} ms. {len(slow):,} of {len(hooks):,} took more than"
        f" {SLOW * 1000:.0f} ms, in {len(set(slow))} different seconds."
    )


def _row(name: str, seconds: Sequence[float], errors: int) -> str:
    cells = [f"{percentile(seconds, share) * 1000:.0f} ms" for share in (0.5, 0.95, 0.99, 1.0)]
    return f"| {name} | {len(seconds):,} | {' | '.join(cells)} | {errors} |"


def _costs(looks: Sequence[tuple[float, dict[str, Cost]]]) -> str:
    minutes = "".join(f" {n} |" for n in ["start", *range(1, len(looks) - 1), "end"])
    lines = [f"| MiB |{minutes} cores |", "|---|" + "---|" * (len(looks) + 1)]
    (began, first), (ended, last) = looks[0], looks[-1]
    for name in first:
        cells = " | ".join(f"{costs[name].memory:.0f}" for _, costs in looks)
        cores = (last[name].cpu - first[name].cpu) / (ended - began)
        lines.append(f"| {name} | {cells} | {cores:.2f} |")
    return "\n".join(lines) + "\n"
