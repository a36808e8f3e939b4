"""Bytes to text as editors and spreadsheets leave them; knows no document format."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from callbridge.library.problems import Problems


def text_of(file: str, content: bytes, problems: Problems) -> str:
    """Return the text of a document, with line ends folded and a byte-order mark dropped.

    What is not UTF-8 is a problem that names the line; the text is read all the same, as well as
    it can be guessed, so that the document's other problems are found too.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        problems.error(file, None, "This file is saved as UTF-16.", 'Save it as "UTF-8".')
        return _folded(content.decode("utf-16", errors="replace"))
    try:
        return _folded(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.error(
            file,
            line,
            "A letter here is not in the encoding that the web uses.",
            'Save the file again with the encoding "UTF-8".',
        )
        return _folded(_guess(content))


def spreadsheet_text_of(file: str, content: bytes, problems: Problems) -> str:
    """Return the text of a CSV: other encodings are usual there, so a guess is only advice."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _folded(content.decode("utf-16", errors="replace"))
    try:
        return _folded(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = _folded(_guess(content))
        problems.advise(
            file,
            line,
            f"Accented letters were read as a spreadsheet saves them: {_line(text, line)!r}.",
            'If that looks wrong, save the sheet as "CSV UTF-8".',
        )
        return text


def _guess(content: bytes) -> str:
    # What spreadsheets and editors of the Americas leave behind when it is not UTF-8. A guess
    # over all encodings there are goes wrong on files this short.
    best = from_bytes(content, cp_isolation=["cp1252", "mac_roman"]).best()
    return str(best) if best is not None else content.decode("cp1252", errors="replace")


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[min(number, len(lines)) - 1][:60]


def _folded(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
