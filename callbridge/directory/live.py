"""The directory of a long-running process: notices that an update put a newer file in place."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from callbridge.directory.document import place_document
from callbridge.directory.lookup import FILE_NAME, Directory
from callbridge.domain.congress import Member, Place
from callbridge.errors import DirectoryError

EVERY_SECONDS = 30.0
Mark = tuple[int, int, int]
_log = logging.getLogger(__name__)


class LiveDirectory:
    """The best directory of a folder, looked at again twice a minute. Safe between threads.

    A file that cannot be read, or is older than what serves, changes nothing and is logged.
    `ticks` is a clock in seconds that never goes back.
    """

    def __init__(self, folder: Path, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._ticks = folder, ticks
        self._lock = threading.Lock()
        self._mark = self._look()
        self._current = Directory.open_best(folder)
        self._next = ticks() + EVERY_SECONDS

    @property
    def current(self) -> Directory:
        """Return the directory as it is now; hold on to it while one answer is made."""
        if self._ticks() >= self._next and self._lock.acquire(blocking=False):
            try:
                self._refresh()
                self._next = self._ticks() + EVERY_SECONDS
            finally:
                self._lock.release()
        return self._current

    @property
    def as_of(self) -> date:
        """Return the date of the members' data."""
        return self.current.as_of

    @property
    def congress(self) -> int:
        """Return the number of the Congress that the members sit in."""
        return self.current.congress

    def lookup(self, zip_text: str, *, on: date) -> Place:
        """Look a ZIP up; raises as `Directory.lookup` does."""
        return self.current.lookup(zip_text, on=on)

    def member(self, bioguide: str, *, on: date) -> Member | None:
        """Return a member in office on that day."""
        return self.current.member(bioguide, on=on)

    def fits(self, on: date) -> bool:
        """Tell whether members and district lines are those of the Congress sitting that day."""
        return self.current.fits(on)

    def members(self, *, on: date) -> tuple[Member, ...]:
        """Return everybody in office on that day."""
        return self.current.members(on=on)

    def warning(self, on: date) -> str | None:
        """Say in a sentence that the data is past its Congress or old, else None."""
        return self.current.warning(on)

    def to_json(self, place: Place) -> dict[str, Any]:
        """Return a place as the JSON of `lookup ZIP --json`."""
        return place_document(place)

    def _refresh(self) -> None:
        mark = self._look()
        if mark == self._mark:
            return
        self._mark = mark
        try:
            fresh = Directory.open(self._folder / FILE_NAME) if mark else Directory.open()
        except DirectoryError as error:
            _log.warning("updated directory unreadable, the one in use stays: %s", error)
            return
        if mark and fresh.as_of < self._current.as_of:
            _log.warning("updated directory of %s is older than the one in use", fresh.as_of)
            return
        self._current = fresh
        _log.info("directory of %s in use", fresh.as_of)

    def _look(self) -> Mark | None:
        try:
            found = (self._folder / FILE_NAME).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
