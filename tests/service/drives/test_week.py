"""A week through the real dialer and both databases, clock changes among it, with a witness."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import holidays
import pytest

from callbridge.service.drives import running
from tests.domain.witness import Caps, crowded, flooded, wrongly_rung
from tests.service.drives.places import PLACES
from tests.service.drives.week import Week, week_on

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
        "rung while on the line": week.rung_twice,
    }


CLEAN = {"outside": 0, "flooded": {}, "too fast": False, "rung while on the line": 0}


def figures(week: Week, drives: Sequence[str]) -> dict[str, object]:
    """Return what came of a week."""
    views = [running.status(week.service.ctx, one) for one in drives]
    ends = Counter[str]()
    for view in views:
        ends.update(view.by_cause)
    return {
        "database": week.service.database.kind,
        "people": len(week.people),
        "rings": len(week.rings),
        "people rung": len({ring.person for ring in week.rings}),
        "states": len({ring.states for ring in week.rings if ring.states != ("",)}),
        "zones": len({zone for ring in week.rings for zone in ring.zones}),
        "talks": len(week.talks),
        "offices": len({talk.office for talk in week.talks}),
        "found their office full": week.found_full,
        "fullest second": crowded([ring.at for ring in week.rings], 1.0),
        "drives": dict(Counter(view.state.value for view in views)),
        "ends": dict(ends),
    }


# Whoever waits for a long one is told how far it is, so often in seconds.
TOLD_EVERY = 30.0


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(f"\n  {line}")
    sys.stdout.flush()


@pytest.mark.parametrize(
    ("people", "rate", "begins", "before", "days", "zones"),
    [
        (60, 2.0, (0,), 1, 2, 10),
        pytest.param(
            *(50_004, 5.0, (0, 2, 3), 3, 7, len({zone for _, zone in PLACES.values()})),
            marks=[pytest.mark.nightly, pytest.mark.timeout(3 * 3600)],
        ),
    ],
)
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.sqlite_by_day
def test_a_week_over_a_clock_change_through_the_dialer(
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    name: str,
    people: int,
    rate: float,
    begins: Sequence[int],
    before: int,
    days: int,
    zones: int,
) -> None:
    began, told, start = time.monotonic(), 0.0, CHANGES[name] - timedelta(days=before)
    with week_on(database_url, start, rate=rate) as week, capsys.disabled():
        drives = week.enlist(people, 4 * len(begins), begins)
        for hour in range(1, 24 * days + 1):
            week.run(start + timedelta(hours=hour))
            spent = time.monotonic() - began
            if spent - told > TOLD_EVERY:
                told = spent
                say(f"{name}, hour {hour}: {len(week.rings)} rings, {spent:.0f} s")
        week.end()
        came, found = figures(week, drives) | {"seconds": round(spent)}, judged(week)
        say(f"{name}: {came}")
        say(f"witness: {found}\n")
    assert found == CLEAN
    assert len({zone for ring in week.rings for zone in ring.zones}) >= zones
    assert week.talks
