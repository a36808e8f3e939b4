"""Which `{placeholders}` may stand where; knows not how they are filled."""

from __future__ import annotations

import re
from collections.abc import Collection

from callbridge.domain.prompts import PLACEHOLDERS
from callbridge.library.problems import Problems, listed, nearest

_SPANISH = re.compile(r"\b([Aa]|[Dd]e)\s+\{(?:member|title)\}")
_BRACED = re.compile(r"\{([^{}\n]*)\}")


def check_placeholders(
    text: str,
    *,
    allowed: Collection[str],
    file: str,
    line: int | None,
    place: str,
    problems: Problems,
) -> None:
    """Complain about every brace in `text` that is not an allowed placeholder.

    `line` is where the text begins; `place` says in words where it stands ("the script").
    """
    for found in _BRACED.finditer(text):
        name = found[1].strip()
        if found[1] in allowed:
            continue
        at = None if line is None else line + text.count("\n", 0, found.start())
        guess = nearest(name, allowed)
        if name in PLACEHOLDERS and name not in allowed:
            what = f"{{{name}}} cannot stand in {place}."
            instead = _allowed_words(allowed) if allowed else "Write it without placeholders."
        elif guess:
            what, instead = f"{{{name}}} is not a placeholder.", f"Write {{{guess}}}."
        else:
            what, instead = f"{{{name}}} is not a placeholder.", _allowed_words(allowed)
        problems.error(file, at, what, instead)
    left = _BRACED.sub(lambda braced: " " * len(braced[0]), text)
    if "{" in left or "}" in left:
        before = left.find("{") if "{" in left else left.find("}")
        at = None if line is None else line + text.count("\n", 0, before)
        problems.error(file, at, "A curly bracket stands alone.", "Close it, or leave it out.")


def check_contractions(file: str, text: str, *, line: int, problems: Problems) -> None:
    """Advise about Spanish "a" and "de" before a title: "de el senador" is nobody's Spanish."""
    for found in _SPANISH.finditer(text):
        at = line + text.count("\n", 0, found.start())
        what = f"“{' '.join(found[0].split())}” would be said as “{found[1]} el senador …”."
        problems.advise(file, at, what, "Turn the sentence: “pida que {member} …”.")


def _allowed_words(allowed: Collection[str]) -> str:
    if not allowed:
        return "No placeholder can stand here."
    return f"Here {listed([f'{{{name}}}' for name in sorted(allowed)], 'and')} can be used."
