"""One thing wrong with a campaign document, in an organizer's words; knows no document format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters: an error keeps a campaign from being published, advice not."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Say what is wrong and what to write instead.

    `file` is relative to the campaign's folder ("" for the folder itself); `line` counts from 1
    and is None where no line is to blame.
    """

    file: str
    line: int | None
    what: str
    instead: str
    severity: Severity = Severity.ERROR

    @property
    def where(self) -> str:
        """Name the place as people write it: `campaign.toml, line 4`."""
        name = self.file or "the folder"
        return f"{name}, line {self.line}" if self.line else name

    def __str__(self) -> str:
        """Return the whole problem as one line of text."""
        return f"{self.where}: {self.what} {self.instead}".strip()
