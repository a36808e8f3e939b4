"""What processes cost: processor time and memory of groups of them, read from /proc."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time so far, and MiB of memory (shared pages in shares)."""

    cpu: float
    memory: float


def family(pid: int) -> list[int]:
    """Return a process and all that it started, theirs too."""
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        try:
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except OSError:
            continue
        found.append(one)
        todo.extend(int(child) for child in children)
    return found


def cost(pids: Iterable[int]) -> Cost:
    """Add up what processes cost; one that is gone meanwhile counts nothing."""
    cpu = memory = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        cpu += (int(fields[11]) + int(fields[12])) / TICKS
        memory += next(
            int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
        )
    return Cost(cpu=cpu, memory=memory / 1024)


def postgres_of(database: str) -> int:
    """Return the process id of the server that keeps a database."""
    import psycopg

    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    assert row is not None
    return int(str(row[0]).split()[0])


def stop(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Ask each to end, and wait for it."""
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
