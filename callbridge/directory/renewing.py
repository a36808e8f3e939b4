"""Brings the directory up to date by itself; what is too different is kept for an operator."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from callbridge.directory.download import PUBLISHERS, USUAL, Addresses, Limits
from callbridge.directory.update import HELD, Update, swap, update
from callbridge.errors import DirectoryError


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewing:
    """Renews the directory of a folder. The difference of a held one is kept as `held.json`."""

    target: Path
    addresses: Addresses = PUBLISHERS
    limits: Limits = USUAL

    def renew(self, *, today: date) -> str:
        """Take up what is sane or a new Congress's, hold anything else; return what happened.

        Raises DirectoryError when the publishers cannot be reached or read; nothing is changed.
        """
        done = update(
            source=None,
            target=self.target,
            today=today,
            only_if_sane=True,
            addresses=self.addresses,
            limits=self.limits,
        )
        if done.applied:
            return f"Members as of {done.after.as_of}: {_counted(done)}."
        document = json.dumps(difference_document(done), ensure_ascii=False, indent=1)
        swap(self.target / HELD, document.encode())
        return (
            f"Held for you: {'; '.join(done.sanity.reasons)}. Look with `python -m callbridge "
            "directory held`; `directory update` takes it up."
        )

    def waits(self) -> bool:
        """Tell whether a difference is held for an operator."""
        return (self.target / HELD).is_file()


def _counted(done: Update) -> str:
    if done.difference.empty:
        return "nothing changed"
    return ", ".join(f"{s.title.lower()} {len(s.rows):,}" for s in done.difference.sections())


def difference_document(done: Update) -> dict[str, Any]:
    """Return an update's difference as JSON, for the command line and to be kept."""
    return {
        "before": done.difference.before.isoformat(),
        "after": done.difference.after.isoformat(),
        "applied": done.applied,
        "reasons": list(done.sanity.reasons),
        "changes": {
            section.title: [dict(zip(section.columns, row, strict=True)) for row in section.rows]
            for section in done.difference.sections()
        },
    }


def held(folder: Path) -> dict[str, Any] | None:
    """Return the difference that waits for an operator, None when none does.

    Raises DirectoryError when it cannot be read.
    """
    try:
        found = json.loads((folder / HELD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DirectoryError(f"{folder / HELD} is no JSON: {error}.") from error
    return dict(found)
