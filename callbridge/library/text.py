"""Bytes to text as editors and spreadsheets leave them; knows no document format."""

from __future__ import annotations

import codecs
import re

from callbridge.library.problems import Problems

# Vertical tabs and form feeds come out of presentations; they only mean a new line.
_NEW_LINE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What XML cannot carry, so that no voice could ever be sent it.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def text_of(file: str, content: bytes, problems: Problems) -> str:
    """Return the text of a document, with line ends folded and a byte-order mark dropped.

    What is not UTF-8 is a problem that names the line; the text is read all the same, as well as
    it can be guessed, so that the document's other problems are found too.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        problems.error(file, None, "This file is saved as UTF-16.", 'Save it as "UTF-8".')
        return _clean(file, content.decode("utf-16", errors="replace"), problems)
    try:
        return _clean(file, content.decode("utf-8-sig"), problems)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.error(
            file,
            line,
            "A letter here is not in the encoding that the web uses.",
            'Save the file again with the encoding "UTF-8".',
        )
        return _clean(file, _guess(content), problems)


def spreadsheet_text_of(file: str, content: bytes, problems: Problems) -> str:
    """Return the text of a CSV: other encodings are usual there, so a guess is only advice."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _clean(file, content.decode("utf-16", errors="replace"), problems)
    try:
        return _clean(file, content.decode("utf-8-sig"), problems)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = _clean(file, _guess(content), problems)
        problems.advise(
            file,
            line,
            f"Accented letters were read as a spreadsheet saves them: {_line(text, line)!r}.",
            'If that looks wrong, save the sheet as "CSV UTF-8".',
        )
        return text


def _guess(content: bytes) -> str:
    # Loaded when needed: a worker that starts meets only documents that were checked.
    from charset_normalizer import from_bytes

    # What spreadsheets and editors of the Americas leave behind when it is not UTF-8. A guess
    # over all encodings there are goes wrong on files this short.
    best = from_bytes(content, cp_isolation=["cp1252", "mac_roman"]).best()
    return str(best) if best is not None else content.decode("cp1252", errors="replace")


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[min(number, len(lines)) - 1][:60]


def has_invisible(text: str) -> bool:
    """Tell whether a text holds control characters, which nobody can see or say."""
    return _INVISIBLE.search(text) is not None


def _clean(file: str, text: str, problems: Problems) -> str:
    """Fold line ends; name characters that nobody can see and take them out."""
    folded = _NEW_LINE.sub("\n", text)
    for found in _INVISIBLE.finditer(folded):
        line = folded.count("\n", 0, found.start()) + 1
        what = f"There is an invisible character here (U+{ord(found[0]):04X})."
        problems.error(file, line, what, "Delete the words around it and type them again.")
    return _INVISIBLE.sub("", folded)
