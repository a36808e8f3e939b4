"""Writes a campaign's answers, calls and legs as files for analysts; no phone, safe cells."""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from callbridge.domain.records import AnswerLine, CallLine, LegLine
from callbridge.errors import RefusedError
from callbridge.service.context import Context

Cell = str | int | bool | None
Row = Mapping[str, Cell]
Progress = Callable[[int, int], None]

FORMATS = ("csv", "jsonl")
# What a spreadsheet reads as a formula or as an end of a cell, full-width twins included.
_TRIGGERS = tuple("=+-@|%\t\r\n\0＝＋－＠")

ANSWER_COLUMNS = (
    "call",
    "campaign",
    "target",
    "supporter",
    "question",
    "meaning",
    "source",
    "superseded",
    "at",
    "name",
    "office",
)
CALL_COLUMNS = (
    "call",
    "campaign",
    "door",
    "stage",
    "ending",
    "language",
    "referral",
    "legs",
    "created",
    "answered",
    "ended",
)
LEG_COLUMNS = (
    "call",
    "campaign",
    "leg",
    "target",
    "name",
    "office",
    "city",
    "phone",
    "outcome",
    "seconds",
    "started",
    "ended",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: the files, and how many answers, calls and legs."""

    files: Sequence[Path]
    answers: int
    calls: int
    legs: int


def export(
    ctx: Context,
    slug: str,
    *,
    format: str,
    folder: Path,
    progress: Progress | None = None,
) -> Exported:
    """Write `answers`, `calls` and `legs` as csv or jsonl into a folder, row by row.

    `supporter` is a pseudonym made for this export alone. `progress` gets answers done and in
    all. Raises NotFoundError, RefusedError (unknown format).
    """
    if format not in FORMATS:
        raise RefusedError(f"Exports come as {' or '.join(FORMATS)}, not as {format}.")
    folder.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(32)
    with ctx.store.reading() as unit:
        ctx.shelf.find(unit, slug)
        reports = unit.reports
        total = reports.count_answers(slug)
        answers = (_answer(line, key) for line in reports.answer_lines(slug))
        parts: tuple[tuple[str, Sequence[str], Iterable[Row]], ...] = (
            ("answers", ANSWER_COLUMNS, _watched(answers, total, progress)),
            ("calls", CALL_COLUMNS, (_call(line) for line in reports.call_lines(slug))),
            ("legs", LEG_COLUMNS, (_leg(line) for line in reports.leg_lines(slug))),
        )
        files, counts = [], []
        for name, columns, rows in parts:
            path = folder / f"{name}.{format}"
            write = write_csv if format == "csv" else write_jsonl
            counts.append(write(path, columns, rows))
            files.append(path)
    return Exported(files=files, answers=counts[0], calls=counts[1], legs=counts[2])


def _watched(rows: Iterable[Row], total: int, progress: Progress | None) -> Iterator[Row]:
    for done, row in enumerate(rows, start=1):
        yield row
        if progress is not None:
            progress(done, total)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows with every cell quoted and none a formula; return how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([safe_cell(row[column]) for column in columns])
            count += 1
    return count


def write_jsonl(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows as one JSON object a line; return how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            ordered = {column: row[column] for column in columns}
            file.write(json.dumps(ordered, ensure_ascii=False) + "\n")
            count += 1
    return count


def safe_cell(value: Cell) -> str:
    """Return a cell's text; one that a spreadsheet would run begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, str) and text.lstrip(" ").startswith(_TRIGGERS):
        return f"'{text}"
    return text


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _answer(line: AnswerLine, key: bytes) -> Row:
    pseudonym = hmac.new(key, line.supporter.encode(), hashlib.sha256).hexdigest()[:16]
    return {
        "call": line.call,
        "campaign": line.campaign,
        "target": line.target,
        "supporter": pseudonym,
        "question": line.question,
        "meaning": line.meaning.value,
        "source": line.source,
        "superseded": line.superseded,
        "at": _time(line.at),
        "name": line.name,
        "office": line.office,
    }


def _call(line: CallLine) -> Row:
    return {
        "call": line.call,
        "campaign": line.campaign,
        "door": line.door,
        "stage": line.stage,
        "ending": line.ending,
        "language": line.language,
        "referral": line.referral,
        "legs": line.legs,
        "created": _time(line.created),
        "answered": _time(line.answered),
        "ended": _time(line.ended),
    }


def _leg(line: LegLine) -> Row:
    return {
        "call": line.call,
        "campaign": line.campaign,
        "leg": line.leg,
        "target": line.target,
        "name": line.name,
        "office": line.office,
        "city": line.city,
        "phone": line.phone,
        "outcome": line.outcome,
        "seconds": line.seconds,
        "started": _time(line.started),
        "ended": _time(line.ended),
    }
