"""One table of a document, read key by key with a line for each complaint; knows no campaign."""

from __future__ import annotations

import re
from collections.abc import Mapping

from callbridge.library.problems import Problems, listed, nearest
from callbridge.library.text import has_invisible
from callbridge.library.toml_lines import Path
from callbridge.library.toml_text import Document

# A campaign's folder, which is its page's address.
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Table:
    """Typed access to one TOML table; what nobody asked for is an unknown key at `finish`."""

    def __init__(
        self,
        file: str,
        document: Document,
        problems: Problems,
        *,
        path: Path = (),
        values: Mapping[str, object] | None = None,
    ) -> None:
        self.file = file
        self.problems = problems
        self._document = document
        self._path = path
        self._values = document.values if values is None else values
        self._known: set[str] = set()

    def line(self, *keys: str | int) -> int | None:
        """Return the line of a key in this table, else of the table, else None."""
        path = (*self._path, *keys)
        while path:
            if path in self._document.lines:
                return self._document.lines[path]
            path = path[:-1]
        return None

    def error(self, key: str, what: str, instead: str) -> None:
        """Complain about one key."""
        self.problems.error(self.file, self.line(key), what, instead)

    def advise(self, key: str, what: str, instead: str) -> None:
        """Advise about one key."""
        self.problems.advise(self.file, self.line(key), what, instead)

    def raw(self, key: str) -> object | None:
        """Return a value as it stands, None when absent; the key counts as known."""
        self._known.add(key)
        return self._values.get(key)

    def words(self, key: str, *, required: bool = False, most: int = 200) -> str | None:
        """Return words with their whitespace folded, None when absent or wrong."""
        value = self.raw(key)
        if value is None:
            if required and key not in self._document.broken:
                where = f" in {self._name}" if self._path else ""
                self.problems.error(
                    self.file, self.line(), f"{key!r} is missing{where}.", f'Add {key} = "…"'
                )
            return None
        if not isinstance(value, str):
            self.error(key, f"{key!r} must be words.", f'Write {key} = "{value}"')
            return None
        if has_invisible(value):
            what = f"{key!r} has an invisible character in it."
            self.error(key, what, "Delete the words and type them again.")
            return None
        folded = " ".join(value.split())
        if not folded:
            self.error(key, f"{key!r} is empty.", f'Write {key} = "…" or leave the line out.')
            return None
        if len(folded) > most:
            self.error(
                key,
                f"{key!r} has {len(folded)} characters.",
                f"Say it in {most:,} characters at most.",
            )
            return None
        return folded

    def whole(self, key: str, *, low: int, high: int) -> int | None:
        """Return a whole number in a range, None when absent or wrong."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            meant = int(value) if isinstance(value, str) and value.isdecimal() else 0
            example = meant if low <= meant <= high else min(max(low, 2), high)
            self.error(
                key,
                f"{key!r} must be a whole number from {low} to {high:,}, without quotes.",
                f"Write {key} = {example}",
            )
            return None
        return value

    def truth(self, key: str) -> bool:
        """Return true or false, false when absent or wrong."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.error(key, f"{key} = {value!r} is neither true nor false.", f"Write {key} = true")
        return False

    def choice(self, key: str, choices: tuple[str, ...]) -> str | None:
        """Return one of a closed list of words, None when absent or wrong."""
        value = self.raw(key)
        if value is None or value in choices:
            return value
        guess = nearest(value, choices) if isinstance(value, str) else None
        best = f'Write {key} = "{guess}".' if guess else f"Write one of {_quoted(choices)}."
        self.error(key, f"{key} = {value!r} is not a choice here.", best)
        return None

    def choices(self, key: str, choices: tuple[str, ...]) -> tuple[str, ...] | None:
        """Return a list of words out of a closed list, None when absent; wrong ones left out."""
        value = self.raw(key)
        if value is None:
            return None
        example = f'Write a list, such as {key} = ["{choices[0]}"].'
        if not isinstance(value, list) or not value:
            self.error(key, f"{key!r} must be a list of words in square brackets.", example)
            return None
        found = []
        for place, word in enumerate(value):
            if word in choices and word not in found:
                found.append(word)
                continue
            guess = nearest(word, choices) if isinstance(word, str) else None
            instead = f'Write "{guess}".' if guess else f"Write {_quoted(choices)}."
            what = f"{word!r} stands there twice." if word in found else f"{word!r} is unknown."
            if word in found:
                instead = "Keep one of them."
            self.problems.error(self.file, self.line(key, place), f"{key}: {what}", instead)
        return tuple(found)

    def slugs(self, key: str) -> tuple[str, ...] | None:
        """Return a list of campaigns' folder names, None when absent; wrong ones are left out."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, list):
            what = f"{key!r} must be a list of campaigns in square brackets."
            self.error(key, what, f'Write {key} = ["save-the-river"], or {key} = [] for none.')
            return None
        for place, word in enumerate(value):
            if not isinstance(word, str) or not SLUG.fullmatch(word):
                what = f"{key}: {word!r} is no campaign."
                instead = "Write the name of its folder, as in the page's address."
                self.problems.error(self.file, self.line(key, place), what, instead)
        fine = (word for word in value if isinstance(word, str) and SLUG.fullmatch(word))
        return tuple(dict.fromkeys(fine))

    def table(self, key: str) -> Table | None:
        """Return a table inside this one, None when absent or wrong."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.error(key, f"{key!r} must be a table.", f"Write [{key}] on a line of its own.")
            return None
        return self._inside((*self._path, key), value)

    def tables(self, key: str, *, example: str = "") -> tuple[Table, ...] | None:
        """Return a list of tables, None when absent or wrong; `example` says what to write."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            instead = example or f"Write [[{key}]] on a line of its own."
            self.error(key, f"{key!r} must be a list of tables.", instead)
            return None
        return tuple(self._inside((*self._path, key, n), item) for n, item in enumerate(value))

    def finish(self, *, elsewhere: Mapping[str, str] | None = None) -> None:
        """Complain about every key nobody asked for; `elsewhere` says where known ones belong."""
        for key in self._values:
            if key in self._known:
                continue
            guess = nearest(key, self._known)
            home = (elsewhere or {}).get(key)
            if home:
                instead = home
            elif guess:
                instead = f"Did you mean {guess!r}?"
            else:
                instead = f"Known here: {listed(sorted(self._known), 'and')}."
            where = f" in {self._name}" if self._path else ""
            self.error(key, f"{key!r} is not a key{where}.", instead)

    @property
    def _name(self) -> str:
        return f"[{'.'.join(str(part) for part in self._path if isinstance(part, str))}]"

    def _inside(self, path: Path, values: Mapping[str, object]) -> Table:
        return Table(self.file, self._document, self.problems, path=path, values=values)


def _quoted(words: tuple[str, ...]) -> str:
    return listed([f'"{word}"' for word in words])
