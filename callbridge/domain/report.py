"""What a campaign's one-page report says, and which members it names; prints and counts nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from callbridge.domain.congress import Chamber
from callbridge.domain.figures import Figures, Funnel
from callbridge.domain.health import Trouble
from callbridge.domain.survey import Meaning
from callbridge.domain.whip import Estimate
from callbridge.domain.whip_model import OPPOSING, SUPPORTING

# Above this as many speak for one side as hardly agree with the other.
CONFLICT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One member in a report; `seat` is "CA-12", a state, or a title outside Congress."""

    name: str
    seat: str
    estimate: Estimate

    @property
    def open(self) -> bool:
        """Tell whether the next calls would settle something."""
        found = self.estimate
        return bool(found.n) and (
            found.position is Meaning.UNDECIDED
            or found.held is not None
            or found.conflict >= CONFLICT
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """A number that supporters report out of order."""

    name: str
    city: str
    trouble: Trouble
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A campaign on one page.

    `at` is in the reports' zone; `lately` counts calls from the day `since` (UTC) on, `places`
    members by position. `members` is how many the campaign asks about; those of whom nothing is
    known are not in `places`. `supporting`, `open` and `opposing` name the members worth a line,
    the most certain or the most reported first.
    """

    slug: str
    title: str
    organization: str
    at: datetime
    since: date
    chambers: Collection[Chamber]
    figures: Figures
    lately: Funnel
    members: int
    places: Mapping[Meaning, int]
    supporting: Sequence[Line]
    open: Sequence[Line]
    opposing: Sequence[Line]
    faulty: Sequence[Faulty]
    caveat: str

    @property
    def funnel(self) -> Funnel:
        """Return how far all calls came."""
        return self.figures.funnel

    @property
    def known(self) -> int:
        """Return how many members have a position."""
        return sum(self.places.values())


def supporting(lines: Sequence[Line]) -> list[Line]:
    """Return those who support or lean that way, the surest first; open ones are elsewhere."""
    return _surest(lines, SUPPORTING)


def opposing(lines: Sequence[Line]) -> list[Line]:
    """Return those who oppose or lean that way, the surest first; open ones are elsewhere."""
    return _surest(lines, OPPOSING)


def still_open(lines: Sequence[Line]) -> list[Line]:
    """Return the undecided and the contested, the most reported first."""
    found = [line for line in lines if line.open]
    return sorted(found, key=lambda line: (-line.estimate.n, line.name))


def _surest(lines: Sequence[Line], side: frozenset[Meaning]) -> list[Line]:
    found = [line for line in lines if line.estimate.position in side and not line.open]
    return sorted(
        found,
        key=lambda line: (-(line.estimate.probability or 0), -line.estimate.n, line.name),
    )
