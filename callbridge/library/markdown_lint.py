"""What goes wrong when people write Markdown: footnotes, links, tags; knows no campaign."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from callbridge.library.problems import Problems

_FENCED = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\n]*)\)")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>\n]*)?/?>")
_SCHEMES = {"https", "http", "mailto", "tel"}


def lint(file: str, text: str, problems: Problems) -> None:
    """Complain about footnotes without text, links that lead nowhere and HTML tags."""
    plain = _FENCED.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    _footnotes(file, plain, problems)
    for link in _LINK.finditer(plain):
        _link(file, _line(plain, link.start()), link[1].strip(), problems)
    for tag in _TAG.finditer(plain):
        problems.advise(
            file,
            _line(plain, tag.start()),
            f"{tag[0]} would be shown as it stands: pages take no HTML.",
            "Write **bold**, *italic* or [words](https://…) instead.",
        )


def _footnotes(file: str, text: str, problems: Problems) -> None:
    notes: dict[str, int] = {}
    for note in _NOTE.finditer(text):
        name, line = note[1], _line(text, note.start(1))
        if name in notes:
            what = f"Footnote [^{name}] is written twice, first on line {notes[name]}."
            problems.error(file, line, what, "Give one of them another number.")
        if not note[2].strip():
            problems.error(file, line, f"Footnote [^{name}] is empty.", "Write its text here.")
        notes.setdefault(name, line)
    used: dict[str, int] = {}
    for reference in _REFERENCE.finditer(text):
        used.setdefault(reference[1], _line(text, reference.start()))
    for name, line in used.items():
        if name not in notes:
            what = f"Footnote [^{name}] has no text."
            problems.error(file, line, what, f"Write at the end: [^{name}]: the text")
    for name, line in notes.items():
        if name not in used:
            what = f"Footnote [^{name}] is never used, so nobody would see it."
            problems.error(file, line, what, f"Write [^{name}] where it belongs, or remove it.")


def _link(file: str, line: int, address: str, problems: Problems) -> None:
    if address.startswith("#"):
        return
    target, _, rest = address.partition(" ")
    parts = _parts(target)
    if not target:
        problems.error(file, line, "A link has no address.", "Write [words](https://…).")
    elif parts is None or parts.scheme not in _SCHEMES or (rest and rest[0] not in "\"'"):
        instead = "Begin it with https:// and leave no space in it."
        problems.error(file, line, f"The link address {address!r} leads nowhere.", instead)
    elif parts.scheme in {"https", "http"} and not parts.hostname:
        problems.error(
            file, line, f"The link address {address!r} names no site.", "Write https://site/…"
        )


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        # A bracket in the place of the site's name.
        return None


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
