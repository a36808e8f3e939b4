"""Which calls, legs and answers an analyst looks at, as one value; knows no address and no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from callbridge.domain.call import Door
from callbridge.domain.congress import Chamber
from callbridge.domain.states import STATES
from callbridge.errors import RefusedError

Word = TypeVar("Word", Chamber, Door)

SOURCES = ("keypad", "web")
LONGEST = 200
SHORTEST_REVISION = 6


class SelectionError(RefusedError):
    """A filter that cannot be read."""

    type = "filter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A filter. None (or an empty text) leaves everything in.

    `since` and `until` are days in UTC, both included, of the call's creation. `revision` is a
    digest or its beginning. `source` narrows answers only; `chamber`, `party`, `state`, `member`
    and `office` are about the office dialled: a call is in when it dialled such an office. `drive`
    is a drive's id.
    """

    since: date | None = None
    until: date | None = None
    chamber: Chamber | None = None
    party: str = ""
    state: str = ""
    member: str = ""
    office: str = ""
    revision: str = ""
    channel: Door | None = None
    source: str = ""
    language: str = ""
    referral: str = ""
    drive: str = ""

    @property
    def empty(self) -> bool:
        """Tell whether everything is in."""
        return not self.query()

    @property
    def by_member(self) -> bool:
        """Tell whether members must be looked up to apply it."""
        return bool(self.chamber or self.party or self.state or self.member)

    @property
    def start(self) -> datetime | None:
        """Return the first moment that is in."""
        return None if self.since is None else datetime.combine(self.since, time(), UTC)

    @property
    def stop(self) -> datetime | None:
        """Return the first moment after the last that is in."""
        if self.until is None:
            return None
        return datetime.combine(self.until + timedelta(days=1), time(), UTC)

    def query(self) -> dict[str, str]:
        """Return the filter as the pairs of an address, empty ones left out."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in given.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A selection within one campaign; `members` are the ids it comes to, None for all."""

    slug: str
    selection: Selection
    members: frozenset[str] | None = None


NAMES = tuple(field.name for field in fields(Selection))


def read_selection(given: Mapping[str, str]) -> Selection:
    """Return the filter that an address's pairs describe; other pairs are somebody else's.

    Raises SelectionError with a sentence.
    """
    text = {name: given.get(name, "").strip() for name in NAMES}
    for name, value in text.items():
        if len(value) > LONGEST or "\0" in value:
            raise SelectionError(f"The filter “{name}” is too long or holds a forbidden sign.")
    revision = text["revision"].lower()
    if revision and (len(revision) < SHORTEST_REVISION or not revision.isalnum()):
        raise SelectionError("A revision is named by at least the first six signs of its digest.")
    since, until = _day("since", text["since"]), _day("until", text["until"])
    if since and until and until < since:
        raise SelectionError("The last day of the filter is before its first day.")
    return Selection(
        since=since,
        until=until,
        chamber=_one_of(Chamber, "chamber", text["chamber"]),
        party=text["party"],
        state=_among("state", text["state"].upper(), tuple(STATES)),
        member=text["member"],
        office=text["office"],
        revision=revision,
        channel=_one_of(Door, "channel", text["channel"]),
        source=_among("source", text["source"].lower(), SOURCES),
        language=text["language"].lower(),
        referral=text["referral"],
        drive=text["drive"],
    )


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise SelectionError(f"“{name}” is a day like 2026-11-03.") from None
    if not date(2000, 1, 1) <= day <= date(2200, 1, 1):
        raise SelectionError(f"“{name}” is a day of this century.")
    return day


def _one_of(kind: type[Word], name: str, text: str) -> Word | None:
    if not text:
        return None
    _among(name, text.lower(), tuple(kind))
    return kind(text.lower())


def _among(name: str, text: str, words: tuple[str, ...]) -> str:
    if text and text not in words:
        listed = ", ".join(words[:8]) + (", …" if len(words) > 8 else "")
        raise SelectionError(f"“{name}” is one of: {listed}.")
    return text
