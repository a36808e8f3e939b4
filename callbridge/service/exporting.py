"""Takes a campaign's data away: one file a table, or one SQLite file; knows no file's inside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from callbridge.domain.selection import Scope, Selection
from callbridge.errors import RefusedError
from callbridge.service import codebook
from callbridge.service.codebook import Sheet
from callbridge.service.context import Context
from callbridge.service.exported_rows import Row, Rows
from callbridge.service.scoping import dialled, scope_of
from callbridge.service.storage import Unit
from callbridge.service.writing import write_csv, write_jsonl
from callbridge.service.writing_parquet import write_parquet
from callbridge.service.writing_sqlite import SqliteFile

Progress = Callable[[int, int], None]
Parts = Sequence[tuple[Sheet, Iterable[Row]]]
Write = Callable[[Path, Sheet, Iterable[Row]], int]

WRITERS: Mapping[str, Write] = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}
FORMATS = (*WRITERS, "sqlite")
EVERYTHING = Selection()
# Moving a bar costs more than reading a row.
EVERY = 500
# How long the reading may wait for the disk that takes its rows.
DISK_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: the files, and how many rows of each table."""

    files: Sequence[Path]
    rows: Mapping[str, int]

    @property
    def answers(self) -> int:
        """Return how many answers, superseded ones too."""
        return self.rows["answers"]

    @property
    def calls(self) -> int:
        """Return how many calls."""
        return self.rows["calls"]

    @property
    def legs(self) -> int:
        """Return how many office legs."""
        return self.rows["legs"]


def export(
    ctx: Context,
    slug: str,
    *,
    format: str,
    folder: Path,
    selection: Selection = EVERYTHING,
    progress: Progress | None = None,
) -> Exported:
    """Write the codebook's tables into a folder, row by row, in one reading of the database.

    A file takes its name only when it is whole. `supporter` is a pseudonym made for this export
    alone. `progress` gets rows done and rows in all. Raises NotFoundError, RefusedError.
    """
    if format not in FORMATS:
        raise RefusedError(f"Exports come as {', '.join(FORMATS)}, not as {format}.")
    with ctx.store.reading() as unit:
        title = ctx.shelf.find(unit, slug).campaign.wording(None).title
    folder.mkdir(parents=True, exist_ok=True)
    reading = _watched(ctx, slug, selection, progress)
    if format == "sqlite":
        files, counts = _one_file(folder / f"{slug}.sqlite", reading)
    else:
        files, counts = _a_file_a_table(folder, format, reading)
    files += _explained(folder, slug, title, as_sqlite=format == "sqlite")
    return Exported(files=files, rows=counts)


@contextmanager
def opened(
    ctx: Context, slug: str, selection: Selection, *, patience: int | None = None
) -> Iterator[tuple[Unit, Scope, Parts]]:
    """Open one reading of the database for the codebook's tables. Raises NotFoundError.

    `patience` is how many seconds it may wait for whoever takes the rows.
    """
    with ctx.store.reading() as unit:
        unit.analysis.freeze(patience=patience)
        ctx.shelf.find(unit, slug)
        known = dialled(ctx, unit, slug)
        scope = scope_of(slug, selection, known)
        yield unit, scope, _parts(ctx, unit, scope, Rows(slug, known))


def _total(unit: Unit, scope: Scope) -> int:
    totals = unit.analysis.totals(scope)
    return totals.calls + totals.legs + totals.answers


class _Watch:
    """Counts rows on their way."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total, self._progress, self._done = total, progress, 0

    def watched(self, sheet: Sheet, rows: Iterable[Row]) -> Iterable[Row]:
        """Return the rows, counted where the total counts them."""
        counted = sheet in (codebook.ANSWERS, codebook.CALLS, codebook.LEGS)
        return rows if self._progress is None or not counted else self._count(rows, self._progress)

    def _count(self, rows: Iterable[Row], progress: Progress) -> Iterator[Row]:
        for row in rows:
            yield row
            self._done += 1
            if self._done % EVERY == 0 or self._done == self._total:
                progress(self._done, self._total)


def _parts(ctx: Context, unit: Unit, scope: Scope, rows: Rows) -> Parts:
    read = unit.analysis
    return (
        (codebook.ANSWERS, (rows.answer(fact) for fact in read.answers(scope))),
        (codebook.CALLS, (rows.call(fact) for fact in read.calls(scope))),
        (codebook.LEGS, (rows.leg(fact) for fact in read.legs(scope))),
        (codebook.OFFICES, (rows.office(fact) for fact in read.offices(scope))),
        (
            codebook.REVISIONS,
            (
                rows.revision(fact, ctx.shelf.campaign(unit, fact.revision))
                for fact in list(read.revisions(scope))
            ),
        ),
    )


@contextmanager
def _watched(
    ctx: Context, slug: str, selection: Selection, progress: Progress | None
) -> Iterator[Parts]:
    """Open one reading for a disk that takes its rows."""
    reading = opened(ctx, slug, selection, patience=DISK_SECONDS)
    with reading as (unit, scope, parts):
        watch = _Watch(_total(unit, scope) if progress else 0, progress)
        yield [(sheet, watch.watched(sheet, rows)) for sheet, rows in parts]


def _a_file_a_table(
    folder: Path, format: str, reading: AbstractContextManager[Parts]
) -> tuple[list[Path], dict[str, int]]:
    files, counts = [], {}
    with reading as parts:
        for sheet, rows in parts:
            path = folder / f"{sheet.name}.{format}"
            unfinished = path.with_name(f".{path.name}.part")
            counts[sheet.name] = WRITERS[format](unfinished, sheet, rows)
            files.append(unfinished.replace(path))
    return files, counts


def _one_file(
    path: Path, reading: AbstractContextManager[Parts]
) -> tuple[list[Path], dict[str, int]]:
    unfinished = path.with_name(f".{path.name}.part")
    # Its indexes are made after the reading: a server ends one that says nothing for seconds.
    with SqliteFile(unfinished) as file, reading as parts:
        counts = {sheet.name: file.write(sheet, rows) for sheet, rows in parts}
    return [unfinished.replace(path)], counts


def _explained(folder: Path, slug: str, title: str, *, as_sqlite: bool) -> list[Path]:
    """Put the codebook beside the data; for Datasette as its metadata, too."""
    page = folder / "codebook.md"
    page.write_text(codebook.as_markdown(), encoding="utf-8")
    if not as_sqlite:
        return [page]
    metadata = folder / "metadata.json"
    shown = json.dumps(codebook.as_datasette(slug, title), ensure_ascii=False, indent=2)
    metadata.write_text(shown + "\n", encoding="utf-8")
    return [page, metadata]
