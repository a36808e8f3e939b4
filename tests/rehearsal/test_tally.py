"""Loads at offices, counted from what was on the wire."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from callbridge.exchange.legs import Direction, Leg
from callbridge.exchange.shared_clock import SharedClock
from callbridge.rehearsal.offices import Offices
from callbridge.rehearsal.supporters import Supporters
from callbridge.rehearsal.tally import Span, Tally, most_at_once, most_in_a_minute

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)
DESK = "+12025550150"


@pytest.mark.parametrize(
    ("spans", "most"),
    [
        ([], 0),
        ([(0, 10)], 1),
        ([(0, 10), (10, 20)], 1),
        ([(0, 10), (5, 20), (9, 9.5)], 3),
        ([(0, 100), (1, 2), (3, 4), (5, 6)], 2),
    ],
)
def test_the_most_at_one_instant(spans: list[tuple[float, float]], most: int) -> None:
    assert most_at_once(Span(*one) for one in spans) == most


@pytest.mark.parametrize(
    ("starts", "most"),
    [([], 0), ([0, 59.9], 2), ([0, 60], 1), ([0, 30, 60, 61, 90], 3), ([0, 1, 2, 200], 3)],
)
def test_the_most_that_began_within_a_minute(starts: list[float], most: int) -> None:
    assert most_in_a_minute(Span(start, start + 1) for start in starts) == most


def test_calls_at_an_office_one_after_another_are_one_at_once() -> None:
    async def run() -> list[Span]:
        tally = Tally(
            clock=SharedClock(speed=1.0, begins=NOON),
            supporters=Supporters(seed=1, zips={}),
            offices=Offices(seed=1, desks={}),
        )
        for minute in (0, 2, 4):
            began = NOON + timedelta(minutes=minute)
            tally.over(
                Leg(
                    to=DESK,
                    from_="+12025550151",
                    direction=Direction.DIAL,
                    created_at=began,
                    updated_at=began + timedelta(seconds=90),
                )
            )
        return tally.at_offices[DESK]

    spans = asyncio.run(run())
    assert len(spans) == 3
    assert (most_at_once(spans), most_in_a_minute(spans)) == (1, 1)
