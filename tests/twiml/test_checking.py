"""What the carrier would object to."""

from __future__ import annotations

import pytest
from hypothesis import given

import twiml
from tests.twiml.strategies import responses

NUMBER = twiml.Number("+12025550100")


def codes(*verbs: twiml.Verb) -> list[int]:
    return [int(problem.code) for problem in twiml.check(twiml.Response(verbs))]


@given(responses)
def test_a_valid_document_has_no_problem(response: twiml.Response) -> None:
    assert twiml.check(response) == ()


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        (twiml.Say(""), 13520),
        (twiml.Say(" \n"), 13520),
        (twiml.Say("a" * 4097), 13521),
        (twiml.Say("a" * 3001, voice="Polly.Joanna"), 13521),
        (twiml.Say("a" * 5001, voice="Google.en-US-Standard-A"), 13521),
        (twiml.Say("é" * 751), 13521),
        (twiml.Say("a", voice="Darth"), 13511),
        (twiml.Say("a", loop=-1), 13510),
        (twiml.Say("a", language="English"), 12200),
        (twiml.Play(""), 13420),
        (twiml.Play("https://media.example/a.wav", loop=-1), 13410),
        (twiml.Play("", digits="call me"), 13420),
        (twiml.Play("ftp://media.example/a"), 11100),
        (twiml.Pause(length=0), 13910),
        (twiml.Gather(finish_on_key="12"), 13310),
        (twiml.Gather(finish_on_key="a"), 13310),
        (twiml.Gather(method="PUT"), 13312),
        (twiml.Gather(timeout=0), 13313),
        (twiml.Gather(num_digits=0), 13314),
        (twiml.Gather(input="keys"), 12200),
        (twiml.Gather(action="javascript:alert(1)"), 11100),
        (twiml.Gather(action="/a b"), 11100),
        (twiml.Gather(action="https://[half/"), 11100),
        (twiml.Gather((twiml.Say(""),)), 13520),
        (twiml.Gather((twiml.Hangup(),)), 12200),
        (twiml.Dial(()), 13215),
        (twiml.Dial((NUMBER,) * 11), 13215),
        (twiml.Dial((twiml.Say("a"),)), 13215),
        (twiml.Dial((NUMBER,), method="HEAD"), 13210),
        (twiml.Dial((NUMBER,), timeout=4), 13212),
        (twiml.Dial((NUMBER,), timeout=601), 13212),
        (twiml.Dial((NUMBER,), caller_id="anonymous"), 13214),
        (twiml.Dial((NUMBER,), time_limit=0), 13216),
        (twiml.Dial((NUMBER,), record="yes"), 13217),
        (twiml.Dial((NUMBER,), ring_tone="loud"), 13220),
        (twiml.Dial((twiml.Number("202-555-0100"),)), 13223),
        (twiml.Dial((twiml.Number("+12025550100", send_digits="x"),)), 13222),
        (twiml.Dial((twiml.Number("+12025550100", method="get"),)), 13210),
        (twiml.Dial((twiml.Number("+12025550100", status_callback_event=("done",)),)), 12200),
        (twiml.Dial((twiml.Number("+12025550100", status_callback="http://a_b.example/"),)), 11100),
        (twiml.Redirect(""), 11100),
        (twiml.Redirect("/x", method="PATCH"), 13710),
        (twiml.Reject(reason="rude"), 12200),
        (twiml.Say("a\x00b"), 12100),
        (NUMBER, 12200),
    ],
)  # fmt: skip
def test_one_wrong_thing_is_one_problem_with_the_carriers_code(verb: twiml.Verb, code: int) -> None:
    assert codes(verb) == [code]


@pytest.mark.parametrize(
    "last",
    [
        twiml.Dial((NUMBER,), action="/next"),
        twiml.Redirect("/next"),
        twiml.Hangup(),
        twiml.Gather(action_on_empty_result=True),
        twiml.Say("for ever", loop=0),
    ],
)
def test_a_verb_that_is_never_reached_is_a_problem(last: twiml.Verb) -> None:
    assert codes(last, twiml.Say("unheard")) == [12200]
    assert codes(twiml.Say("heard"), last) == []


def test_verbs_after_a_dial_without_action_are_reached() -> None:
    assert codes(twiml.Dial((NUMBER,)), twiml.Say("welcome back")) == []


def test_reject_comes_first_or_not_at_all() -> None:
    assert codes(twiml.Say("hello"), twiml.Reject()) == [12200]


def test_a_document_over_64_kilobytes_is_a_problem() -> None:
    assert codes(*[twiml.Say("a" * 4000)] * 17) == [11750]


def test_where_names_the_place() -> None:
    found = twiml.check(twiml.Response((twiml.Hangup(), twiml.Gather((twiml.Say(""),)))))
    assert [problem.where for problem in found] == ["Gather[2]/Say[1]", "Gather[2]"]
