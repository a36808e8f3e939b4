"""Gathers the problems of a document while it is read; knows no format."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from callbridge.domain.problem import Problem, Severity


class Problems:
    """A growing list of problems: reading goes on, so that all are named at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def error(self, file: str, line: int | None, what: str, instead: str = "") -> None:
        """Note something that keeps the campaign from being published."""
        self._found.append(Problem(file=file, line=line, what=what, instead=instead))

    def advise(self, file: str, line: int | None, what: str, instead: str = "") -> None:
        """Note something that could be better."""
        advice = Severity.ADVICE
        self._found.append(
            Problem(file=file, line=line, what=what, instead=instead, severity=advice)
        )

    def all(self) -> tuple[Problem, ...]:
        """Return them in the order an organizer works: errors first, by file and line."""
        unique = dict.fromkeys(self._found)
        return tuple(
            sorted(
                unique, key=lambda p: (p.severity is Severity.ADVICE, p.file, p.line or 0, p.what)
            )
        )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` was probably meant to be."""
    by_fold = {name.casefold().replace("-", "_"): name for name in known}
    found = get_close_matches(word.casefold().replace("-", "_"), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def listed(words: Iterable[str], last: str = "or") -> str:
    """Return words as a person lists them: `a, b or c`."""
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end
