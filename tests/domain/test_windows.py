"""Calling windows in every zone of the United States, across both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain.legal_hours import BY_STATE, FEDERAL, effective
from callbridge.domain.states import STATES
from callbridge.domain.windows import (
    Span,
    Window,
    allows,
    daily,
    instant,
    next_opening,
    open_spans,
    read,
)
from callbridge.errors import RefusedError

ZONES = (
    "America/New_York",
    "America/Detroit",
    "America/Indiana/Indianapolis",
    "America/Chicago",
    "America/Denver",
    "America/Boise",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/St_Thomas",
    "Pacific/Guam",
    "Pacific/Saipan",
    "Pacific/Pago_Pago",
)
NINE_TO_EIGHT = daily(9 * 60, 20 * 60, holidays=True)
# Around both changes of 2026 and 2027, a leap day, a new year and a common day.
DAYS = (
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2027, 3, 14),
    date(2027, 11, 7),
    date(2028, 2, 29),
    date(2026, 12, 31),
    date(2026, 7, 4),
    date(2026, 9, 16),
)
moments = st.builds(
    lambda day, seconds: (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)
    ),
    st.sampled_from(DAYS),
    st.integers(-2 * 86_400, 3 * 86_400),
)
spans = st.builds(
    lambda opens, length: Span(opens=opens, closes=min(1440, opens + length)),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
windows = st.builds(
    lambda week, holidays: Window(week=tuple(week), holidays=holidays),
    st.lists(st.none() | spans, min_size=7, max_size=7),
    st.booleans(),
)
states = st.sampled_from(sorted(STATES))
zones = st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True).map(tuple)


def no_holidays(_day: date) -> bool:
    return False


def fourths(day: date) -> bool:
    return (day.month, day.day) in {(7, 4), (12, 31), (1, 1)}


@given(window=windows, state=states, where=zones, now=moments)
def test_nobody_is_rung_outside_the_legal_hours_of_their_place(
    window: Window, state: str, where: tuple[str, ...], now: datetime
) -> None:
    cut = effective(window, state)
    if not allows(cut, now=now, zones=where, holidays=fourths):
        return
    for zone in where:
        local = now.astimezone(ZoneInfo(zone))
        legal = BY_STATE.get(state, FEDERAL)
        span = legal.week[local.weekday()]
        assert 8 <= local.hour < 21
        assert span is not None
        assert span.opens <= local.hour * 60 + local.minute < span.closes
        assert legal.holidays or not fourths(local.date())


@given(window=windows, state=states, where=zones, now=moments)
def test_open_means_that_every_wall_clock_stands_within_the_hours(
    window: Window, state: str, where: tuple[str, ...], now: datetime
) -> None:
    """Between 8 and 21 no clock jumps, so the wall clock alone is the whole truth."""
    cut = effective(window, state)
    by_the_wall = True
    for zone in where:
        local = now.astimezone(ZoneInfo(zone))
        span = cut.week[local.weekday()]
        by_the_wall = by_the_wall and (
            span is not None
            and span.opens <= local.hour * 60 + local.minute < span.closes
            and (cut.holidays or not fourths(local.date()))
        )
    assert allows(cut, now=now, zones=where, holidays=fourths) is by_the_wall


@given(window=windows, where=zones, now=moments)
def test_the_next_opening_is_open_and_the_moment_before_is_not(
    window: Window, where: tuple[str, ...], now: datetime
) -> None:
    opening = next_opening(window, now=now, zones=where, holidays=fourths)
    if opening is None:
        for hours in range(0, 14 * 24, 7):
            later = now + timedelta(hours=hours)
            assert not allows(window, now=later, zones=where, holidays=fourths)
        return
    assert opening >= now
    assert opening.tzinfo is UTC
    assert allows(window, now=opening, zones=where, holidays=fourths)
    if opening > now:
        assert not allows(window, now=now, zones=where, holidays=fourths)
        before = opening - timedelta(seconds=1)
        assert before < now or not allows(window, now=before, zones=where, holidays=fourths)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", DAYS)
def test_nine_in_the_morning_is_nine_on_the_wall_on_every_day(day: date, zone: str) -> None:
    local = instant(day, 9 * 60, zone).astimezone(ZoneInfo(zone))
    assert (local.date(), local.hour, local.minute) == (day, 9, 0)


def test_a_time_the_clock_jumps_over_moves_forward() -> None:
    skipped = instant(date(2026, 3, 8), 2 * 60 + 30, "America/New_York")
    assert skipped == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert skipped.astimezone(ZoneInfo("America/New_York")).hour == 3


def test_a_time_the_clock_shows_twice_is_the_first() -> None:
    first = instant(date(2026, 11, 1), 60 + 30, "America/New_York")
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_where_the_clock_never_changes_nothing_moves() -> None:
    for zone, hour in (("America/Phoenix", 16), ("Pacific/Honolulu", 19)):
        for day in DAYS:
            assert instant(day, 9 * 60, zone).hour == hour


def test_several_zones_are_open_only_when_the_last_has_opened_and_none_has_closed() -> None:
    now = datetime(2026, 9, 16, 4, tzinfo=UTC)
    where = ("America/Boise", "America/Los_Angeles")
    start, end = next(open_spans(NINE_TO_EIGHT, now=now, zones=where, holidays=no_holidays))
    assert start.astimezone(ZoneInfo("America/Los_Angeles")).hour == 9
    assert end.astimezone(ZoneInfo("America/Boise")).hour == 20


def test_without_a_zone_nobody_is_rung() -> None:
    now = datetime(2026, 9, 16, 18, tzinfo=UTC)
    assert not allows(NINE_TO_EIGHT, now=now, zones=(), holidays=no_holidays)
    assert next_opening(NINE_TO_EIGHT, now=now, zones=(), holidays=no_holidays) is None


def test_a_window_without_holidays_opens_on_the_day_after() -> None:
    now = datetime(2026, 7, 4, 16, tzinfo=UTC)
    window = daily(9 * 60, 20 * 60)
    opening = next_opening(window, now=now, zones=("America/New_York",), holidays=fourths)
    assert opening == datetime(2026, 7, 5, 13, tzinfo=UTC)


def test_two_states_leave_what_both_allow() -> None:
    both = effective(daily(0, 1440, holidays=True), "KY", "SC")
    assert both.week[0] == Span(opens=600, closes=1140)


def test_sunday_is_closed_where_the_law_closes_it() -> None:
    closed = {state for state in STATES if effective(NINE_TO_EIGHT, state).week[6] is None}
    assert closed == {"AL", "LA", "ME", "MS", "RI", "SD", "UT"}
    assert effective(NINE_TO_EIGHT, "TX").week[6] == Span(opens=720, closes=1200)


def test_every_row_of_the_law_is_a_state_and_within_the_federal_hours() -> None:
    for state, legal in BY_STATE.items():
        assert state in STATES
        assert legal.cut(FEDERAL) == legal
        assert legal != FEDERAL


def test_hours_are_read_as_an_organizer_writes_them() -> None:
    assert read("09:00-20:00", "mon-fri") == daily(540, 1200, days=frozenset(range(5)))
    assert read("9:00-20:30", "all") == daily(540, 1230, holidays=True)
    assert read("10:00-12:00", "fri-mon,wed") == daily(600, 720, days=frozenset({4, 5, 6, 0, 2}))
    assert read("00:00-24:00", "sun") == daily(0, 1440, days=frozenset({6}))


@pytest.mark.parametrize(
    ("hours", "days"),
    [("9-20", "all"), ("20:00-09:00", "all"), ("09:00-20:00", "weekdays"), ("09:00-24:30", "all")],
)
def test_hours_that_make_no_sense_are_refused_with_a_sentence(hours: str, days: str) -> None:
    with pytest.raises(RefusedError, match=r"\.$"):
        read(hours, days)


def test_the_opening_minute_is_open_and_the_closing_minute_is_closed() -> None:
    where = ("America/New_York",)
    opens = datetime(2026, 9, 16, 13, tzinfo=UTC)
    closes = datetime(2026, 9, 17, 0, tzinfo=UTC)
    for moment, is_open in (
        (opens - timedelta(microseconds=1), False),
        (opens, True),
        (closes - timedelta(microseconds=1), True),
        (closes, False),
    ):
        assert allows(NINE_TO_EIGHT, now=moment, zones=where, holidays=no_holidays) is is_open
