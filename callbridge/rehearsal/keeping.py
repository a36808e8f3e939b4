"""Rehearsals kept as files in a folder, one running at a time; runs none."""

from __future__ import annotations

import fcntl
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from callbridge.errors import RefusedError
from callbridge.logs import log
from callbridge.service.rehearsals import Rehearsal, RehearsalState

KEPT = 50
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")
_log = log(__name__)


class Shelf:
    """The folder. A file is replaced as a whole, so that a reader never sees half of one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_id(self, now: datetime) -> str:
        """Make an id that sorts by time."""
        return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"

    def write(self, rehearsal: Rehearsal) -> None:
        """Keep one as it is now, and forget the oldest beyond 50."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(rehearsal.id)
        scratch = path.with_suffix(f".{secrets.token_hex(4)}")
        scratch.write_bytes(msgspec.json.encode(rehearsal))
        scratch.replace(path)
        for old in sorted(self._folder.glob("*.json"), reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)

    def get(self, rehearsal: str) -> Rehearsal | None:
        """Return one; what ran when its process ended without a word is lost."""
        if not _ID.fullmatch(rehearsal):
            return None
        found = self._read(self._path(rehearsal))
        if found is not None and found.state is RehearsalState.RUNNING and not self.is_running():
            found = self._read(self._path(rehearsal))  # it may have ended between the two looks
            if found is not None and found.state is RehearsalState.RUNNING:
                return replace(
                    found, state=RehearsalState.LOST, why="Its process ended without a result."
                )
        return found

    def all(self) -> list[Rehearsal]:
        """Return all that are kept, newest first."""
        names = sorted((path.stem for path in self._folder.glob("*.json")), reverse=True)
        return [found for name in names if (found := self.get(name)) is not None]

    def ask_to_end(self, rehearsal: str) -> bool:
        """Ask a running rehearsal to end; False when it does not run."""
        found = self.get(rehearsal)
        if found is None or found.state is not RehearsalState.RUNNING:
            return False
        self._asked(rehearsal).touch()
        return True

    def is_asked_to_end(self, rehearsal: str) -> bool:
        """Tell whether somebody asked it to end."""
        return self._asked(rehearsal).exists()

    @contextmanager
    def running(self) -> Iterator[int]:
        """Be the one that runs; give the lock's file, for a child that goes on with it.

        The kernel lets go when every process that has the file is gone, however it ended. Raises
        RefusedError while another runs.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "running").open("w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                raise RefusedError(
                    "Another rehearsal runs here. Wait for its end, or cancel it."
                ) from busy
            yield file.fileno()

    def forget_asking(self, rehearsal: str) -> None:
        """Forget that somebody asked it to end: it has ended."""
        self._asked(rehearsal).unlink(missing_ok=True)

    def is_running(self) -> bool:
        """Tell whether a rehearsal runs on this machine."""
        try:
            with (self._folder / "running").open("r", encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def _path(self, rehearsal: str) -> Path:
        return self._folder / f"{rehearsal}.json"

    def _asked(self, rehearsal: str) -> Path:
        return self._folder / f"{rehearsal}.cancel"

    @staticmethod
    def _read(path: Path) -> Rehearsal | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Rehearsal)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as trouble:
            _log.warning("rehearsal_unreadable", file=path.name, type=type(trouble).__name__)
            return None
