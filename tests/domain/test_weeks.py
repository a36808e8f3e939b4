"""Drives over whole weeks, clock changes among them, judged by a witness that plans nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import holidays
import pytest

from tests.domain.day import Day
from tests.domain.terms import Place, Terms, everywhere
from tests.domain.witness import Caps, Ring, Talk, crowded, flooded, wrongly_rung

WRITTEN = (
    ("09:00-20:00", "mon-fri"),
    ("08:00-21:00", "all"),
    ("10:00-19:30", "mon-sat"),
    ("08:30-20:45", "sun"),
)
FEDERAL = holidays.country_holidays("US", years=(2026,))
NAVAJO = (("AZ",), ("America/Denver",))
PHOENIX = (("AZ",), ("America/Phoenix",))
INDIANA = (("IN",), ("America/New_York",))
GARY = (("IN",), ("America/Chicago",))
HAWAII = (("HI",), ("Pacific/Honolulu",))


def is_holiday(day: date) -> bool:
    return day in FEDERAL


def week(*start: int, places: tuple[Place, ...] | None = None) -> Terms:
    """Return a week from a day on, all over the country."""
    return Terms(
        start=datetime(*start, 6, tzinfo=UTC),  # type: ignore[misc,arg-type]
        days=7,
        places=places or everywhere(),
        written=WRITTEN,
        holidays=is_holiday,
    )


# The clocks go forward on Sunday 8 March and back on Sunday 1 November; Veterans Day is the 11th.
WEEKS = {
    "forward": week(2026, 3, 5),
    "back": week(2026, 10, 29),
    "holiday": week(2026, 11, 6),
}


def judged(day: Day) -> dict[str, object]:
    """Return what a witness found."""
    caps = {phone: Caps(desk.most, desk.per_minute) for phone, desk in day.desks.items()}
    return {
        "outside": len(wrongly_rung(day.rings, is_holiday)),
        "flooded": flooded(day.talks, caps),
        "too fast": crowded([ring.at for ring in day.rings], 1.0) > day.rate + 1,
    }


CLEAN = {"outside": 0, "flooded": {}, "too fast": False}


def live(name: str, *, people: int, offices: int, rate: float, drives: int = 8) -> Day:
    """Let a week pass and print its figures."""
    day = Day(
        seed=5,
        drives=drives,
        people=people,
        offices=offices,
        rate=rate,
        sure=False,
        terms=WEEKS[name],
    )
    day.run()
    sys.stdout.write(f"\n  {name}: {day.figures()}\n  witness: {judged(day)}\n")
    return day


@pytest.mark.parametrize("name", ["forward", "back", "holiday"])
def test_a_week_over_a_clock_change_rings_nobody_outside_their_hours(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        day = live(name, people=400, offices=40, rate=2.0)
    zones = {zone for ring in day.rings for zone in ring.zones}
    assert len(zones) >= 12
    assert {"HI", "AZ", "IN", "AK", "GU"} <= {state for r in day.rings for state in r.states}
    assert judged(day) == CLEAN


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ["forward", "back"])
def test_fifty_thousand_people_over_a_week_with_a_clock_change(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        day = live(name, people=50_000, offices=540, rate=5.0, drives=12)
    never = [n for n, human in enumerate(day.humans) if not human.tries]
    assert judged(day) == CLEAN
    # Whose state allows none of the hours that an organizer wrote: Sundays in Alabama.
    assert not [number for number in never if day.could_be_rung(number)]


class Careless(Day):
    """Works a week's hours out once, from the first day's offset: the classic mistake."""

    def _spans(self, place: Place, written: tuple[str, str]) -> list[tuple[float, float]]:
        """Repeat the last hours before the change, shifted by whole days of 24 hours."""
        spans = super()._spans(place, written)
        start, end = spans[0]
        return [(start + n * 86_400.0, end + n * 86_400.0) for n in range(9)]


@pytest.mark.parametrize("saturday", [(2026, 3, 7), (2026, 10, 31)], ids=["forward", "back"])
def test_the_witness_sees_a_planner_that_forgets_the_clock_change(saturday: Sequence[int]) -> None:
    terms = replace(
        week(*saturday, places=(GARY, INDIANA)), days=2, written=(("08:00-20:00", "all"),)
    )
    day = Careless(seed=5, drives=2, people=200, offices=4, rate=0.002, sure=False, terms=terms)
    day.run()
    assert wrongly_rung(day.rings, is_holiday)


def ring(place: Place, *when: int, hours: str = "08:00-21:00", days: str = "all") -> Ring:
    """Return a ring at a moment of UTC."""
    states, zones = place
    at = datetime(*when, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]
    return Ring(at, 1, states, zones, hours, days)


ANYWHERE = (("",), ("America/New_York", "Pacific/Honolulu"))


@pytest.mark.parametrize(
    ("one", "welcome"),
    [
        (ring(PHOENIX, 2026, 3, 9, 15, 59), True),
        (ring(PHOENIX, 2026, 3, 9, 14, 59), False),
        (ring(NAVAJO, 2026, 3, 9, 14, 0), True),
        (ring(NAVAJO, 2026, 3, 7, 14, 0), False),
        (ring(HAWAII, 2026, 3, 9, 17, 59), False),
        (ring(HAWAII, 2026, 3, 9, 18, 0), True),
        (ring(INDIANA, 2026, 11, 1, 14, 0), True),
        (ring(INDIANA, 2026, 11, 1, 13, 59), False),
        (ring(GARY, 2026, 11, 1, 14, 59), False),
        (ring(GARY, 2026, 10, 31, 14, 0), True),
        (ring(INDIANA, 2026, 11, 2, 0, 59), True),
        (ring(INDIANA, 2026, 11, 2, 1, 0), False),
        (ring(ANYWHERE, 2026, 3, 9, 18, 0), True),
        (ring(ANYWHERE, 2026, 3, 9, 15, 0), False),
        (ring(GARY, 2026, 11, 1, 18, 0, days="mon-fri"), False),
        (ring(GARY, 2026, 11, 11, 18, 0, days="mon-fri"), False),
        (ring((("AL",), ("America/Chicago",)), 2026, 11, 1, 18, 0), False),
        (ring((("PA",), ("America/New_York",)), 2026, 11, 11, 18, 0), False),
    ],
)
def test_the_witness_knows_the_clock_on_the_wall(one: Ring, *, welcome: bool) -> None:
    assert (wrongly_rung([one], is_holiday) == []) is welcome


def test_the_witness_sees_an_office_above_its_cap() -> None:
    caps = {"a": Caps(at_once=1, per_minute=2)}

    def talk(start: float, end: float, rested: float = 0.0) -> Talk:
        return Talk("a", start, end, rested)

    assert flooded([talk(0, 10), talk(10, 20)], caps) == {}
    assert flooded([talk(0, 10), talk(9.9, 20)], caps) == {"a": "2 at once"}
    assert flooded([talk(0, 1), talk(20, 21), talk(59, 61)], caps) == {"a": "too many in a minute"}
    assert flooded([talk(0, 1), talk(20, 21), talk(60, 61)], caps) == {}
    assert flooded([talk(0, 10, 130), talk(120, 125)], caps) == {"a": "dialled at rest"}


def test_the_witness_sees_a_second_with_too_many_starts() -> None:
    assert crowded([0.0, 0.5, 1.0, 1.5], 1.0) == 2
    assert crowded([0.0, 0.5, 0.9, 1.5], 1.0) == 3
