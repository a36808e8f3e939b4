"""What every column of every exported table means: one description; writes no data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from callbridge.domain.call import Door, Ending, Outcome, Stage
from callbridge.domain.congress import Chamber
from callbridge.domain.survey import POSITIONS, REPORTED

CAVEAT = (
    "These are reports by supporters who chose to call, about what they heard: nobody drew a "
    "sample, nobody checked the answers, and one person may have called more than once. They say "
    "what offices told these people, not what a member thinks or how a district would vote. "
    "Count supporters, not answers; leave superseded answers out; keep apart what the carrier saw "
    "(outcome, seconds) and what people report (answers)."
)
LOCAL = "Times are in UTC; the same moment in the zone named in `zone` is in the `_local` column."
NULLS = "An empty cell (null) means not known or not yet."


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "integer"
    TRUTH = "boolean"
    TIME = "time (UTC)"
    LOCAL = "time (local)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `key`: part of what names a row; `refers`: table.column it leads to."""

    name: str
    kind: Kind
    meaning: str
    key: bool = False
    refers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table of an export."""

    name: str
    meaning: str
    columns: Sequence[Column]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns' names in order."""
        return tuple(column.name for column in self.columns)


def _words(*closed: Any) -> str:
    return ", ".join(sorted(str(word) for word in closed))


def _text(name: str, meaning: str, *, key: bool = False, refers: str = "") -> Column:
    return Column(name=name, kind=Kind.TEXT, meaning=meaning, key=key, refers=refers)


def _number(name: str, meaning: str, *, key: bool = False, refers: str = "") -> Column:
    return Column(name=name, kind=Kind.NUMBER, meaning=meaning, key=key, refers=refers)


def _truth(name: str, meaning: str) -> Column:
    return Column(name=name, kind=Kind.TRUTH, meaning=meaning)


def _time(name: str, meaning: str) -> tuple[Column, Column]:
    local = f"`{name}` in the row's `zone`, with its offset."
    return (
        Column(name=name, kind=Kind.TIME, meaning=meaning),
        Column(name=f"{name}_local", kind=Kind.LOCAL, meaning=local),
    )


_CALL = _text("call", "The call's id.", refers="calls.call")
_CAMPAIGN = _text("campaign", "The campaign's slug.")
_SUPPORTER = _text(
    "supporter",
    "A pseudonym: the same person within this export, nobody anywhere else. Once a number is "
    "erased (30 days), each of its calls counts as a person of its own.",
)
_TARGET = _text("target", "The member's bioguide id, or the id of the campaign's own list.")
_NAME = _text("name", "The member's name as it was called.")
_OFFICE = _text("office", "The office's id.", refers="offices.office")
_OFFICE_ZONE = _text("zone", "The office's time zone (IANA); Washington's where it is not known.")

