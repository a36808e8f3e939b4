"""Reading documents, other people's and hostile ones included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import twiml

NUMBER = twiml.Number("+12025550100")


def codes(problems: tuple[twiml.Problem, ...]) -> list[int]:
    return [int(problem.code) for problem in problems]


def refused(body: bytes | str) -> list[int]:
    with pytest.raises(twiml.TwimlError) as caught:
        twiml.parse_leniently(body)
    return codes(caught.value.problems)


def test_a_pretty_printed_document_is_read() -> None:
    body = b"""<?xml version="1.0" encoding="UTF-8"?>
    <Response>
        <!-- a comment -->
        <Say voice="alice">Hello</Say>
        <Play> https://media.example/a.wav </Play>
        <Redirect method="GET"> /next </Redirect>
    </Response>"""
    assert twiml.parse(body) == twiml.Response(
        (
            twiml.Say("Hello", voice="alice"),
            twiml.Play("https://media.example/a.wav"),
            twiml.Redirect("/next", method="GET"),
        )
    )


def test_a_bare_number_in_dial_is_a_number() -> None:
    parsed = twiml.parse("<Response><Dial timeout='20'> +12025550100 </Dial></Response>")
    assert parsed == twiml.Response((twiml.Dial((twiml.Number("+12025550100"),), timeout=20),))


def test_another_encoding_is_read() -> None:
    body = '<?xml version="1.0" encoding="ISO-8859-1"?><Response><Say>adiós</Say></Response>'
    assert twiml.parse(body.encode("latin-1")).verbs == (twiml.Say("adiós"),)


@pytest.mark.parametrize("body", [b"", "", b"  \n"])
def test_an_empty_body_is_11770(body: bytes | str) -> None:
    assert refused(body) == [11770]


def test_a_body_over_64_kilobytes_is_11750() -> None:
    assert refused(f"<Response><Say>{'a' * 65536}</Say></Response>") == [11750]


@pytest.mark.parametrize(
    "body",
    [
        b"<Response><Say>half",
        b"Hello",
        b"<html><body>Oops</body></html>",
        b'  <?xml version="1.0"?><Response/>',
        b"<response/>",
        b"<Response/><Response/>",
        b'<?xml version="1.0" encoding="klingon"?><Response/>',
        b"<Response><Say>\xff\xfe</Say></Response>",
        "<Response><Say>\ud800</Say></Response>",
        b"<Response><Say>&unheard;</Say></Response>",
    ],
)
def test_what_is_no_twiml_is_12100(body: bytes | str) -> None:
    assert refused(body) == [12100]


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Response><Say>&b;</Say></Response>',
        '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><Response><Say>&f;</Say></Response>',
        '<!DOCTYPE Response SYSTEM "http://127.0.0.1:9/evil.dtd"><Response/>',
        "<!DOCTYPE Response><Response/>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_any_entity_is_read(body: str, encoding: str) -> None:
    assert refused(body.encode(encoding)) == [12100]


@pytest.mark.parametrize(
    ("body", "verbs"),
    [
        ("<Fax>1</Fax><Hangup/>", (twiml.Hangup(),)),
        ("<say>no</say><Hangup/>", (twiml.Hangup(),)),
        ('<Hangup reason="x"/>', (twiml.Hangup(),)),
        ("<Hangup>now</Hangup>", (twiml.Hangup(),)),
        ("words<Hangup/>", (twiml.Hangup(),)),
        ("<Hangup/>words", (twiml.Hangup(),)),
        ("<Gather><Hangup/><Say>a</Say></Gather>", (twiml.Gather((twiml.Say("a"),)),)),
        ("<Dial><Client>x</Client></Dial>", (twiml.Dial(()),)),
        ('<Gather numDigits="many"/>', (twiml.Gather(),)),
        ('<Gather timeout="-1"/>', (twiml.Gather(),)),
        ('<Dial hangupOnStar="yes">+12025550100</Dial>', (twiml.Dial((NUMBER,)),)),
        ('<Say>a <break time="1s"/>b</Say>', (twiml.Say("a b"),)),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_skipped_with_a_warning_and_the_rest_runs(
    body: str, verbs: tuple[twiml.Verb, ...]
) -> None:
    document = f"<Response>{body}</Response>"
    response, problems = twiml.parse_leniently(document)
    assert response.verbs == verbs
    assert codes(problems) == [12200]
    with pytest.raises(twiml.TwimlError) as caught:
        twiml.parse(document)
    assert caught.value.problems == problems


def test_an_attribute_on_response_is_a_warning() -> None:
    response, problems = twiml.parse_leniently('<Response version="2"/>')
    assert response == twiml.Response(())
    assert codes(problems) == [12200]


def test_ten_thousand_nested_elements_are_a_warning_not_a_crash() -> None:
    depth = 7000
    body = "<Response>" + "<a>" * depth + "</a>" * depth + "</Response>"
    assert twiml.parse_leniently(body)[0] == twiml.Response(())


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_body_whatever_raises_anything_but_a_twiml_error(body: bytes | str) -> None:
    with pytest.raises(twiml.TwimlError):
        twiml.parse(body)
