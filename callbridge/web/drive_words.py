"""What the pages of drives call states, causes and limits, in plain words; knows no drive."""

from __future__ import annotations

from collections.abc import Mapping

from callbridge.domain.drives import Done
from callbridge.domain.estimate import Bound
from callbridge.web.languages import LANGUAGES

# In the order in which a person goes through them. Two of ours are one to an organizer.
STATES: Mapping[str, tuple[str, ...]] = {
    "wait to be rung": ("planned",),
    "are being dialled this second": ("claimed", "dialing"),
    "ring or talk now": ("placed",),
    "may have rung; the telephone company is asked": ("unknown",),
    "are done": ("done",),
    "could not be rung": ("failed",),
    "were left out": ("suppressed",),
    "were too late": ("expired",),
}
_CAUSES = {
    "reached": "reached: pressed a key and went on",
    "busy": "busy every time",
    "no-answer": "nobody answered",
    "machine-like": "something answered, no key was pressed",
    "hung-up": "hung up before a key",
    "failed-number": "the number cannot be rung",
    "not-placed": "the telephone company placed no call",
    "opted-out": "asked never to be called again",
    "erased": "the number was erased before",
    "no-target": "nobody to call for this ZIP any more",
    "stopped": "not rung: the drive was stopped",
    "finished": "not rung: the drive was called finished",
    "rung-before-restore": "rung before the database was restored",
    "too-many": "the telephone company was busy",
    "late": "not rung: it had become too late for that",
}
_BOUNDS = {
    Bound.STARTS: "how fast calls may start",
    Bound.IN_PROGRESS: "how many calls may go on at once",
    Bound.OFFICES: "how many calls the most wanted office takes",
}
_DONE = {
    Done.CREATED: "made this drive",
    Done.ADDED: "added people",
    Done.AGREED: "wants it to start, as the first of two",
    Done.STARTED: "started it",
    Done.PAUSED: "paused it",
    Done.RESUMED: "let it go on",
    Done.CHANGED: "changed it",
    Done.STOPPED: "stopped it for good",
    Done.FINISHED: "called it finished",
}
_BY_ITSELF = {Done.PAUSED: "paused by itself", Done.FINISHED: "finished by itself"}


def by_state(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return how many people are where, in order, without those where nobody is."""
    found = [(words, sum(counts.get(one, 0) for one in ours)) for words, ours in STATES.items()]
    return [(words, count) for words, count in found if count]


def by_cause(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return what it came to, most first."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [(_CAUSES.get(cause, cause.replace("-", " ")), count) for cause, count in ordered]


def bound_words(bound: Bound) -> str:
    """Say what sets the pace."""
    return _BOUNDS[bound]


def deed_words(what: Done, *, by_itself: bool) -> str:
    """Say what was done to a drive."""
    # What needs somebody and has no name came from a command without one.
    return _BY_ITSELF.get(what, f"the command line {_DONE[what]}") if by_itself else _DONE[what]


def span_words(seconds: float) -> str:
    """Say a length of calling time roughly, as a person would."""
    minutes = seconds / 60
    if minutes < 1.5:
        return "about a minute"
    if minutes < 90:
        return f"{minutes:.0f} minutes"
    hours = minutes / 60
    return f"{hours:.1f} hours" if hours < 10 else f"{hours:,.0f} hours"


def zone_words(zone: str) -> str:
    """Say a time zone without its continent."""
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")


def language_words(code: str) -> str:
    """Say a language by its own name."""
    return LANGUAGES.get(code, code)
