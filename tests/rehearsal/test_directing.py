"""Whole rehearsals at night: the board against the truth on both databases, and two speeds."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from benchmarks.rehearsal import report, scenario
from callbridge.rehearsal.directing import direct
from callbridge.rehearsal.result import shares


@pytest.mark.nightly
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize(
    "postgresql", [False, pytest.param(True, marks=pytest.mark.postgres)], ids=["sqlite", "pg"]
)
def test_the_board_finds_the_true_positions_of_simulated_offices(postgresql: bool) -> None:
    found = direct(
        scenario(calls=2_000, seed=5, postgresql=postgresql, minutes=110), tell=lambda how: None
    )
    sys.stdout.write(f"\n{report(found)}\n")
    assert found.complete
    assert found.above_cap == 0
    assert found.unsettled == 0
    assert found.warnings == []
    assert set(found.by_state) <= {"done", "failed", "suppressed", "expired"}
    often = shares(found.board)[2]  # those with ten answers or more
    assert often.members >= 10
    assert often.board >= 0.9 * often.members
    assert often.board >= often.majority


@pytest.mark.nightly
@pytest.mark.timeout(3_600)
def test_the_speed_changes_how_long_one_waits_and_nothing_else() -> None:
    """Compare 100 times the clock with the clock itself, over people who are rung at once."""
    given = scenario(calls=8, seed=3, postgresql=False, minutes=50)
    # Nobody is busy or away: what follows would wait for hours of the wall.
    rates = {"dead": 0.0, "answers": 1.0, "hangs_up": 0.0, "silent": 0.0, "opts_out": 0.1}
    given = replace(given, rates=rates | {"leaves": 0.0})
    fast = direct(given, tell=lambda how: None)
    slow = direct(replace(given, speed=1.0), tell=lambda how: None)
    for name in ("rings", "answered", "keyed", "bridged", "by_state", "by_cause"):
        assert getattr(fast, name) == getattr(slow, name), name
    # Chance and the dialer's rounds move a call by moments, and with it who is at which desk.
    assert abs(fast.seconds - slow.seconds) <= 0.25 * slow.seconds + 60
