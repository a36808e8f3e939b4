"""What a command shows: lines and tables for a person, JSON for a program; knows no command."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID


def _console(stream: TextIO) -> Console:
    # Rich costs 50 ms to import: only where something is shown to a person. It leaves colour out
    # where the stream is no terminal or NO_COLOR is set; words are never wrapped in a pipe.
    from rich.console import Console

    plain = not stream.isatty()
    return Console(file=stream, highlight=False, soft_wrap=plain, emoji=False)


def done(sentence: str) -> None:
    """Say what was done, in the past tense, with its figure."""
    _line("[green]✓[/green]", sentence, sys.stdout)


def note(sentence: str) -> None:
    """Say something beside the result, on standard error."""
    _line("[cyan]·[/cyan]", sentence, sys.stderr)


def warn(sentence: str) -> None:
    """Say what deserves attention, on standard error."""
    _line("[yellow]![/yellow]", sentence, sys.stderr)


def fail(sentence: str) -> None:
    """Say what went wrong and what to do, on standard error."""
    _line("[red]✗[/red]", sentence, sys.stderr)


def say(text: str = "") -> None:
    """Show text as it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _line(mark: str, sentence: str, stream: TextIO) -> None:
    from rich.markup import escape

    _console(stream).print(f"{mark} {escape(sentence)}")
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
    console = _console(sys.stdout)
    if not sys.stdout.isatty():
        console.width = 240
    console.print(table)


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
