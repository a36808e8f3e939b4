"""On which line each key of a TOML document stands; knows no campaign and checks no grammar."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r'(?P<long>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5})'
    r'|(?P<text>"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<skip>#[^\n]*|[ \t\r]+)"
    r"|(?P<newline>\n)"
    r"|(?P<mark>[\[\]{}=,.])"
    r"|(?P<bare>[^\s\[\]{}=,.#\"']+)"
    r"|(?P<other>.)",
    re.DOTALL,
)


def lines_of(text: str) -> Mapping[Path, int]:
    """Return the line of every key, table and list item of a document `tomllib` has accepted.

    A path is made of keys and, inside lists, places from 0: `("question", 0, "options", 2)`.
    """
    return _Walk(text).document()


class _Walk:
    """One pass over the tokens, a lax descent: the grammar was checked before."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, int]] = []
        line = 1
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or "other"
            if kind != "skip":
                self.tokens.append((kind, match.group(), line))
            line += match.group().count("\n")
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.last: dict[Path, int] = {}

    def document(self) -> Mapping[Path, int]:
        prefix: Path = ()
        while self.at < len(self.tokens):
            if self.accept("newline"):
                continue
            if self.sees("["):
                prefix = self.header()
            else:
                self.pair(prefix)
        return self.lines

    def sees(self, mark: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at][:2] == ("mark", mark)

    def accept(self, kind: str, mark: str | None = None) -> bool:
        if self.at >= len(self.tokens):
            return False
        token = self.tokens[self.at]
        if token[0] != kind or (mark is not None and token[1] != mark):
            return False
        self.at += 1
        return True

    def header(self) -> Path:
        line = self.tokens[self.at][2]
        self.at += 1
        repeated = self.accept("mark", "[")
        *parents, name = self.keys("]")
        self.accept("mark", "]")
        path: Path = ()
        for key in parents:
            self.lines.setdefault((*path, key), line)
            path = self.inside((*path, key))
        path = (*path, name)
        self.lines.setdefault(path, line)
        if repeated:
            self.last[path] = self.last.get(path, -1) + 1
            path = self.inside(path)
            self.lines[path] = line
        return path

    def inside(self, path: Path) -> Path:
        """Step into the newest table of a list of tables."""
        return (*path, self.last[path]) if path in self.last else path

    def keys(self, end: str) -> list[str]:
        found = []
        while self.at < len(self.tokens) and not self.sees(end):
            kind, text, _ = self.tokens[self.at]
            self.at += 1
            if kind in {"bare", "text"}:
                found.append(text[1:-1] if kind == "text" else text)
        self.at += 1
        return found

    def pair(self, prefix: Path) -> None:
        line = self.tokens[self.at][2]
        path = prefix
        for key in self.keys("="):
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.value(path)

    def value(self, path: Path) -> None:
        if self.accept("mark", "["):
            self.items(path)
        elif self.accept("mark", "{"):
            while self.at < len(self.tokens) and not self.accept("mark", "}"):
                if not (self.accept("mark", ",") or self.accept("newline")):
                    self.pair(path)
        else:
            self.at += 1
            while self.at < len(self.tokens):
                kind, text, _ = self.tokens[self.at]
                if kind == "newline" or (kind == "mark" and text in ",]}"):
                    return
                self.at += 1

    def items(self, path: Path) -> None:
        place = 0
        while self.at < len(self.tokens) and not self.accept("mark", "]"):
            if self.accept("mark", ",") or self.accept("newline"):
                continue
            self.lines[*path, place] = self.tokens[self.at][2]
            self.value((*path, place))
            place += 1
