"""Writes rows as CSV or JSON lines; knows no table and holds one row at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from callbridge.service.codebook import Sheet
from callbridge.service.exported_rows import Cell, Row

# What a spreadsheet reads as a formula or as an end of a cell, full-width twins included.
_TRIGGERS = tuple("=+-@|%\t\r\n\0＝＋－＠")


def write_csv(path: Path, sheet: Sheet, rows: Iterable[Row]) -> int:
    """Write rows with every cell quoted and none a formula; return how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(sheet.names)
        for row in rows:
            writer.writerow([safe_cell(row[name]) for name in sheet.names])
            count += 1
    return count


def write_jsonl(path: Path, sheet: Sheet, rows: Iterable[Row]) -> int:
    """Write rows as one JSON object a line; return how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            ordered = {name: plain(row[name]) for name in sheet.names}
            file.write(json.dumps(ordered, ensure_ascii=False) + "\n")
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
