"""Which files a campaign's folder may hold; knows nothing of what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from callbridge.library.head import LANGUAGES
from callbridge.library.pictures import SUFFIXES
from callbridge.library.problems import Problems, listed, nearest
from callbridge.library.prompts import AUDIO

_TRANSLATED = ("campaign.toml", "page.md", "script.md")
_KNOWN = (*_TRANSLATED, "targets.csv", "README.md")


def check_names(files: Mapping[str, bytes], problems: Problems) -> None:
    """Complain about files that nothing would read, with what they were probably meant to be."""
    for path in sorted(files):
        *parents, name = PurePosixPath(path).parts
        folder = parents[0] if parents else ""
        if folder == AUDIO.rstrip("/") or parents[1:] == [AUDIO.rstrip("/")]:
            continue
        if PurePosixPath(name).suffix.lower() in SUFFIXES:
            continue
        if folder and folder not in LANGUAGES:
            what = f"The folder {folder!r} means nothing here."
            instead = f"Translations stand in {listed(LANGUAGES)}, recordings in audio."
            problems.error(path, None, what, instead)
        elif (not folder and name not in _KNOWN) or (folder and name not in _TRANSLATED):
            known = _TRANSLATED if folder else _KNOWN
            guess = nearest(name, known)
            spreadsheet = name.lower().endswith((".xlsx", ".xls", ".ods", ".numbers"))
            if spreadsheet:
                instead = "Save the sheet as CSV, with the name targets.csv."
            elif guess:
                instead = f"Did you mean {guess!r}?"
            else:
                instead = f"Remove it; a campaign has {listed(known, 'and')}."
            problems.error(path, None, "Nothing reads this file.", instead)
