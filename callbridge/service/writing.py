"""Writes rows as CSV or JSON lines; knows no table and holds one row at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from callbridge.service.codebook import Sheet
from callbridge.service.exported_rows import Cell, Row

# What a spreadsheet reads as a formula or as an end of a cell, full-width twins included.
_TRIGGERS = tuple("=+-@|%\t\r\n\0＝＋－＠")


def write_csv(path: Path, sheet: Sheet, rows: Iterable[Row]) -> int:
    """Write rows with every cell quoted and none a formula; return how many."""
    return _write(path, csv_lines(sheet, rows), heads=1)


def write_jsonl(path: Path, sheet: Sheet, rows: Iterable[Row]) -> int:
    """Write rows as one JSON object a line; return how many."""
    return _write(path, json_lines(sheet, rows), heads=0)


def csv_lines(sheet: Sheet, rows: Iterable[Row]) -> Iterator[str]:
    """Yield a table as lines of CSV, its columns' names first."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield writer.writerow(sheet.names)
    for row in rows:
        yield writer.writerow([safe_cell(row[name]) for name in sheet.names])


def json_lines(sheet: Sheet, rows: Iterable[Row]) -> Iterator[str]:
    """Yield a table as one JSON object a line."""
    for row in rows:
        ordered = {name: plain(row[name]) for name in sheet.names}
        yield json.dumps(ordered, ensure_ascii=False) + "\n"


class _Echo:
    """A file to a CSV writer, which returns what its file's `write` returns."""

    @staticmethod
    def write(line: str) -> str:
        return line


def _write(path: Path, lines: Iterable[str], *, heads: int) -> int:
    count = -heads
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in lines:
            file.write(line)
            count += 1
    return count


def plain(value: Cell) -> str | int | bool | None:
    """Return a cell as JSON has it: a time as ISO 8601 with Z, to the second."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value


def safe_cell(value: Cell) -> str:
    """Return a cell's text; one that a spreadsheet would run begins with an apostrophe."""
    shown = plain(value)
    if shown is None:
        return ""
    if isinstance(shown, bool):
        return "true" if shown else "false"
    text = str(shown)
    if isinstance(shown, str) and text.lstrip(" ").startswith(_TRIGGERS):
        return f"'{text}"
    return text
