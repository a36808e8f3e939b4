"""A list of people as spreadsheets and programs write it, to rows by column; judges nobody."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from callbridge.errors import RefusedError

COLUMNS: Final = ("phone", "zip", "language", "group", "consent_source", "consent_at")
REQUIRED: Final = ("phone", "consent_source", "consent_at")
# What a list without a header has.
BARE: Final = ("phone", "zip", "language", "group", "consent_source", "consent_at")
_ALIASES: Mapping[str, str] = {
    "phone_number": "phone",
    "telephone": "phone",
    "mobile": "phone",
    "zip_code": "zip",
    "zipcode": "zip",
    "postal_code": "zip",
    "consent": "consent_source",
    "source": "consent_source",
    "consent_date": "consent_at",
    "consented_at": "consent_at",
    "lang": "language",
}
_DELIMITERS = (",", ";", "\t", "|")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff]")
# A list as it comes: a file, its text, or a program's objects.
People: TypeAlias = bytes | str | Sequence[Mapping[str, object]]
MOST_ROWS = 1_000_000
LONGEST_CELL = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person as written: `cells` by our column's name, `extra` by theirs, folded."""

    line: int
    cells: Mapping[str, str]
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that is no row."""

    line: int
    why: str


def text_of(content: bytes) -> str:
    """Return the text of a list: UTF-8, UTF-16 with its mark, or what spreadsheets write else."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if content.startswith(b"PK\x03\x04"):
        raise RefusedError("This is an Excel workbook. Save it as “CSV UTF-8” and import that.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(content, cp_isolation=["cp1252", "mac_roman"]).best()
        return str(best) if best is not None else content.decode("cp1252", errors="replace")


def rows_of(content: People, *, given: Mapping[str, str] | None = None) -> Iterator[Row | BadLine]:
    """Yield every person of a list and every line that is none; the header is line 1.

    `given` are cells for lines that leave them empty: a list of one rally need not say so on each
    line. A list that begins with a phone number has no header: its columns are then those of
    BARE, in this order. A program's objects are counted from 1. Raises RefusedError when a column
    that every list needs is missing.
    """
    given = {name: _fold(cell)[:LONGEST_CELL] for name, cell in (given or {}).items() if cell}
    if not isinstance(content, bytes | str):
        yield from _rows_of_objects(content, given)
        return
    yield from _rows_of_text(content, given)


def _rows_of_objects(
    content: Sequence[Mapping[str, object]], given: Mapping[str, str]
) -> Iterator[Row | BadLine]:
    for line, one in enumerate(content, start=1):
        named = {_name(_fold(name)): _cell(value) for name, value in one.items()}
        if any(len(cell) > LONGEST_CELL for cell in named.values()):
            yield BadLine(line=line, why=f"A cell here is over {LONGEST_CELL:,} characters long.")
            continue
        yield Row(
            line=line,
            cells={name: named.get(name, "") or given.get(name, "") for name in COLUMNS},
            extra={name: cell for name, cell in named.items() if name not in COLUMNS and cell},
        )


def _cell(value: object) -> str:
    return "" if value is None else _fold(str(value))


def _rows_of_text(content: bytes | str, given: Mapping[str, str]) -> Iterator[Row | BadLine]:
    text = text_of(content) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    text = re.sub("\r\n|\r|\x85|\u2028|\u2029", "\n", text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header: list[str] = []
    before = first = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            # The reader stands after the line it choked on.
            yield BadLine(
                line=max(1, reader.line_num - first), why=f"This line is no CSV: {error}."
            )
            before = reader.line_num
            continue
        if cells is None:
            break
        line, before = before + 1 - first, reader.line_num
        folded = [_fold(cell) for cell in cells]
        if not any(folded) or (not header and folded[0].startswith("sep=")):
            continue
        if not header:
            first = line - 1
            if not _is_person(folded):
                header = _header(folded, given)
                continue
            header = _header([*BARE[: max(len(folded), BARE.index("consent_source"))]], given)
            line = 1
        if line > MOST_ROWS + 1:
            yield BadLine(line=line, why=f"A list has at most {MOST_ROWS:,} people.")
            return
        yield _row(line, header, folded, given)
    if not header:
        raise RefusedError("There is nothing in this list. Its first line names the columns.")


def _row(line: int, header: list[str], cells: list[str], given: Mapping[str, str]) -> Row | BadLine:
    if any(cells[len(header) :]):
        many = f"This line has {len(cells)} cells and there are {len(header)} columns."
        return BadLine(line=line, why=f"{many} Put cells with a comma inside quotes.")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return BadLine(line=line, why=f"A cell here is over {LONGEST_CELL:,} characters long.")
    named = dict(zip(header, cells, strict=False))
    return Row(
        line=line,
        cells={name: named.get(name, "") or given.get(name, "") for name in COLUMNS},
        extra={name: cell for name, cell in named.items() if name and name not in COLUMNS and cell},
    )


def _fold(cell: str) -> str:
    return " ".join(_INVISIBLE.sub("", cell).split())


def _name(cell: str) -> str:
    name = re.sub(r"[\s\-]+", "_", cell.casefold())
    return _ALIASES.get(name, name)


def _is_person(cells: list[str]) -> bool:
    """Tell whether a first line is a person already: it begins with a number, not with a name."""
    return sum(letter.isdecimal() for letter in cells[0]) >= 7


def _header(cells: list[str], given: Mapping[str, str]) -> list[str]:
    names = [_name(cell) for cell in cells]
    missing = [name for name in REQUIRED if name not in names and name not in given]
    if missing:
        raise RefusedError(
            f"The list has no column {' and no column '.join(missing)}. Its first line names the "
            f"columns: {', '.join(COLUMNS)}."
        )
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    if twice:
        raise RefusedError(f"The list has the column {twice[0]} twice.")
    return [name if name in COLUMNS else cell for name, cell in zip(names, cells, strict=True)]


def _delimiter(text: str) -> str:
    """Return the mark that cuts the first line into the most columns we know, or into the most."""
    lines = (line for line in text.split("\n") if line.strip())
    first = next((line for line in lines if not line.startswith("sep=")), "")

    def known(mark: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=mark), [])
        except csv.Error:
            return 0, 0
        return sum(_name(_fold(cell)) in COLUMNS for cell in cells), len(cells)

    return max(_DELIMITERS, key=known)
