"""Values to XML and back."""

from __future__ import annotations

import inspect
from dataclasses import fields

import pytest
from hypothesis import given
from twilio.twiml.voice_response import Dial, VoiceResponse

import twiml
from tests.twiml.strategies import responses
from twiml.names import CONTENT, NODES


@given(responses)
def test_a_document_read_back_is_the_value_it_was_written_from(response: twiml.Response) -> None:
    assert twiml.parse(twiml.render(response)) == response
    assert twiml.parse(twiml.render(response).encode()) == response


@pytest.mark.slow
@given(responses)
def test_the_same_value_is_always_written_the_same(response: twiml.Response) -> None:
    assert twiml.render(response) == twiml.render(response)


def test_a_gather_is_written_as_twilio_documents_it() -> None:
    response = twiml.Response(
        (
            twiml.Gather(
                (twiml.Say("Press 1 & wait", voice="Polly.Joanna-Neural", language="en-US"),),
                action="/voice/t/1?a=1&b=2",
                num_digits=1,
                finish_on_key="",
                timeout=6,
                action_on_empty_result=True,
            ),
        )
    )
    assert twiml.render(response) == (
        '<?xml version="1.0" encoding="UTF-8"?><Response>'
        '<Gather action="/voice/t/1?a=1&amp;b=2" actionOnEmptyResult="true" finishOnKey=""'
        ' numDigits="1" timeout="6"><Say language="en-US" voice="Polly.Joanna-Neural">'
        "Press 1 &amp; wait</Say></Gather></Response>"
    )


def test_number_events_are_separated_by_spaces() -> None:
    number = twiml.Number("+12025550100", status_callback_event=("answered", "completed"))
    text = twiml.render(twiml.Response((twiml.Dial((number,), hangup_on_star=True),)))
    assert '<Dial hangupOnStar="true">' in text
    assert '<Number statusCallbackEvent="answered completed">+12025550100</Number>' in text


def test_an_empty_document_is_a_bare_response() -> None:
    assert twiml.render(twiml.Response(())).endswith("<Response />")


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1b", "\uffff", "\ud800"])
def test_a_character_that_xml_cannot_carry_is_refused(character: str) -> None:
    with pytest.raises(twiml.TwimlError) as caught:
        twiml.render(twiml.Response((twiml.Say(f"a{character}b"),)))
    assert [problem.code for problem in caught.value.problems] == [12100]


def test_line_breaks_in_texts_survive() -> None:
    response = twiml.Response((twiml.Say("one\ntwo\tthree"),))
    assert twiml.parse(twiml.render(response)) == response


@pytest.mark.parametrize("node", NODES)
def test_every_field_is_one_that_twilios_own_builder_takes(node: type) -> None:
    builder = Dial.number if node is twiml.Number else getattr(VoiceResponse, node.__name__.lower())
    known = set(inspect.signature(builder).parameters)
    assert {field.name for field in fields(node)} - {CONTENT.get(node)} <= known
