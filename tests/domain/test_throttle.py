"""Ramps and backing off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain.rates import Count, Range, interval
from callbridge.domain.throttle import (
    FIRST_WAIT,
    Throttle,
    eased,
    ramp,
    recovered,
    struck,
)

FULL = Throttle(rate=10.0, ceiling=10.0)


@given(chance=st.floats(0, 1, exclude_max=True))
def test_the_first_429_halves_the_rate_and_waits_five_seconds_at_most(chance: float) -> None:
    slow = struck(FULL, now=100.0, chance=chance)
    assert slow.rate == 5.0
    assert 0 < slow.closed_until - 100.0 <= FIRST_WAIT


def test_refusals_that_were_on_the_wire_together_count_once() -> None:
    slow = struck(FULL, now=100.0, chance=0.5)
    assert struck(slow, now=101.0, chance=0.5) == slow


def test_refusals_in_a_row_wait_longer_up_to_a_minute_and_never_stop_for_good() -> None:
    throttle, now, waits = FULL, 0.0, []
    for _ in range(12):
        throttle = struck(throttle, now=now, chance=1.0 - 1e-12)
        waits.append(throttle.closed_until - now)
        now = throttle.closed_until
    assert waits == pytest.approx([5, 10, 20, 40] + [60] * 8)
    assert throttle.rate == pytest.approx(1.0)


def test_peace_brings_the_rate_back_step_by_step() -> None:
    slow = struck(FULL, now=0.0, chance=0.0)
    assert recovered(slow, now=slow.closed_until + 9.9) == slow
    assert recovered(slow, now=slow.closed_until + 10).rate == 6.0
    assert recovered(slow, now=slow.closed_until + 10).strikes == 0
    assert recovered(slow, now=slow.closed_until + 1000).rate == 10.0


def test_recovering_often_is_no_faster_than_recovering_seldom() -> None:
    often = seldom = struck(FULL, now=0.0, chance=0.0)
    for second in range(31):
        often = recovered(often, now=seldom.closed_until + second)
    assert often == recovered(seldom, now=seldom.closed_until + 30)


def test_a_drive_starts_gently() -> None:
    assert [ramp(100.0, at, seconds=120) for at in (100.0, 160.0, 220.0, 999.0)] == [
        0.1,
        0.5,
        1.0,
        1.0,
    ]
    assert ramp(100.0, 100.0, seconds=0) == 1.0


def test_falling_answers_halve_a_drives_share_and_good_ones_bring_it_back() -> None:
    usual = Count(hits=500, of=1000)
    share = eased(1.0, recent=Count(hits=5, of=60), usual=usual)
    assert share == 0.5
    assert eased(share, recent=Count(hits=30, of=60), usual=usual) == pytest.approx(0.6)
    assert eased(share, recent=Count(hits=0, of=10), usual=usual) == share
    for _ in range(9):
        share = eased(share, recent=Count(hits=0, of=60), usual=usual)
    assert share == 0.1


@given(of=st.integers(0, 10_000), part=st.floats(0, 1))
def test_a_share_lies_within_its_interval_which_narrows_with_more_of_the_same(
    of: int, part: float
) -> None:
    count = Count(hits=int(of * part), of=of)
    some = interval(count)
    assert 0 <= some.low <= some.likely <= some.high <= 1
    more = interval(Count(hits=count.hits * 10, of=count.of * 10))
    assert more.high - more.low <= some.high - some.low + 1e-12


def test_what_was_never_measured_may_be_anything() -> None:
    assert interval(Count()) == Range(low=0.0, likely=0.5, high=1.0)
    with pytest.raises(ValueError, match="never more"):
        Count(hits=2, of=1)
