"""Money and numbers of calls that must not be passed; pure, in millionths of the currency unit.

A call is held for at its claim by a sum that a usual call does not pass, and booked by what it
cost when it is over: held and booked together are what a ceiling is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import ceil
from zoneinfo import ZoneInfo

MICROS = 1_000_000
EVERYTHING = "all"
# A day of money is a day in Washington: where the offices are.
DAY_ZONE = ZoneInfo("America/New_York")


class Period(StrEnum):
    """What a ceiling is over."""

    DAY = "day"
    TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The most money of a scope, and the most calls a day; None: as much as comes."""

    day: int | None = None
    total: int | None = None
    calls_day: int | None = None

    @property
    def any(self) -> bool:
        """Tell whether there is anything to keep to."""
        return not (self.day is None and self.total is None and self.calls_day is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What a scope has booked today and in all, what is held for its calls, and how many calls."""

    day: int = 0
    total: int = 0
    held: int = 0
    calls_day: int = 0
    calls_held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCost:
    """What the price of a call is reckoned from; seconds of its legs that were answered."""

    supporter: int | None
    offices: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbooked:
    """A call that is over and not booked yet. `area` is None where we rang nobody."""

    call: str
    slug: str
    drive: str | None
    area: str | None
    created: datetime
    cost: CallCost
    sid: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A sum for every scope of one call; `calls` is 0 when only its price is corrected."""

    scopes: tuple[str, ...]
    day: str
    micros: int
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What a call cost, in millionths; `ask_at`: when to ask the carrier for its price."""

    call: str
    micros: int
    ask_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A ceiling that would be passed."""

    scope: str
    period: Period
    calls: bool = False

    @property
    def of_area(self) -> bool:
        """Tell whether it is about one area code: then only its people wait."""
        return self.scope.startswith("area:")

    @property
    def sentence(self) -> str:
        """Say it to whoever runs the drive."""
        when = "for today " if self.period is Period.DAY else ""
        what = "The number of calls" if self.calls else "The budget"
        return f"{what} of {scope_words(self.scope)} {when}is spent."


def scopes_of(*, slug: str, drive: str | None, area: str | None) -> tuple[str, ...]:
    """Return the scopes that a call counts for."""
    found = [EVERYTHING, f"campaign:{slug}"]
    if drive is not None:
        found.append(f"drive:{drive}")
    if area is not None:
        found.append(f"area:{area}")
    return tuple(found)


def scope_words(scope: str) -> str:
    """Name a scope in a sentence."""
    kind, _, name = scope.partition(":")
    match kind:
        case "campaign":
            return f"the campaign {name}"
        case "drive":
            return f"the drive {name}"
        case "area":
            return f"area code {name}"
        case _:
            return "all calls together"


def day_of(moment: datetime) -> str:
    """Return the day that a moment's money is booked on."""
    return local_day(moment).isoformat()


def local_day(moment: datetime) -> date:
    """Return the day of a moment where money is counted."""
    return moment.astimezone(DAY_ZONE).date()


def micros(amount: float) -> int:
    """Return an amount in millionths, rounded up: a ceiling is never passed by rounding."""
    return ceil(round(amount * MICROS, 3))


def amount(sum_: int | None) -> float | None:
    """Return millionths as an amount; nothing stays nothing."""
    return None if sum_ is None else sum_ / MICROS


def cost_of(call: CallCost, *, minute: float, office_minute: float) -> int:
    """Return what a call costs: every started minute of every leg that was answered."""
    supporter = 0 if call.supporter is None else max(1, ceil(call.supporter / 60))
    offices = sum(max(1, ceil(seconds / 60)) for seconds in call.offices)
    return micros(supporter * minute + offices * office_minute)


def judge(ceilings: Mapping[str, Ceiling], spending: Mapping[str, Spending]) -> Spent | None:
    """Return the first ceiling that is passed; what is being judged is held for already."""
    for scope, ceiling in ceilings.items():
        found = spending.get(scope, Spending())
        if ceiling.total is not None and found.total + found.held > ceiling.total:
            return Spent(scope=scope, period=Period.TOTAL)
        if ceiling.day is not None and found.day + found.held > ceiling.day:
            return Spent(scope=scope, period=Period.DAY)
        if ceiling.calls_day is not None and found.calls_day + found.calls_held > ceiling.calls_day:
            return Spent(scope=scope, period=Period.DAY, calls=True)
    return None
