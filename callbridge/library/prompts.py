"""A campaign's own prompts, written or recorded; knows not when they are spoken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from callbridge.domain.prompts import PROMPT_NAMES, defaults, placeholders_in
from callbridge.library.lengths import check_length
from callbridge.library.placeholders import check_placeholders
from callbridge.library.problems import Problems, nearest
from callbridge.library.table import Table

AUDIO = "audio/"
# Without these a menu would not say what it offers.
_NEEDED = frozenset({"menu", "branches", "answers", "line", "words", "key"})
_KEY = re.compile(r"\b\d\b")
_SOUNDS: Mapping[str, tuple[bytes, ...]] = {
    ".mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    ".wav": (b"RIFF",),
}


def read_prompts(table: Table | None, *, language: str) -> Mapping[str, str]:
    """Return the prompts written in [prompts], by name."""
    if table is None:
        return {}
    found = {}
    for name in sorted(PROMPT_NAMES):
        text = table.words(name, most=10_000)
        if text is not None:
            _check(table, name, text, usual=defaults(language)[name])
            found[name] = text
    table.finish()
    return found


def _check(table: Table, name: str, text: str, *, usual: str) -> None:
    known = placeholders_in(usual)
    check_placeholders(
        text,
        allowed=known | {"organization"},
        file=table.file,
        line=table.line(name),
        place=f"the prompt {name!r}",
        problems=table.problems,
    )
    for missing in sorted(known & _NEEDED - placeholders_in(text)):
        what = f"The prompt {name!r} must have {{{missing}}} in it."
        table.error(name, what, f"As in: {usual}")
    silent = [key for key in _KEY.findall(usual) if key not in _KEY.findall(text)]
    if silent:
        what = f"The prompt {name!r} does not say key {silent[0]}, which the usual words do."
        table.advise(name, what, f"The usual words: {usual}")
    check_length(
        text,
        file=table.file,
        line=table.line(name),
        name=f"The prompt {name!r}",
        seconds=None,
        problems=table.problems,
    )


def read_audio(folder: str, *, files: Mapping[str, bytes], problems: Problems) -> Mapping[str, str]:
    """Return the recordings of a language: the name of the file is the name of the prompt.

    `folder` is "" for the campaign's own language, else such as "es/".
    """
    found: dict[str, str] = {}
    for path in sorted(files):
        if not path.startswith(f"{folder}{AUDIO}"):
            continue
        name, suffix = PurePosixPath(path).stem, PurePosixPath(path).suffix.lower()
        if name not in PROMPT_NAMES:
            guess = nearest(name, PROMPT_NAMES)
            instead = f"Name it {guess}{suffix}." if guess else "Name it greeting.mp3, for example."
            problems.error(path, None, f"There is no prompt {name!r}.", instead)
        elif suffix not in _SOUNDS:
            what = "A recording is an .mp3 or a .wav file."
            problems.error(path, None, what, "Export it as MP3.")
        elif not files[path].startswith(_SOUNDS[suffix]):
            what = f"This file is not what its name says ({suffix.lstrip('.')})."
            problems.error(path, None, what, "Export it again as MP3.")
        elif name in found:
            problems.error(path, None, f"{name!r} is recorded twice.", "Keep one file.")
        else:
            found[name] = path
    return found
