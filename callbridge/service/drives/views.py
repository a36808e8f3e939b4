"""What drives hand to the edges: plain values to show, with nobody's phone in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callbridge.domain.drives import DriveState
from callbridge.domain.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveRequest:
    """What an organizer asks for. `rate` is in starts a second, None: as fast as the pace is.

    With `shift` each person is walked through these campaigns on one line, `slug` first. `budget`
    is the most that its calls may cost in all, in the carrier's currency.
    """

    slug: str
    rate: float | None = None
    window: str = "09:00-20:00"
    days: str = "mon-fri"
    in_progress: int | None = None
    promised: bool = False
    redial_missing: bool = True
    weight: float = 1.0
    name: str = ""
    shift: Sequence[str] = ()
    budget: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line of a list that was not taken, and why; the header is line 1."""

    line: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a list. `duplicates` and `opted_out` are among `refused` too.

    `groups`, `languages` and `zones` count the accepted.
    """

    drive: str | None
    accepted: int
    refused: Sequence[RefusedLine]
    duplicates: int = 0
    opted_out: int = 0
    already: int = 0
    groups: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    zones: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeView:
    """Our load at one office's phone (E.164), and how many people of the drive need it first."""

    phone: str
    people: int
    talking: int
    on_the_way: int
    started_last_minute: int
    resting_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveView:
    """A drive as its page and command show it.

    `by_state` counts people by their last attempt, `by_cause` those who are over by what it came
    to; `unknown` those whose ring may or may not have happened. `rung`, `answered`, `keyed` and
    `bridged` count tries. `share` is what falling answers leave of the limits, `approved` who was
    the first of two to start a big drive, `cause` why it was paused by itself. `persons` must still
    want it before it rings anybody: two, at first, over more than `confirm_over` people. `shift`
    names the campaigns of a shift in order; `budget` is the most it may cost in all, None: as much
    as comes, and `spent` what it has cost and holds for calls in progress.
    """

    drive: str
    name: str
    campaign: str
    state: DriveState
    people: int
    by_state: Mapping[str, int]
    unknown: int
    by_cause: Mapping[str, int]
    rate: float | None
    window: str
    days: str
    in_progress: int
    calls_now: int
    share: float
    rung: int
    answered: int
    keyed: int
    bridged: int
    created: datetime
    resumed: datetime | None
    ended: datetime | None
    approved: str | None
    started_by: str | None
    cause: str | None
    persons: int
    confirm_over: int
    shift: Sequence[str] = ()
    budget: float | None = None
    spent: float = 0.0
    offices: Sequence[OfficeView] = field(default_factory=tuple)

    @property
    def over(self) -> int:
        """Count the people who are in a final state."""
        final = ("done", "failed", "suppressed", "expired")
        return sum(self.by_state.get(state, 0) for state in final)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveEstimate:
    """How long a drive takes and what it costs from now on; `ends` with closed hours counted.

    None for `ends` when its hours are too short within two weeks. `budget_left` is what its own
    budget still allows, None without one.
    """

    drive: str
    people: int
    estimate: Estimate
    ends: datetime | None
    open_now: int
    caps: Mapping[str, int] = field(default_factory=dict)
    budget_left: float | None = None

    @property
    def short(self) -> bool:
        """Tell whether the budget is likely spent before everybody was rung."""
        return self.budget_left is not None and self.budget_left < self.estimate.cost.likely