ANSWERS = Sheet(
    name="answers",
    meaning="Every answer ever given, corrections included: nothing is deleted, only superseded.",
    columns=(
        _CALL,
        _CAMPAIGN,
        _TARGET,
        _SUPPORTER,
        _text("question", "The question's id in the campaign's survey."),
        _text(
            "meaning", f"How it went ({_words(*REPORTED)}) or the position ({_words(*POSITIONS)})."
        ),
        _text("source", "Where it was given: keypad or web."),
        _truth("superseded", "True when a later answer took its place or it no longer follows."),
        *_time("at", "When it was given."),
        _OFFICE_ZONE,
        _number("answer", "The answer's own id; grows with time.", key=True),
        _number("leg", "The number of the office leg within the call."),
        _number(
            "replaced_by",
            "The answer that took its place; null when none did.",
            refers="answers.answer",
        ),
        _NAME,
        _OFFICE,
    ),
)
CALLS = Sheet(
    name="calls",
    meaning="One row a call: one supporter carried through the campaign.",
    columns=(
        _text("call", "The call's id.", key=True),
        _CAMPAIGN,
        _text(
            "revision",
            "The revision that the call began with and kept.",
            refers="revisions.revision",
        ),
        _SUPPORTER,
        _text(
            "door",
            f"How the call came to be: {_words(*Door)}. A shift's first call has the door by which "
            "it began (page, api, drive); those that follow on the same line have shift, and what "
            "goes on after a break ring-back.",
        ),
        _text("stage", f"Where the conversation stands: {_words(*Stage)}."),
        _text("ending", f"Why it ended: {_words(*Ending)}."),
        _text("language", "The language spoken."),
        _text("referral", "Where the supporter came from, as the link said."),
        _text("districts", "The districts of the members called, joined by commas."),
        _number("legs", "How many offices were dialled."),
        _truth("placed", "True when the telephone company took the order to ring."),
        _truth("key_pressed", "True when the supporter pressed 1 at the greeting."),
        *_time("created", "When it was asked for."),
        *_time("answered", "When the supporter picked up."),
        *_time("ended", "When it was over."),
        _text("zone", "The zone of the local times: Washington's, where Congress works."),
    ),
)
LEGS = Sheet(
    name="legs",
    meaning="One row for every office dialled within a call.",
    columns=(
        _text("call", "The call's id.", key=True, refers="calls.call"),
        _CAMPAIGN,
        _number("leg", "1 for the first office of the call, and so on.", key=True),
        _TARGET,
        _NAME,
        _OFFICE,
        _text("city", "The office's city."),
        _text("phone", "The office's number, E.164."),
        _text(
            "outcome", f"As the carrier saw it: {_words(*Outcome)}. A voicemail box connects, too."
        ),
        _number("seconds", "How long the two were connected."),
        *_time("started", "When the office was dialled."),
        *_time("ended", "When the leg was over."),
        _OFFICE_ZONE,
    ),
)
OFFICES = Sheet(
    name="offices",
    meaning="Every number dialled, and whose it is.",
    columns=(
        _text("office", "The office's id.", key=True),
        _text(
            "phone", "The number dialled, E.164; a change of number is a row of its own.", key=True
        ),
        _text("target", "The member's bioguide id, or the list's own.", key=True),
        _CAMPAIGN,
        _text("city", "The office's city."),
        _NAME,
        _text("chamber", f"{_words(*Chamber)}; null for the campaign's own list."),
        _text("party", "The member's party on the day of the export."),
        _text("state", "The member's state, by postal code."),
        _text("district", "The member's district, such as CA-12; null for senators."),
        _number("legs", "How often it was dialled."),
        *_time("first_started", "When it was first dialled."),
        *_time("last_started", "When it was last dialled."),
        _OFFICE_ZONE,
    ),
)
REVISIONS = Sheet(
    name="revisions",
    meaning="Every published state of the campaign.",
    columns=(
        _text("revision", "The digest of its documents.", key=True),
        _CAMPAIGN,
        *_time("published", "When it was published first."),
        _truth("current", "True for the revision that new calls get."),
        _text("title", "The campaign's title."),
        _text("languages", "The languages it is written in, joined by commas."),
        _number("calls", "How many of the exported calls began with it."),
        _text("zone", "The zone of the local times: Washington's."),
    ),
)
SHEETS = (ANSWERS, CALLS, LEGS, OFFICES, REVISIONS)


def as_markdown() -> str:
    """Return the codebook as a page."""
    lines = [
        "# Codebook",
        "",
        "What an export holds, table by table.",
        "",
        CAVEAT,
        "",
        LOCAL,
        NULLS,
    ]
    for sheet in SHEETS:
        lines += ["", f"## {sheet.name}", "", sheet.meaning, ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        for column in sheet.columns:
            marks = " Key." if column.key else ""
            leads = f" Leads to `{column.refers}`." if column.refers else ""
            lines.append(f"| `{column.name}` | {column.kind} | {column.meaning}{marks}{leads} |")
    return "\n".join(lines) + "\n"


def as_datasette(database: str, title: str) -> Mapping[str, Any]:
    """Return the codebook as Datasette's metadata for the database of that name."""
    tables = {
        sheet.name: {
            "description": sheet.meaning,
            "columns": {column.name: column.meaning for column in sheet.columns},
        }
        for sheet in SHEETS
    }
    shown = {"title": title, "description": CAVEAT}
    return shown | {"databases": {database: {"description": CAVEAT, "tables": tables}}}
