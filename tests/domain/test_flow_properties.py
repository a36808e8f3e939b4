"""What holds for every conversation whatever is pressed, repeated or late."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from callbridge.domain.call import Call, Door, Shift, Stage
from callbridge.domain.events import Event
from callbridge.domain.facts import AnswerGiven, CallEnded, LegEnded, LegStarted, LegWithdrawn
from callbridge.domain.flow import speak
from callbridge.domain.instructions import Ask, Bridge, HangUp, Say
from callbridge.domain.prompts import PROMPTS, placeholders_in
from callbridge.domain.spoken import seconds_to_say
from tests.domain.table import EVENTS
from tests.domain.world import CAMPAIGN, HOUSE_ONLY, LEAGUE, MORE, PLACES, SENATE_ONLY, Telling

tellings = st.builds(
    Telling,
    campaign=st.sampled_from([CAMPAIGN, SENATE_ONLY, HOUSE_ONLY]),
    zip_code=st.sampled_from([None, *PLACES]),
    language=st.sampled_from(["en", "es"]),
    door=st.sampled_from([Door.PAGE, Door.CALL_IN, Door.DRIVE]),
    ringable=st.booleans(),
    slot=st.sampled_from([(), (1,), (0, 1, 2, 3, 4)]),
    shift=st.sampled_from([None, Shift(), MORE]),
)
# Keys that lead on are drawn more often, so that long calls are told too.
events = st.one_of(
    st.sampled_from([EVENTS[name] for name in ("1", "1", "2", "5", "*", "bridge: connected")]),
    st.sampled_from(list(EVENTS.values())),
)


def says(call: Call, told: Telling) -> list[Say]:
    found: list[Say] = []
    for instruction in speak(call, told.campaign, organization=LEAGUE):
        match instruction:
            case Say():
                found.append(instruction)
            case Ask(say=say):
                found += say
            case _:
                pass
    return found


@settings(max_examples=300)
@given(told=tellings, story=st.lists(events, max_size=40))
def test_every_conversation_can_be_spoken_and_ends(told: Telling, story: list[Event]) -> None:
    told.tell(EVENTS["answered"])
    for event in story:
        before = told.call
        told.tell(event)
        assert told.call.step in {before.step, before.step + 1}
        instructions = speak(told.call, told.campaign, organization=LEAGUE)
        assert instructions == speak(told.call, told.campaign, organization=LEAGUE)
        last = instructions[-1]
        assert isinstance(last, HangUp | Bridge) or (isinstance(last, Ask) and last.report_silence)
        for say in says(told.call, told):
            assert say.text.strip()
            assert not re.search(r"\{\w+\}", say.text), say.text
        if before.stage is Stage.ENDED:
            assert told.call.stage is Stage.ENDED


@settings(max_examples=300)
@given(told=tellings, story=st.lists(events, max_size=40))
def test_facts_add_up(told: Telling, story: list[Event]) -> None:
    told.tell(EVENTS["answered"], *story)
    started = [fact for fact in told.facts if isinstance(fact, LegStarted)]
    withdrawn = [fact for fact in told.facts if isinstance(fact, LegWithdrawn)]
    ended = [fact.leg for fact in told.facts if isinstance(fact, LegEnded)]
    assert len(started) - len(withdrawn) == len(told.call.legs)
    assert len({leg.phone for leg in told.call.legs}) == len(told.call.legs)
    assert len([fact for fact in told.facts if isinstance(fact, CallEnded)]) <= 1
    # A withdrawn leg gives its number back, so count against what stands.
    assert {leg.number for leg in told.call.legs if leg.outcome} == set(ended)
    standing = {(leg.number, a.question, a.meaning) for leg in told.call.legs for a in leg.answers}
    given_ones = {
        (fact.leg, fact.question, fact.meaning)
        for fact in told.facts
        if isinstance(fact, AnswerGiven)
    }
    assert standing <= given_ones


@settings(max_examples=200)
@given(told=tellings, story=st.lists(events, max_size=25))
def test_words_before_a_menu_are_short(told: Telling, story: list[Event]) -> None:
    told.tell(EVENTS["answered"])
    for event in story:
        told.tell(event)
        lead = [
            instruction.text
            for instruction in speak(told.call, told.campaign, organization=LEAGUE)
            if isinstance(instruction, Say)
        ][: len(told.call.lead)]
        assert all(seconds_to_say(text) <= 9 for text in lead)


def test_both_languages_have_the_same_prompts_and_placeholders() -> None:
    english, spanish = PROMPTS["en"], PROMPTS["es"]
    assert english.keys() == spanish.keys()
    for name, text in english.items():
        assert placeholders_in(text) == placeholders_in(spanish[name]), name
