"""A week through the real dialer and both databases, clock changes among it, with a witness."""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import holidays
import pytest

from callbridge.service.drives import running
from tests.domain.witness import Caps, crowded, flooded, wrongly_rung
from tests.service.drives.week import PLACES, Week, week_on

FEDERAL = holidays.country_holidays("US", years=(2026,))
# The clocks go forward on Sunday 8 March and back on Sunday 1 November.
CHANGES = {
    "forward": datetime(2026, 3, 8, 6, tzinfo=UTC),
    "back": datetime(2026, 11, 1, 6, tzinfo=UTC),
}


def judged(week: Week) -> dict[str, object]:
    """Return what the witness found."""
    settings = week.service.ctx.settings
    caps = Caps(settings.office_max_calls, settings.office_calls_per_minute)
    offices = {talk.office: caps for talk in week.talks}
    return {
        "outside": len(wrongly_rung(week.rings, lambda day: day in FEDERAL)),
        "flooded": flooded(week.talks, offices),
        "too fast": crowded([ring.at for ring in week.rings], 1.0) > week.rate + 1,
    }


NIGHT = [pytest.mark.nightly, pytest.mark.timeout(3600)]
CLEAN = {"outside": 0, "flooded": {}, "too fast": False}


@pytest.mark.parametrize(
    ("people", "drives", "rate", "before", "days"),
    [
        (60, 4, 2.0, 1, 2),
        pytest.param(5_000, 12, 5.0, 3, 7, marks=NIGHT),
    ],
)
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.sqlite_by_day
def test_a_week_over_a_clock_change_through_the_dialer(
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    name: str,
    people: int,
    drives: int,
    rate: float,
    before: int,
    days: int,
) -> None:
    began, start = time.monotonic(), CHANGES[name] - timedelta(days=before)
    with week_on(database_url, start, rate=rate) as week:
        made = week.enlist(people, drives)
        week.run(start + timedelta(days=days))
        states = Counter(running.status(week.service.ctx, one).state for one in made)
        found = judged(week)
        figures = {
            "database": week.service.database.kind,
            "people": people,
            "rings": len(week.rings),
            "talks": len(week.talks),
            "fullest second": crowded([ring.at for ring in week.rings], 1.0),
            "drives": {state.value: count for state, count in states.items()},
            "seconds": round(time.monotonic() - began),
        }
    with capsys.disabled():
        sys.stdout.write(f"\n  {name}: {figures}\n  witness: {found}\n")
    assert found == CLEAN
    assert len({ring.zones for ring in week.rings}) == len({zone for _, zone in PLACES.values()})
    assert week.talks
