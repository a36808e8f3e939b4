"""What a drive takes and costs, by hand for easy ones and against chance for a real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain.estimate import (
    Bound,
    Desk,
    Planned,
    Prices,
    Times,
    ends_at,
    estimate,
    under_way,
)
from callbridge.domain.rates import Count
from callbridge.domain.windows import daily, open_spans

SURE = Count(hits=10_000_000, of=10_000_000)
PLANNED = Planned(
    people=1000,
    answered=SURE,
    keyed=SURE,
    rate=1.0,
    in_progress=100_000,
    prices=Prices(supporter=0.014, office=0.01),
    times=Times(ring=20, opening=40, talk=100),
)


def test_when_everybody_answers_it_is_simple_arithmetic() -> None:
    result = estimate(PLANNED)
    assert result.rings.likely == pytest.approx(1000)
    assert result.reached.likely == pytest.approx(1000)
    assert result.seconds.likely == pytest.approx(1000 + 160)
    # Three started minutes to the supporter (140 s), two to the office (100 s).
    assert result.cost.likely == pytest.approx(1000 * (3 * 0.014 + 2 * 0.01))
    assert result.bound is Bound.STARTS
    assert result.measured


def test_nobody_answering_costs_nothing_and_takes_every_try() -> None:
    result = estimate(replace(PLANNED, answered=Count(hits=0, of=10**9), tries=3))
    assert result.rings.likely == 3000
    assert result.reached.likely == 0
    assert result.cost.likely == 0


def test_an_answer_without_a_key_costs_its_minute() -> None:
    result = estimate(replace(PLANNED, keyed=Count(hits=0, of=10**9)))
    assert result.cost.likely == pytest.approx(1000 * 0.014)


def test_the_most_wanted_office_sets_the_end_of_a_drive() -> None:
    desks = (
        Desk(people=400, most=1, per_minute=60, rest=20),
        Desk(people=600, most=4, per_minute=60),
    )
    result = estimate(replace(PLANNED, desks=desks))
    assert result.bound is Bound.OFFICES
    assert result.seconds.likely == pytest.approx(400 * 120 + 160)
    slow = estimate(replace(PLANNED, desks=(Desk(people=600, most=50, per_minute=2),)))
    assert slow.seconds.likely == pytest.approx(600 * 30 + 160)


def test_few_calls_at_once_set_the_end_of_a_drive() -> None:
    result = estimate(replace(PLANNED, in_progress=10))
    assert result.bound is Bound.IN_PROGRESS
    assert result.seconds.likely == pytest.approx(1000 * 160 / 10 + 160)


def test_what_was_never_measured_gives_the_widest_estimate_and_says_so() -> None:
    result = estimate(replace(PLANNED, answered=Count(), keyed=Count()))
    assert not result.measured
    assert (result.reached.low, result.reached.high) == (0, 1000)


def test_a_drive_that_may_ring_nobody_is_refused() -> None:
    for wrong in (
        replace(PLANNED, rate=0),
        replace(PLANNED, in_progress=0),
        replace(PLANNED, tries=0),
    ):
        with pytest.raises(ValueError, match="no end"):
            estimate(wrong)


def test_what_chance_does_lies_within_the_estimate() -> None:
    chance = Random(5)
    answers, keys, tries, people = 0.37, 0.62, 3, 20_000
    answered = Count(hits=sum(chance.random() < answers for _ in range(800)), of=800)
    keyed = Count(hits=sum(chance.random() < keys for _ in range(800)), of=800)
    result = estimate(replace(PLANNED, people=people, tries=tries, answered=answered, keyed=keyed))
    rings = reached = 0
    for _ in range(people):
        for _ in range(tries):
            rings += 1
            if chance.random() < answers and chance.random() < keys:
                reached += 1
                break
    assert result.rings.low <= rings <= result.rings.high
    assert result.reached.low <= reached <= result.reached.high
    assert result.reached.high - result.reached.low < 0.2 * people


counts = st.integers(0, 500).flatmap(
    lambda of: st.builds(Count, hits=st.integers(0, of), of=st.just(of))
)


@given(answered=counts, keyed=counts, people=st.integers(0, 5000), tries=st.integers(1, 5))
def test_low_is_never_above_likely_nor_likely_above_high(
    answered: Count, keyed: Count, people: int, tries: int
) -> None:
    desks = (Desk(people=people // 3, most=2, per_minute=6, rest=30),)
    result = estimate(
        replace(PLANNED, people=people, answered=answered, keyed=keyed, tries=tries, desks=desks)
    )
    for part in (result.rings, result.reached, result.bridges, result.seconds, result.cost):
        assert 0 <= part.low <= part.likely <= part.high
    assert result.rings.high <= people * tries + 1e-6
    assert result.reached.high <= people + 1e-6


def test_the_end_falls_into_open_hours_across_the_change_of_the_clock() -> None:
    start = datetime(2026, 10, 31, 21, tzinfo=UTC)  # 17:00 in New York, Saturday
    spans = open_spans(
        daily(540, 1200, holidays=True),
        now=start,
        zones=("America/New_York",),
        holidays=lambda _day: date.min == _day,
    )
    # Three hours on Saturday until 20:00, then from nine on Sunday, an hour later by UTC.
    assert ends_at(4 * 3600, spans, start=start) == datetime(2026, 11, 1, 15, tzinfo=UTC)


def test_too_few_open_hours_have_no_end() -> None:
    start = datetime(2026, 9, 16, 16, tzinfo=UTC)
    span = (start, start + timedelta(hours=1))
    assert ends_at(3601, [span], start=start) is None
    assert ends_at(3600, [span], start=start) == start + timedelta(hours=1)
    assert ends_at(60, [span], start=start + timedelta(hours=2)) is None


def test_a_running_drive_is_judged_by_its_own_answers() -> None:
    half = under_way(
        replace(PLANNED, desks=(Desk(people=100, most=1, per_minute=6),)),
        left=500,
        answered=Count(hits=40, of=100),
        keyed=Count(hits=30, of=40),
    )
    assert (half.people, half.desks[0].people) == (500, 50)
    assert estimate(half).reached.likely == pytest.approx(500 * 0.4 * 0.75)
