"""A TOML document to values, past its mistakes; knows no campaign."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from callbridge.library.problems import Problems
from callbridge.library.toml_lines import Path, lines_of

MOST_MISTAKES = 20

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*[=:]")
_BARE_VALUE = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=\s*([^\"'\[{#\s][^#]*?)\s*$")
_COLON = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*:\s*(.+?)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What could be read: values, the line of each, and the keys whose lines are mistakes."""

    values: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[Path, int] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()


def parse(file: str, text: str, problems: Problems) -> Document:
    """Read a document; each mistake in its grammar is named and its line left out.

    Reading goes on after a mistake, so that those behind it are named in the same run.
    """
    lines = text.split("\n")
    broken: set[str] = set()
    for _ in range(MOST_MISTAKES):
        try:
            # One line end more, so that a mistake on the last line has a line too.
            readable = "\n".join(lines) + "\n"
            values = tomllib.loads(readable)
            return Document(values=values, lines=lines_of(readable), broken=frozenset(broken))
        except tomllib.TOMLDecodeError as error:
            found = _AT_LINE.search(str(error))
            line = min(int(found[1]), len(lines)) if found else None
            if line is None or not lines[line - 1].strip():
                problems.error(file, *_unclosed(lines))
                return Document(broken=_all_keys(text))
            problems.error(file, line, *_mistake(lines[line - 1], str(error)))
            key = _KEY.match(lines[line - 1])
            broken |= {key[1]} if key else set()
            lines[line - 1] = ""
    return Document(broken=_all_keys(text))


def _all_keys(text: str) -> frozenset[str]:
    return frozenset(key[1] for line in text.split("\n") if (key := _KEY.match(line)))


def _unclosed(lines: list[str]) -> tuple[int | None, str, str]:
    """Explain a document that ends inside something."""
    for mark in ('"""', "'''"):
        opened = [n for n, line in enumerate(lines, 1) if line.count(mark) % 2]
        if len(opened) % 2:
            return opened[-1], "The text that begins here never ends.", f"End it with {mark}."
    return None, "The file ends in the middle of something.", "Close every bracket and every quote."


def _mistake(line: str, error: str) -> tuple[str, str]:
    """Explain a line that is not TOML and say what to write instead."""
    for marks in ("“”", "„“", "«»"):
        if any(mark in line for mark in marks):
            fixed = re.sub(f"[{marks}]", '"', line.strip())
            return "These quotes are curly ones.", f"Write straight ones: {fixed}"
    if "Cannot overwrite a value" in error or "twice" in error:
        key = _KEY.match(line) or re.match(r"\s*\[+\s*([\w.-]+)", line)
        name = key[1] if key else line.strip()
        return f"{name!r} stands in this file twice.", "Keep one of them."
    if (bare := _BARE_VALUE.match(line)) and bare[2] not in {"True", "False"}:
        words = bare[2].strip("\"' ").replace('"', "'")
        return "Words and times stand in quotes.", f'Write {bare[1]} = "{words}"'
    if colon := _COLON.match(line):
        return "A key and its value are joined by an equals sign.", (
            f"Write {colon[1]} = {_quoted(colon[2])}"
        )
    if line.count('"') % 2:
        return "A quote is opened and not closed, or too many.", 'Write key = "words" on one line.'
    reason = _AT_LINE.sub("", error).strip()
    return f"This line cannot be read ({reason}).", 'Write key = "words" or key = 5.'


def _quoted(value: str) -> str:
    return value if value[0] in "\"'[{" or value.isdigit() else f'"{value}"'
