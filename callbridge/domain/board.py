"""The whip board's rows as values: what supporters reported, what an analyst set by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callbridge.domain.signals import Disagreement
from callbridge.domain.survey import Meaning
from callbridge.domain.whip import Channel


class Grade(StrEnum):
    """How good an analyst's evidence is."""

    HEARD = "heard"
    WRITTEN = "written"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A position set by hand. It stands beside the estimate; neither erases the other.

    `position` and `grade` are None where somebody took an earlier one back.
    """

    target: str
    position: Meaning | None
    grade: Grade | None
    note: str
    source: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningCount:
    """Supporters who reported one meaning of a target, after the one-a-day rule.

    `weight` is their number with each day's weight, `heaviest` the weight of the newest day.
    """

    target: str
    channel: Channel
    meaning: Meaning
    count: int
    weight: float
    heaviest: float
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLine:
    """One standing position answer; `counts` False where a later one of that day counts."""

    call: str
    leg: int
    target: str
    channel: Channel
    meaning: Meaning
    source: str
    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalCount:
    """How many legs showed one combination of the three signals."""

    outcome: str
    length: str
    reported: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLine:
    """One leg with its three signals."""

    call: str
    leg: int
    target: str
    name: str
    city: str
    outcome: str
    seconds: int | None
    reported: str
    started: datetime
    disagreement: Disagreement | None = None
