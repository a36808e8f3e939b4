"""What a command shows: lines and tables for a person, JSON for a program; knows no command."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID


_GREEN, _CYAN, _YELLOW, _RED, _PLAIN = (f"\x1b[{code}m" for code in (32, 36, 33, 31, 0))


def _console(stream: TextIO) -> Console:
    # Rich costs 50 ms to import: only for tables and bars. It leaves colour out where the stream
    # is no terminal or NO_COLOR is set; a table is never wrapped in a pipe.
    from rich.console import Console

    width = None if stream.isatty() else 240
    return Console(file=stream, highlight=False, emoji=False, width=width)


def done(sentence: str) -> None:
    """Say what was done, in the past tense, with its figure."""
    _line(f"{_GREEN}✓", sentence, sys.stdout)


def found(sentence: str) -> None:
    """Say what is not well, where finding that out was what was asked for."""
    _line(f"{_RED}✗", sentence, sys.stdout)


def mind(sentence: str) -> None:
    """Say what is well enough but worth attention, where finding that out was what was asked."""
    _line(f"{_YELLOW}!", sentence, sys.stdout)


def note(sentence: str) -> None:
    """Say something beside the result, on standard error."""
    _line(f"{_CYAN}·", sentence, sys.stderr)


def warn(sentence: str) -> None:
    """Say what deserves attention, on standard error."""
    _line(f"{_YELLOW}!", sentence, sys.stderr)


def fail(sentence: str) -> None:
    """Say what went wrong and what to do, on standard error."""
    _line(f"{_RED}✗", sentence, sys.stderr)


def say(text: str = "") -> None:
    """Show text as it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _line(mark: str, sentence: str, stream: TextIO) -> None:
    colour = stream.isatty() and not os.environ.get("NO_COLOR")
    shown = f"{mark}{_PLAIN}" if colour else mark[-1]
    stream.write(f"{shown} {sentence}\n")
    stream.flush()


def show_json(value: object) -> None:
    """Write one JSON document to standard output."""
    say(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Show rows under their column names; a name that ends in `#` is a right-aligned figure."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.rstrip("#"), justify="right" if column.endswith("#") else "left")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    _console(sys.stdout).print(table)


@contextmanager
def progress(what: str, *, total: int | None = None) -> Iterator[Progressed]:
    """Show a bar with rate and remaining time on a terminal's standard error."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    counted = (MofNCompleteColumn(), TimeRemainingColumn()) if total else (TimeElapsedColumn(),)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        *counted,
        console=_console(sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        yield Progressed(bar, bar.add_task(what, total=total))


class Progressed:
    """A bar in progress."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task

    def step(self, count: int = 1) -> None:
        """Move on."""
        self._bar.advance(self._task, count)

    def reach(self, count: int, total: int) -> None:
        """Say how far it is, of how much."""
        self._bar.update(self._task, completed=count, total=total)

    def tell(self, what: str) -> None:
        """Say what is being done now."""
        self._bar.update(self._task, description=what)
