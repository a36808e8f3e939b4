"""Agreeing on another time by key: what is heard, what is promised, and how long it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from callbridge.domain.agreeing import read_clock
from callbridge.domain.call import Asking, Door, Ending, Stage
from callbridge.domain.campaign import Hours
from callbridge.domain.events import Answered, HungUp, Keyed, OfficeState
from callbridge.domain.facts import OptedOut, RingAsked, RingBackAsked, SlotMoved, SlotStopped
from callbridge.domain.flow import advance, speak
from callbridge.domain.instructions import Ask
from callbridge.domain.reach import Reach
from callbridge.domain.spoken import seconds_to_say
from tests.domain.table import slot
from tests.domain.test_conversations import heard
from tests.domain.world import CONNECTED, LEAGUE, NOW, REACH, Telling, at, world

CLOSED = OfficeState(open=False)


def asked(told: Telling) -> RingAsked:
    """Return the one ring that was agreed on."""
    (fact,) = told.of(RingAsked)
    assert isinstance(fact, RingAsked)
    return fact


def test_a_ring_that_nobody_waited_for_can_be_put_off_by_two_keys() -> None:
    told = at(door=Door.DRIVE)
    assert "Now: press 1. Later: press 2. No more calls: press 9." in heard(told)
    told.tell("2")
    assert heard(told).startswith(
        "Thank you. In 15 minutes: press 1. In an hour: press 2. At another time: press 3."
    )
    told.tell("2")
    (fact,) = told.of(RingBackAsked)
    assert fact == RingBackAsked(after_seconds=3600)
    assert heard(told) == "We ring you in an hour. Goodbye."
    assert told.hooks == 3


def test_the_whole_of_call_me_back_at_in_english() -> None:
    told = at("1", "5")
    assert heard(told).startswith(
        "Thank you. In an hour: press 1. This afternoon: press 2. Tomorrow morning: press 3. "
        "Tomorrow afternoon: press 4. This time next week: press 5. At another hour: press 6."
    )
    told.tell("3")
    assert heard(told).startswith(
        "Thank you. We ring you tomorrow, Wednesday, at 10 in the morning. "
        "If that is right, press 1. For another time, press star."
    )
    told.tell("1")
    assert asked(told).at == datetime(2026, 6, 17, 14, tzinfo=UTC)
    assert heard(told) == "We ring you tomorrow, Wednesday, at 10 in the morning. Goodbye."
    assert told.call.ending is Ending.RING_BACK
    assert told.hooks == 5


def test_the_whole_of_call_me_back_at_in_spanish() -> None:
    told = at("1", "5", language="es")
    assert "Mañana por la tarde: marque 4." in heard(told)
    told.tell("4")
    assert "Le llamamos mañana, miércoles, a las 2 de la tarde." in heard(told)
    told.tell("1")
    assert heard(told) == "Le llamamos mañana, miércoles, a las 2 de la tarde. Adiós."


def test_a_time_read_back_can_be_changed_with_star() -> None:
    told = at("1", "5", "3", "*", "5", "1")
    assert asked(told).at == datetime(2026, 6, 23, 15, tzinfo=UTC)


def test_pound_goes_back_to_the_call_as_it_stood() -> None:
    for told in (at("1", "5", "#"), at("1", "5", "3", "#")):
        assert (told.call.stage, told.call.asking) == (Stage.BRIEFING, Asking.CONNECT)
        assert told.call.later is None
    offered = at("1", "1", CONNECTED, "2", "5", "#")
    assert offered.call.asking is Asking.NEXT_TARGET
    assert at("2", "#", door=Door.RING_BACK).call.asking is Asking.GO_ON


@pytest.mark.parametrize(
    ("keyed", "day", "hour", "minute"),
    [("2", 16, 18, 0), ("230", 16, 18, 30), ("9", 17, 13, 0), ("19", 16, 23, 0), ("08", 17, 12, 0)],
)
def test_an_hour_is_keyed_as_people_say_it(keyed: str, day: int, hour: int, minute: int) -> None:
    told = at("1", "5", "6", keyed, "1")
    assert asked(told).at == datetime(2026, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("keyed", ["22", "0300", "77", "2460", "#", "2*"])
def test_an_hour_at_which_nobody_is_rung_is_asked_for_again(keyed: str) -> None:
    told = at("1", "5", "6", keyed)
    assert told.call.asking is Asking.HOUR
    assert heard(told).startswith("We do not ring at that hour.")


def test_nine_is_a_digit_of_the_hour_and_an_opt_out_at_the_menus() -> None:
    assert not at("2", "3", "6", "9", door=Door.DRIVE).call.opted_out
    assert at("2", "9", door=Door.DRIVE).of(OptedOut)
    assert at("1", "5", "9").call.opting_out


def test_keyed_digits_mean_both_halves_of_the_day_unless_they_say_which() -> None:
    assert read_clock("2") == (120, 840)
    assert read_clock("12") == (0, 720)
    assert read_clock("0230") == (150,)
    assert read_clock("1430") == (870,)
    assert read_clock("25") == read_clock("1261") == read_clock("") == ()


def test_closed_offices_offer_to_ring_when_they_open() -> None:
    told = at("1", **{f"{who}_washington": CLOSED for who in ("H000014", "S000001", "S000002")})
    assert "To be rung when they open, press 5." in heard(told)
    told = late("1", "5")
    assert heard(told).startswith(
        "Thank you. They open tomorrow, Wednesday, at 9 in the morning on your clock."
    )
    told = late("1", "5", "1")
    assert asked(told) == RingAsked(at=datetime(2026, 6, 17, 13, tzinfo=UTC), opening=True)


def late(*keys: str) -> Telling:
    """Tell a call at seven in the evening, with Washington closed."""
    told = Telling(H000014_washington=CLOSED)
    seen = world("30161", H000014_washington=CLOSED)
    seen = replace(seen, now=datetime(2026, 6, 16, 23, tzinfo=UTC))
    for event in (Answered(), *(Keyed(digits=key) for key in keys)):
        told.call, facts = advance(told.call, event, told.campaign, seen)
        told.facts += facts
    return told


def test_open_offices_offer_no_opening() -> None:
    assert "when they open" not in heard(at("1"))


def test_the_opening_waits_for_both_the_offices_and_the_supporters_morning() -> None:
    hawaii = Reach(zones=("Pacific/Honolulu",), hours=None, holidays=lambda day: False)
    friday_night = datetime(2026, 6, 20, 3, tzinfo=UTC)
    opening = hawaii.offices_open({"America/New_York"}, now=friday_night)
    # Nine in Washington is three in Honolulu; eight there is two in the afternoon in Washington.
    assert opening == datetime(2026, 6, 22, 18, tzinfo=UTC)
    recess = (date(2026, 6, 22),)
    later = hawaii.offices_open({"America/New_York"}, now=friday_night, recess=recess)
    assert later == datetime(2026, 6, 23, 18, tzinfo=UTC)


def test_the_campaigns_own_hours_bound_a_ring() -> None:
    short = replace(REACH, hours=Hours(days=frozenset({1}), opens=600, closes=660))
    assert short.allows(datetime(2026, 6, 16, 14, 30, tzinfo=UTC))
    assert not short.allows(NOW)
    assert not short.allows(datetime(2026, 6, 17, 14, 30, tzinfo=UTC))


def test_a_slot_is_moved_by_five_keys() -> None:
    told = slot()
    assert "with your call to Congress about sentencing reform" in heard(told)
    assert "Later, or change: press 2." in heard(told)
    told.tell("2")
    assert "To move these calls: press 3. To stop these calls: press 4." in heard(told)
    told.tell("3")
    assert "Thursday: press 4." in heard(told)
    told.tell("4", "2")
    assert "From now on we ring you on Thursdays at 2 in the afternoon." in heard(told)
    told.tell("1")
    assert told.of(SlotMoved) == [SlotMoved(days=(3,), minute=14 * 60)]
    assert heard(told).endswith("on Thursdays at 2 in the afternoon. Goodbye.")


def test_a_daily_slot_is_asked_for_the_hour_alone() -> None:
    told = slot("2", "3", "10", "1", days=(0, 1, 2, 3, 4))
    assert told.of(SlotMoved) == [SlotMoved(days=(0, 1, 2, 3, 4), minute=600)]
    assert "on working days at 10 in the morning" in heard(told)


def test_a_slot_is_stopped_by_two_keys_and_says_so() -> None:
    told = slot("2", "4")
    assert told.of(SlotStopped)
    assert heard(told).startswith("Those calls are stopped. This was the Prairie League")


def test_a_time_confirmed_while_hanging_up_still_counts_once() -> None:
    told = at("1", "5", "3", HungUp(), "1", "1")
    assert asked(told).at == datetime(2026, 6, 17, 14, tzinfo=UTC)


def test_a_time_that_was_not_confirmed_is_no_promise() -> None:
    assert not at("1", "5", "3", HungUp()).of(RingAsked)


def test_whom_we_could_not_ring_is_offered_nothing() -> None:
    told = at("1", zip_code="30161", door=Door.CALL_IN, ringable=False)
    assert "another time" not in heard(told)
    assert told.tell("5").call.asking is Asking.CONNECT


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_menu_of_times_takes_longer_than_its_words_are_worth(language: str) -> None:
    calls = [at("2", door=Door.DRIVE, language=language), at("1", "5", language=language)]
    calls += [at("1", "5", key, language=language) for key in "1234566"]
    greetings = [at(door=Door.RING_BACK), slot()]
    for told, most in [*((one, 14) for one in calls), *((one, 12) for one in greetings)]:
        first = next(
            one
            for one in speak(told.call, told.campaign, organization=LEAGUE)
            if isinstance(one, Ask)
        )
        assert seconds_to_say(" ".join(say.text for say in first.say)) <= most
