"""The preview of a conversation: every branch, each once, with its seconds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from callbridge.domain.call import Asking, Door, Stage
from callbridge.domain.campaign import Branch, Campaign, LocalTarget, Pick, Wording
from callbridge.domain.congress import Office
from callbridge.domain.events import OfficeState
from callbridge.domain.preview import Preview, Turn, When, preview
from callbridge.domain.prompts import placeholders_in
from callbridge.domain.spoken import seconds_to_say
from tests.domain.world import CAMPAIGN, ENGLISH, LEAGUE, PLACES, SENATE_ONLY, world

ATTORNEY = replace(
    SENATE_ONLY,
    languages={
        "en": replace(
            ENGLISH,
            purpose="your senators about the Attorney General",
            script=replace(ENGLISH.script, replies={}),
        )
    },
)


@cache
def reform(zip_code: str, language: str = "en", door: Door = Door.PAGE) -> Preview:
    return preview(CAMPAIGN, world(zip_code), organization=LEAGUE, language=language, door=door)


def seen(campaign: Campaign = CAMPAIGN, zip_code: str = "30161") -> Preview:
    if campaign is CAMPAIGN:
        return reform(zip_code)
    return preview(campaign, world(zip_code), organization=LEAGUE)


def words(turn: Turn) -> str:
    return " ".join(piece.text for piece in turn.heard)


def everything(shown: Preview) -> str:
    return " ".join(words(turn) for turn in shown.turns)


def test_the_lengths_are_those_of_the_written_conversation() -> None:
    shown = seen(ATTORNEY)
    assert shown.greeting_seconds == 12.0
    assert shown.dialling_seconds == 9.2
    assert shown.whole_seconds > 60


@pytest.mark.slow
@pytest.mark.parametrize("zip_code", [place.zip for place in PLACES.values() if not place.reason])
@pytest.mark.parametrize(("language", "door"), [("en", Door.PAGE), ("es", Door.CALL_IN)])
def test_every_turn_is_reached_and_every_way_leads_to_a_turn(
    zip_code: str, language: str, door: Door
) -> None:
    shown = reform(zip_code, language, door)
    numbers = [turn.number for turn in shown.turns]
    assert numbers == list(range(1, len(numbers) + 1))
    reached = {1} | {way.to for turn in shown.turns for way in turn.ways}
    assert reached == set(numbers)


@pytest.mark.slow
@pytest.mark.parametrize("zip_code", [place.zip for place in PLACES.values() if not place.reason])
def test_no_placeholder_is_left_in_what_is_heard(zip_code: str) -> None:
    assert not placeholders_in(everything(seen(CAMPAIGN, zip_code)))


def test_no_turn_is_shown_twice() -> None:
    turns = [replace(turn, number=0, ways=()) for turn in seen(ATTORNEY).turns]
    briefings = [turn for turn in turns if turn.stage is Stage.BRIEFING]
    assert len(briefings) == len(set(briefings))


def test_every_reply_of_the_script_is_heard_by_its_key() -> None:
    shown = seen()
    briefing = next(turn for turn in shown.turns if turn.asking is Asking.CONNECT)
    replies = {way.by: shown.turns[way.to - 1] for way in briefing.ways if way.by in "234"}
    script = CAMPAIGN.wording().script
    assert "Thank you for that." in words(replies["2"])
    assert script.replies[Branch.OPPOSE] in words(replies["3"])
    assert "Please ask she." in words(replies["4"])


def test_every_option_of_the_survey_leads_on() -> None:
    shown = seen()
    asked = [turn for turn in shown.turns if turn.stage is Stage.SURVEYING]
    assert {frozenset("12345"), frozenset("2345")} == {
        frozenset(way.by for way in turn.ways if way.by in "12345678") for turn in asked
    }
    said = everything(shown)
    for answer in ("talked with someone, opposes it", "mailbox full", "wrong number"):
        assert f"You said: {answer}." in said


def test_every_end_of_a_bridge_is_followed() -> None:
    shown = seen()
    bridges = [turn for turn in shown.turns if turn.dials]
    assert bridges
    for turn in bridges:
        assert turn.stage is Stage.BRIDGING
        assert [way.by for way in turn.ways] == ["connected", "busy", "no-answer", "failed"]
    said = everything(shown)
    assert "The Washington line is busy." in said
    assert "The Rome number did not connect." in said


def test_the_opt_out_is_shown_once_after_the_greeting_and_once_later() -> None:
    said = [turn for turn in seen().turns if "For no more calls from us" in words(turn)]
    assert len(said) == 1
    assert [way.by for way in said[0].ways] == ["1", "9"]


def test_a_split_zip_shows_the_menu_of_members() -> None:
    turn = next(turn for turn in seen(CAMPAIGN, "30120").turns if turn.asking is Asking.DISTRICT)
    assert {"1", "2", "0"} <= {way.by for way in turn.ways}


def test_a_call_in_keys_its_zip() -> None:
    turns = reform("30161", door=Door.CALL_IN).turns
    asked = next(turn for turn in turns if turn.asking is Asking.ZIP)
    after = turns[next(way.to for way in asked.ways if way.by == "30161") - 1]
    assert words(after).startswith("3 0 1 6 1, Rome.")
    assert any("We ring you in a minute." in words(turn) for turn in turns)


def test_pieces_say_when_they_are_heard() -> None:
    greeting = seen().turns[0]
    assert [piece.when for piece in greeting.heard] == [When.MENU, When.SILENCE]
    for piece in greeting.heard:
        assert piece.seconds == pytest.approx(seconds_to_say(piece.text), abs=0.05)
    read_back = next(turn for turn in seen().turns if "You said:" in words(turn))
    assert [piece.when for piece in read_back.heard][:3] == [When.ALWAYS, When.MENU, When.MENU]


def test_the_last_turn_has_no_way_on_unless_an_answer_can_be_changed() -> None:
    last = [turn for turn in seen().turns if turn.asking is Asking.LAST]
    assert last
    for turn in last:
        assert [way.by for way in turn.ways] == (["*"] if "You said" in words(turn) else [])


def test_a_closed_office_is_said_to_be_closed() -> None:
    closed = OfficeState(open=False)
    shown = preview(SENATE_ONLY, world("30161", S000001_washington=closed), organization=LEAGUE)
    assert "The office is closed now." in everything(shown)


def test_a_local_campaign_needs_no_zip() -> None:
    office = Office(id="a-1", city="City Hall", phone="+15155550101", zone="America/Chicago")
    local = (LocalTarget(id="a", name="Ada Ruiz", title="Mayor", offices=(office,)),)
    campaign = replace(CAMPAIGN, order=(Pick.LOCAL,), local=local)
    shown = preview(campaign, world(), organization=LEAGUE)
    assert {turn.dials for turn in shown.turns} == {None, "+15155550101"}
    assert shown.dialling_seconds is not None


def test_a_campaign_that_asks_nothing_has_no_questions() -> None:
    silent: Wording = replace(ENGLISH, survey=replace(ENGLISH.survey, questions=()))
    shown = seen(replace(SENATE_ONLY, languages={"en": silent}))
    assert not [turn for turn in shown.turns if turn.stage is Stage.SURVEYING]


@pytest.mark.slow
def test_what_the_shortest_way_costs_is_never_more_than_the_whole() -> None:
    for zip_code in ("30161", "30120", "30165", "30162"):
        shown = seen(CAMPAIGN, zip_code)
        assert shown.dialling_seconds is not None
        assert shown.dialling_seconds < shown.whole_seconds
