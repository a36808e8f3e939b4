"""The shared pace: no second holds more than the rate and one, and lateness does not add up."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from callbridge.store import Database

FULL = 1_000_000.0


class Told:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = FULL

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


@pytest.mark.parametrize("rate", [0.5, 1.0, 4.0, 30.0])
def test_no_second_wherever_cut_holds_more_than_the_rate_and_one(
    database_url: str, rate: float
) -> None:
    clock, chance, taken = Told(), Random(rate), []
    database = Database(database_url, seconds=clock)
    with database.writing() as unit:
        for _ in range(300):
            clock.now += chance.choice([chance.uniform(0, 3 / rate), chance.uniform(0, 0.05)])
            patience = chance.choice([0.0, 0.25])
            wait = unit.pace.reserve(rate, patience=patience)
            if wait is not None:
                assert 0 <= wait <= patience
                taken.append(clock.now + wait)
    database.close()
    assert len(taken) > 20
    for n, start in enumerate(taken):
        assert sum(start <= at < start + 1.0 for at in taken[n:]) <= rate + 1 + 1e-6
    assert all(later - early >= 1 / rate - 1e-6 for early, later in pairwise(taken))


def test_work_before_its_slot_opens_keeps_the_rate_however_long_it_takes(
    database_url: str,
) -> None:
    clock, chance, taken = Told(), Random(3), 0
    database = Database(database_url, seconds=clock)
    with database.writing() as unit:
        assert unit.pace.take(30.0)
        assert not unit.pace.take(30.0)
        for n in range(1, 300):  # thirty a second are wanted, each up to 0.1 seconds late
            clock.now = FULL + n / 30 - 0.1 + chance.uniform(0, 0.1)
            taken += unit.pace.reserve(30.0, patience=0.25) is not None
        assert taken == 299
    database.close()
