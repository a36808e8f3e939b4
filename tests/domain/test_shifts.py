"""A volunteer's shift: several members on one line, short pauses, breaks, the caps of offices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callbridge.domain.call import Asking, Ending, Stage
from callbridge.domain.events import OfficeState
from callbridge.domain.facts import CallEnded, LegStarted, RingBackAsked
from callbridge.domain.flow import speak
from callbridge.domain.instructions import Ask, HangUp, Say
from callbridge.domain.moves import not_passed_on
from callbridge.domain.spoken import seconds_to_say
from tests.domain.table import shift
from tests.domain.test_conversations import heard
from tests.domain.world import CONNECTED, LEAGUE

FULL = OfficeState(free=False)
TALKED = (CONNECTED, "1", "2")


def full(*members: str) -> dict[str, OfficeState]:
    """Return members whose offices have as many calls as they take."""
    return {f"{who}_{where}": FULL for who in members for where in ("washington", "rome")}


def test_three_members_are_walked_through_with_one_key_between() -> None:
    told = shift("1", "1", *TALKED)
    assert heard(told).startswith("Thank you. You said: talked with someone, supports it.")
    assert (
        "Next: Senator Pat Ash. To go on, press 1. For a break of 15 minutes, press 2. "
        "To finish, press 3." in heard(told)
    )
    told.tell("1", *TALKED, "1", *TALKED)
    assert len(told.of(LegStarted)) == 3
    assert told.call.asking is Asking.LAST
    assert "That was the last one." in heard(told)
    assert told.hooks == 2 + 1 + 3 * 4 - 1


def test_a_break_promises_a_ring_in_a_quarter_of_an_hour() -> None:
    told = shift("1", "1", *TALKED, "2")
    assert told.of(RingBackAsked) == [RingBackAsked(after_seconds=900)]
    assert heard(told) == "We ring you in 15 minutes. Goodbye."
    assert told.call.ending is Ending.RING_BACK


def test_three_finishes_kindly() -> None:
    told = shift("1", "1", *TALKED, "3")
    assert "Thank you for calling." in heard(told)
    assert told.call.ending is Ending.FINISHED


def test_the_next_one_is_whose_offices_are_free_and_the_other_comes_later() -> None:
    told = shift("1", "1", CONNECTED, "1")
    told.offices = full("S000001")
    told.tell("2")
    assert "Next: Senator Pat Birch." in heard(told)
    told.offices = {}
    told.tell("1", *TALKED)
    assert "Next: Senator Pat Ash." in heard(told)


def test_when_nobody_is_free_the_wait_is_said_and_a_ring_offered() -> None:
    told = shift("1", "1", CONNECTED, "1")
    told.offices = full("S000001", "S000002")
    told.tell("2")
    assert told.call.asking is Asking.RING_BACK
    assert "The wait is about a minute." in heard(told)
    assert told.tell("1").of(RingBackAsked)


def test_the_wait_is_until_the_first_office_is_surely_free() -> None:
    told = shift("1", "1", CONNECTED, "1")
    told.offices = full("S000001", "S000002") | {
        "S000001_rome": OfficeState(free=False, free_in=130),
        "S000002_washington": OfficeState(free=False, free_in=170),
    }
    told.tell("2")
    assert "The wait is about 3 minutes." in heard(told)
    assert told.tell("1").of(RingBackAsked) == [RingBackAsked(after_seconds=130)]


def test_another_campaign_is_named_and_the_line_is_passed_on() -> None:
    told = shift("1", "#", "#", "#", more=True)
    assert "Next: Clean water. To go on, press 1." in heard(told)
    told.tell("1")
    assert (told.call.stage, told.call.passed_on) == (Stage.ENDED, "water")
    assert told.of(CallEnded)
    assert speak(told.call, told.campaign, organization=LEAGUE) == (HangUp(),)


@pytest.mark.parametrize(
    ("language", "why", "words"),
    [
        ("en", "turn_spent_today", "We have made all the calls that we can for today."),
        ("es", "turn_spent_today", "Por hoy ya hicimos todas las llamadas que podíamos."),
        ("es", "turn_spent", "Ya hicimos todas las llamadas que podíamos."),
        ("es", "turn_nobody", "Ya no queda a quién llamar por ahora."),
    ],
)
def test_where_no_campaign_follows_the_reason_is_kept_with_the_call(
    language: str, why: str, words: str
) -> None:
    told = shift("1", "#", "#", "#", "1", more=True, language=language)
    closed = not_passed_on(told.call, why)
    assert (closed.stage, closed.passed_on) == (Stage.ENDED, "water")
    goodbye = replace(closed, stage=Stage.OFFERING, asking=Asking.LAST)
    said = speak(goodbye, told.campaign, organization=LEAGUE)
    assert [one.text for one in said if isinstance(one, Say)][1] == words
    assert not [one for one in said if isinstance(one, Ask)]
    assert said[-1] == HangUp()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_pause_takes_less_than_ten_seconds(language: str) -> None:
    told = shift("1", "1", *TALKED, language=language)
    asks = [
        one for one in speak(told.call, told.campaign, organization=LEAGUE) if isinstance(one, Ask)
    ]
    assert all(seconds_to_say(" ".join(say.text for say in one.say)) < 10 for one in asks)
