"""The time of a story: it runs with the wall, in every process of the story, and may be pushed."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A Tuesday, two in the afternoon in Washington, eleven in California: offices are open.
TUESDAY = datetime(2026, 6, 16, 18, 0, tzinfo=UTC)


class StoryClock:
    """Starts at a moment of the story and runs with the wall; a story may push it forward.

    With a `file`, every process that opens the same one has the same time, pushes included.
    """

    def __init__(self, at: datetime = TUESDAY, *, file: Path | None = None) -> None:
        self._ahead = at - self._wall()
        self._file = file
        if file is not None:
            self._keep(file)

    @classmethod
    def shared(cls, file: Path) -> StoryClock:
        """Open the time that another process keeps in a file."""
        clock = cls()
        clock._file = file
        return clock

    def now(self) -> datetime:
        """Return the story's time."""
        if self._file is not None:
            self._ahead = timedelta(seconds=float(self._file.read_text(encoding="ascii")))
        return self._wall() + self._ahead

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self._ahead += timedelta(**span)
        if self._file is not None:
            self._keep(self._file)

    def _keep(self, file: Path) -> None:
        # Renamed into place: nobody reads half a number.
        new = file.with_name(f"{file.name}.{os.getpid()}")
        new.write_text(repr(self._ahead.total_seconds()), encoding="ascii")
        new.replace(file)

    @staticmethod
    def _wall() -> datetime:
        # The same for all processes of a machine, and nobody sets it.
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=time.monotonic())
