"""Appointments at a time on the person's wall, across both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain.appointments import (
    LATEST,
    Due,
    OneOff,
    Slot,
    Weekly,
    call_back_at,
    judge,
    move,
    move_once,
    next_occurrence,
    occurrences,
    skip,
    stop,
)

NEW_YORK = "America/New_York"
NINE = 9 * 60
DAILY = Weekly(zone=NEW_YORK, minute=NINE, starts=date(2026, 10, 30))


def at(day: int, hour: int, *, month: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_a_daily_ring_stays_at_nine_when_the_clock_goes_back() -> None:
    rings = list(occurrences(DAILY, after=at(30, 0), until=at(3, 0, month=11)))
    assert rings == [at(30, 13), at(31, 13), at(1, 14, month=11), at(2, 14, month=11)]


def test_a_daily_ring_stays_at_nine_when_the_clock_goes_forward() -> None:
    spring = Weekly(zone=NEW_YORK, minute=NINE, starts=date(2026, 3, 7))
    rings = occurrences(spring, after=at(7, 0, month=3), until=at(9, 0, month=3))
    assert list(rings) == [at(7, 14, month=3), at(8, 13, month=3)]


def test_a_weekly_ring_comes_on_its_days_only() -> None:
    tuesdays = Weekly(zone=NEW_YORK, minute=NINE, starts=date(2026, 9, 1), days=frozenset({1}))
    rings = list(occurrences(tuesdays, after=at(1, 0, month=9), until=at(1, 0)))
    assert [ring.day for ring in rings] == [1, 8, 15, 22, 29]


def test_a_leap_day_is_a_day() -> None:
    leap = Weekly(zone=NEW_YORK, minute=NINE, starts=date(2028, 2, 28))
    start = datetime(2028, 2, 28, tzinfo=UTC)
    rings = occurrences(leap, after=start, until=start + timedelta(days=3))
    assert [ring.date() for ring in rings] == [
        date(2028, 2, 28),
        date(2028, 2, 29),
        date(2028, 3, 1),
    ]


def test_a_moved_day_rings_elsewhere_once_and_a_skipped_one_not_at_all() -> None:
    moved = move_once(DAILY, date(2026, 10, 31), Slot(day=date(2026, 11, 1), minute=8 * 60))
    rest = skip(moved, date(2026, 11, 2))
    rings = list(occurrences(rest, after=at(30, 0), until=at(4, 0, month=11)))
    assert rings == [
        at(30, 13),
        at(1, 13, month=11),
        at(1, 14, month=11),
        at(3, 14, month=11),
    ]
    again = move_once(rest, date(2026, 11, 2), Slot(day=date(2026, 11, 2), minute=10 * 60))
    assert at(2, 15, month=11) in set(occurrences(again, after=at(30, 0), until=at(4, 0, month=11)))


def test_a_moved_series_rings_at_its_new_time() -> None:
    evening = move(DAILY, minute=18 * 60, days=frozenset({5}))
    assert next_occurrence(evening, after=at(30, 0)) == at(31, 22)


def test_a_stopped_appointment_rings_no_more() -> None:
    once = OneOff(zone=NEW_YORK, slot=Slot(day=date(2026, 10, 31), minute=NINE))
    assert next_occurrence(once, after=at(30, 0)) == at(31, 13)
    assert next_occurrence(stop(once), after=at(30, 0)) is None
    assert next_occurrence(stop(DAILY), after=at(30, 0)) is None


def test_a_series_ends_with_its_last_day() -> None:
    short = Weekly(zone=NEW_YORK, minute=NINE, starts=date(2026, 10, 30), ends=date(2026, 10, 31))
    assert next_occurrence(short, after=at(31, 12)) == at(31, 13)
    assert next_occurrence(short, after=at(31, 13)) is None


def test_a_series_that_starts_years_ahead_is_found() -> None:
    later = Weekly(zone=NEW_YORK, minute=NINE, starts=date(2029, 1, 1))
    assert next_occurrence(later, after=at(1, 0)) == datetime(2029, 1, 1, 14, tzinfo=UTC)


def test_call_me_back_at_a_time_that_is_over_means_tomorrow() -> None:
    now = at(30, 16)
    assert call_back_at(now, minute=13 * 60, zone=NEW_YORK).slot.day == date(2026, 10, 30)
    assert call_back_at(now, minute=NINE, zone=NEW_YORK).slot.day == date(2026, 10, 31)


def test_a_quarter_of_an_hour_late_rings_and_a_second_more_does_not() -> None:
    due = at(30, 13)
    assert judge(due, now=due - timedelta(seconds=1)) is Due.LATER
    assert judge(due, now=due) is Due.NOW
    assert judge(due, now=due + LATEST) is Due.NOW
    assert judge(due, now=due + LATEST + timedelta(seconds=1)) is Due.EXPIRED


@pytest.mark.parametrize("zone", ["Pacific/Guam", "Pacific/Pago_Pago", "America/Phoenix"])
def test_a_day_is_the_persons_day_wherever_they_are(zone: str) -> None:
    one = Weekly(zone=zone, minute=NINE, starts=date(2026, 9, 16), days=frozenset({2}))
    ring = next_occurrence(one, after=at(14, 0, month=9))
    assert ring is not None
    local = ring.astimezone(ZoneInfo(zone))
    assert (local.date(), local.hour) == (date(2026, 9, 16), 9)


@given(
    minute=st.integers(0, 1439),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from([NEW_YORK, "America/Phoenix", "Pacific/Guam", "America/Adak"]),
    start=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    moves=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 30), st.integers(0, 1439))),
)
def test_the_next_one_is_the_first_of_all_and_they_come_in_order(
    minute: int,
    days: frozenset[int],
    zone: str,
    start: date,
    moves: list[tuple[int, int, int]],
) -> None:
    weekly = Weekly(zone=zone, minute=minute, starts=start, days=days)
    for source, to, at_minute in moves:
        slot = Slot(day=start + timedelta(days=to), minute=at_minute)
        weekly = move_once(weekly, start + timedelta(days=source), slot)
    begin = datetime(start.year, start.month, start.day, tzinfo=UTC) - timedelta(days=2)
    rings = list(occurrences(weekly, after=begin, until=begin + timedelta(days=40)))
    assert rings == sorted(set(rings))
    stepped, now = [], begin
    while (one := next_occurrence(weekly, after=now)) and one <= begin + timedelta(days=40):
        stepped.append(one)
        now = one
    assert stepped == rings
