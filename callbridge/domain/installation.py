"""Whether this installation may ring anybody by itself; a restored copy may not until told to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What this database is. `copied` is when the backup that it comes from was taken.

    Attempts up to `copied_to` came with that backup: what became of them since, this database
    does not know.
    """

    held_since: datetime | None = None
    released: datetime | None = None
    copied: datetime | None = None
    copied_to: int = 0

    @property
    def held(self) -> bool:
        """Tell whether nothing may be rung by itself."""
        return self.held_since is not None

    @property
    def why(self) -> str | None:
        """Say in a sentence that nothing is rung by itself and what to do; None when it is."""
        if self.held_since is None:
            return None
        since = f"{self.held_since:%Y-%m-%d %H:%M} UTC"
        what = f"Held since {since}: nobody is rung by itself"
        if self.copied is not None:
            what = f"This is a copy of {self.copied:%Y-%m-%d %H:%M} UTC: nobody is rung by itself"
        return f"{what}; only calls asked for now are placed."
