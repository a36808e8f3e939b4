"""What the analysis pages show, as counts; draws nothing and knows no table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from callbridge.domain.congress import Chamber
from callbridge.domain.exported import Whose
from callbridge.domain.survey import Meaning

BIN_SECONDS = 30
LAST_BIN = 20  # ten minutes or more


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How many calls came how far. Calls that supporters dialled by themselves are not in."""

    asked: int
    created: int
    answered: int
    key_pressed: int
    bridged: int
    office_answered: int
    survey: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Calls asked for on one day (UTC), and how many of them were answered."""

    day: date
    created: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HourCount:
    """Legs to one office begun in one hour of UTC ("2026-11-03 14"), and those connected."""

    office: str
    hour: str
    dialled: int
    connected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Legs begun in one hour of the week, the office's own time. `weekday` 0 is Monday."""

    weekday: int
    hour: int
    dialled: int
    connected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DialledOffice:
    """An office that a campaign dialled, and whose it is, as a call kept it."""

    target: str
    office: str
    name: str
    chamber: Chamber | None
    state: str
    district: str | None
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeReach:
    """How often one office's line was connected."""

    office: str
    dialled: int
    connected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCount:
    """Standing answers of one meaning, among the calls of one revision and language."""

    revision: str
    language: str
    meaning: Meaning
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCount:
    """Standing answers of one position about one member."""

    target: str
    meaning: Meaning
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthCount:
    """Connected legs that lasted from `bin` to `bin` + 1 times BIN_SECONDS; the last has no end."""

    bin: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was reported about one member: standing position answers by position."""

    whose: Whose
    counts: Mapping[Meaning, int]

    @property
    def n(self) -> int:
        """Return how many positions were reported; would-not-say is none."""
        return sum(c for m, c in self.counts.items() if m is not Meaning.WOULD_NOT_SAY)

    @property
    def most(self) -> Meaning | None:
        """Return the position reported most often; None when there is none or a tie."""
        ranked = sorted(
            ((c, m) for m, c in self.counts.items() if m is not Meaning.WOULD_NOT_SAY and c),
            reverse=True,
        )
        if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return None
        return ranked[0][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything one page shows of a scope."""

    funnel: Funnel
    days: Sequence[DayCount]
    reach: Sequence[Reach]
    offices: Sequence[OfficeReach]
    meanings: Sequence[AnswerCount]
    lengths: Sequence[LengthCount]
    said: Sequence[Said]


NOTHING = Figures(
    funnel=Funnel(**dict.fromkeys((field.name for field in fields(Funnel)), 0)),
    days=(),
    reach=(),
    offices=(),
    meanings=(),
    lengths=(),
    said=(),
)
