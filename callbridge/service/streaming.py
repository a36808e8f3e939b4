"""Hands an export out as one ZIP file while its rows are read; writes nothing down."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping

from callbridge.domain.selection import Selection
from callbridge.service import codebook
from callbridge.service.codebook import Sheet
from callbridge.service.context import Context
from callbridge.service.exported_rows import Row
from callbridge.service.exporting import opened
from callbridge.service.writing import csv_lines, json_lines

Lines = Callable[[Sheet, Iterable[Row]], Iterator[str]]

# The other formats are files that know their own end, or their own middle: they are made whole.
STREAMED: Mapping[str, Lines] = {"csv": csv_lines, "jsonl": json_lines}
PIECE = 64 * 1024
# Lines packed at once: packing each by itself costs more than making it.
AT_ONCE = 200
# So long a reader may take nothing; the reading holds the database's past for it meanwhile.
PATIENCE_SECONDS = 120


def streamed(ctx: Context, slug: str, *, format: str, selection: Selection) -> Iterator[bytes]:
    """Yield a ZIP file of the codebook and its tables, from the first row on.

    Whatever goes wrong on the way is raised: what was sent by then has no end, which is where a
    ZIP file lists what it holds, so nobody can take it for whole. Raises NotFoundError.
    """
    sink = _Sink()
    with (
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed,
        opened(ctx, slug, selection, patience=PATIENCE_SECONDS) as (_, _, parts),
    ):
        packed.writestr(f"{slug}/codebook.md", codebook.as_markdown())
        yield sink.taken()
        for sheet, rows in parts:
            name = f"{slug}/{sheet.name}.{format}"
            with packed.open(name, "w", force_zip64=True) as file:
                for lines in _some(STREAMED[format](sheet, rows)):
                    file.write("".join(lines).encode())
                    if sink.held >= PIECE:
                        yield sink.taken()
    yield sink.taken()


def _some(lines: Iterator[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for line in lines:
        some.append(line)
        if len(some) == AT_ONCE:
            yield some
            some = []
    yield some


class _Sink:
    """Where a ZIP file is written, as far as nobody took it; cannot be gone back in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.held = 0

    def write(self, piece: bytes, /) -> int:
        """Hold a piece."""
        self._pieces.append(bytes(piece))
        self.held += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Do nothing: what is held is taken."""

    def close(self) -> None:
        """Do nothing: what is held stays to be taken."""

    def taken(self) -> bytes:
        """Return what is held, and hold nothing."""
        found = b"".join(self._pieces)
        self._pieces, self.held = [], 0
        return found
