"""The plan: limits, offices and fairness; then whole days of drives, with their figures."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain.pacing import Dial, Drive, Office, Person, State, Usage, plan
from tests.domain.day import Day
from tests.domain.terms import no_holidays
from tests.domain.witness import Caps, flooded, wrongly_rung

DESK = "+12025550100"
OTHER = "+12025550101"


def drive(name: str, *, people: int = 10, offices: tuple[str, ...] = (), **more: object) -> Drive:
    plain = Drive(
        id=name,
        campaign="save-the-bees",
        people=tuple(Person(id=f"{name}-{n}", offices=offices) for n in range(people)),
        usage=Usage(now=0, most=1000),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def world(*drives: Drive, **more: object) -> State:
    plain = State(rate=1.0, usage=Usage(now=0, most=1000), drives=drives, horizon=10.0)
    return replace(plain, **more)  # type: ignore[arg-type]


def test_starts_are_an_interval_apart_from_the_next_free_slot_on() -> None:
    dials = plan(world(drive("a"), rate=2.0, next_free=3.0, horizon=4.0), 1.0)
    assert [dial.at for dial in dials] == [3.0, 3.5, 4.0, 4.5, 5.0]


def test_without_a_horizon_only_a_slot_that_is_free_now_is_used() -> None:
    assert len(plan(world(drive("a"), horizon=0.0), 5.0)) == 1
    assert plan(world(drive("a"), horizon=0.0, next_free=5.1), 5.0) == ()


def test_a_closed_throttle_starts_nothing() -> None:
    assert plan(world(drive("a"), rate=0.0), 0.0) == ()


@pytest.mark.parametrize(
    ("state", "most"),
    [
        (world(drive("a"), usage=Usage(now=7, most=10)), 3),
        (world(drive("a", usage=Usage(now=1, most=5))), 4),
        (world(drive("a"), campaigns={"save-the-bees": Usage(now=2, most=4)}), 2),
        (world(drive("a", usage=Usage(now=3, most=20), share=0.25)), 2),
        (world(drive("a", usage=Usage(now=0, most=4), share=0.1)), 1),
        (world(drive("a", usage=Usage(now=0, most=0))), 0),
        (world(drive("a", people=2)), 2),
        (world(drive("a", rate=0.5)), 6),
    ],
    ids=["all", "drive", "campaign", "ramp", "ramp-never-zero", "none", "people", "own-rate"],
)
def test_every_limit_bounds_the_plan(state: State, most: int) -> None:
    assert len(plan(state, 0.0)) == most


@pytest.mark.parametrize(
    ("office", "rung"),
    [
        (Office(most=4, per_minute=6), 4),
        (Office(most=4, per_minute=6, talking=3), 1),
        (Office(most=4, per_minute=6, on_the_way=2.0), 2),
        (Office(most=10, per_minute=6, started=4), 2),
        (Office(most=4, per_minute=6, resting_until=100.0), 0),
        (Office(most=4, per_minute=6, talking=9), 0),
    ],
)
def test_nobody_is_rung_for_an_office_that_is_not_expected_to_be_free(
    office: Office, rung: int
) -> None:
    dials = plan(world(drive("a", offices=(DESK,)), offices={DESK: office}), 0.0)
    assert len(dials) == rung


def test_when_few_come_as_far_more_are_rung() -> None:
    few = drive("a", offices=(DESK,), reach=0.25)
    assert len(plan(world(few, offices={DESK: Office(most=2, per_minute=6)}), 0.0)) == 8


def test_a_second_office_is_as_good_when_the_first_is_full() -> None:
    offices = {DESK: Office(most=1, per_minute=6), OTHER: Office(most=2, per_minute=6)}
    dials = plan(world(drive("a", offices=(DESK, OTHER)), offices=offices), 0.0)
    assert [dial.office for dial in dials] == [DESK, OTHER, OTHER]


def test_who_waits_for_a_full_office_does_not_hold_up_those_behind() -> None:
    full, free = Person(id="full", offices=(DESK,)), Person(id="free", offices=(OTHER,))
    one = replace(drive("a"), people=(full, free))
    dials = plan(world(one, offices={DESK: Office(most=1, per_minute=6, talking=1)}), 0.0)
    assert [dial.person for dial in dials] == ["free"]


def test_a_drive_that_could_not_dial_does_not_save_up_starts() -> None:
    idle, busy = drive("a", served=0.0), drive("b", served=50.0)
    dials = plan(world(idle, busy, clock=50.0), 0.0)
    assert Counter(dial.drive for dial in dials)["a"] <= 6


def follow(state: State, dials: tuple[Dial, ...]) -> State:
    """Return the state after a plan was carried out by people who never end."""
    drives = []
    for one in state.drives:
        mine = [dial for dial in dials if dial.drive == one.id]
        gone = {dial.person for dial in mine}
        drives.append(
            replace(
                one,
                people=tuple(person for person in one.people if person.id not in gone),
                served=mine[-1].served if mine else one.served,
            )
        )
    return replace(
        state,
        drives=tuple(drives),
        clock=dials[-1].clock,
        next_free=dials[-1].at + 1 / state.rate,
    )


@pytest.mark.slow
@given(
    weights=st.lists(st.sampled_from([0.5, 1.0, 2.0, 5.0]), min_size=2, max_size=6),
    horizon=st.sampled_from([0.0, 1.0, 7.0]),
)
def test_drives_share_the_starts_by_weight_at_every_moment(
    weights: list[float], horizon: float
) -> None:
    drives = [drive(f"d{n}", people=90, weight=weight) for n, weight in enumerate(weights)]
    state = world(*drives, horizon=horizon)
    starts: Counter[str] = Counter()
    now = 0.0
    while min(len(one.people) for one in state.drives) > 0 and now < 80:
        dials = plan(state, now)
        for dial in dials:
            starts[dial.drive] += 1
            shares = [(starts[one.id] / one.weight, 1 / one.weight) for one in drives]
            for share, step in shares:
                for other, other_step in shares:
                    assert share - other <= step + other_step + 1e-6
        state = follow(state, dials)
        now = state.next_free


offices_st = st.builds(
    Office,
    most=st.integers(0, 5),
    per_minute=st.integers(0, 8),
    talking=st.integers(0, 5),
    on_the_way=st.floats(0, 4),
    started=st.integers(0, 8),
    resting_until=st.sampled_from([0.0, 50.0]),
)
drives_st = st.builds(
    Drive,
    id=st.text("abcdef", min_size=1, max_size=4),
    campaign=st.sampled_from(["one", "two"]),
    people=st.lists(
        st.builds(
            Person,
            id=st.text("0123456789", min_size=1, max_size=6),
            offices=st.lists(st.sampled_from([DESK, OTHER]), max_size=2, unique=True).map(tuple),
        ),
        max_size=12,
        unique_by=lambda person: person.id,
    ).map(tuple),
    usage=st.builds(Usage, now=st.integers(0, 5), most=st.integers(0, 9)),
    rate=st.none() | st.sampled_from([0.2, 1.0, 3.0]),
    next_free=st.floats(0, 20),
    share=st.floats(0.1, 1),
    reach=st.floats(0.1, 1),
    weight=st.sampled_from([0.5, 1.0, 3.0]),
    served=st.floats(0, 30),
)
states_st = st.builds(
    State,
    rate=st.sampled_from([0.5, 1.0, 10.0]),
    usage=st.builds(Usage, now=st.integers(0, 5), most=st.integers(0, 30)),
    drives=st.lists(drives_st, max_size=5, unique_by=lambda one: one.id).map(tuple),
    offices=st.fixed_dictionaries({}, optional={DESK: offices_st, OTHER: offices_st}),
    campaigns=st.fixed_dictionaries(
        {}, optional={"one": st.builds(Usage, now=st.integers(0, 4), most=st.integers(0, 9))}
    ),
    next_free=st.floats(0, 20),
    clock=st.floats(0, 30),
    horizon=st.sampled_from([0.0, 1.0, 5.0]),
)


@pytest.mark.slow
@given(state=states_st, now=st.floats(0, 20))
def test_no_plan_breaks_a_limit_and_the_same_state_gives_the_same_plan(
    state: State, now: float
) -> None:
    dials = plan(state, now)
    assert dials == plan(state, now)
    assert dials == plan(replace(state, drives=state.drives[::-1]), now)
    by_id = {one.id: one for one in state.drives}
    assert len({(dial.drive, dial.person) for dial in dials}) == len(dials)
    assert len(dials) <= max(0, state.usage.most - state.usage.now)
    for before, after in pairwise(dials):
        assert after.at - before.at >= 1 / state.rate - 1e-9
    for dial in dials:
        assert max(now, state.next_free) <= dial.at <= now + state.horizon
        assert dial.at >= by_id[dial.drive].next_free
    for name, count in Counter(dial.drive for dial in dials).items():
        assert count <= max(0, by_id[name].usage.most - by_id[name].usage.now)
    for slug, use in state.campaigns.items():
        mine = sum(by_id[dial.drive].campaign == slug for dial in dials)
        assert mine <= max(0, use.most - use.now)
    for phone, office in state.offices.items():
        coming = [by_id[dial.drive].reach for dial in dials if dial.office == phone]
        if coming:
            load = sum(coming) + office.on_the_way - 1e-6
            assert office.resting_until <= now
            assert office.talking + load <= office.most
            assert office.started + load <= office.per_minute


def kept(day: Day) -> None:
    """Hold what holds for every day."""
    assert day.fullest_second() <= day.rate + 1
    assert day.outside == 0
    assert wrongly_rung(day.rings, no_holidays) == []
    caps = {phone: Caps(desk.most, desk.per_minute) for phone, desk in day.desks.items()}
    assert flooded(day.talks, caps) == {}
    assert all(desk.highest <= desk.most for desk in day.desks.values())
    assert day.highest["all"] <= day.most
    assert day.highest["drive"] <= day.drive_most
    assert day.highest["campaign"] <= day.campaign_most
    assert sum(day.results.values()) == len(day.rings)
    assert sum(day.in_progress) == 0
    never = {number: count for number, count in day.waits().items() if count}
    assert not never, f"nobody is left out, yet these drives forgot people: {never}"


@pytest.mark.slow
@pytest.mark.parametrize("sure", [True, False], ids=["sure", "measured"])
def test_a_day_of_drives_floods_no_office_and_forgets_nobody(
    sure: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    day = Day(seed=7, drives=12, people=1_500, offices=60, rate=2.0, sure=sure)
    day.run()
    with capsys.disabled():
        sys.stdout.write(f"\n  {'sure' if sure else 'measured'}: {day.figures()}\n")
    kept(day)
    if sure:
        # Every one of them held a place, so the reservation never had to refuse anybody.
        assert day.turned_away == 0
    else:
        assert day.turned_away <= 0.1 * (day.bridged + day.turned_away)


@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_a_big_day_of_many_drives_floods_no_office_and_forgets_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    day = Day(seed=11, drives=40, people=12_000, offices=400, rate=5.0, sure=True)
    day.run()
    with capsys.disabled():
        sys.stdout.write(f"\n  big: {day.figures()}\n")
    kept(day)
    assert day.turned_away == 0
