"""What analysts asked: a place in the log, a search (without what was searched), a saved filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCursor:
    """The last call of a page of the log; the next page begins below it."""

    created: datetime
    call: str

    def text(self) -> str:
        """Return it for an address."""
        return f"{self.created.isoformat()}~{self.call}"


def read_cursor(text: str) -> LogCursor | None:
    """Return the cursor of an address, None when it is none."""
    moment, _, call = text.partition("~")
    try:
        created = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if created.tzinfo is None or not call.isalnum():
        return None
    return LogCursor(created=created, call=call)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Who searched a log by number, when, and how many calls were found."""

    slug: str
    who: str
    at: datetime
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A filter under a name, as the pairs of its address."""

    slug: str
    name: str
    query: Mapping[str, str]
    who: str
    at: datetime
