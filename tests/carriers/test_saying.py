"""Instructions as TwiML, compared as values."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import twiml
from callbridge.carriers.addresses import Addresses
from callbridge.carriers.saying import Speaker, acknowledgement
from callbridge.domain.campaign import CallerId
from callbridge.domain.instructions import Ask, Bridge, HangUp, Instruction, Say
from callbridge.domain.telephony import Hook
from tests.carriers.playback import NUMBER, SUPPORTER

PUBLIC = "https://calls.example.org"
STEP = f"{PUBLIC}/voice/opaque/7#rc=3&rp=ct,rt,5xx"
STATUS = f"{PUBLIC}/voice/opaque/status#rc=3&rp=ct,rt,5xx"
VOICES = {"en": "Polly.Joanna-Neural", "es": "Polly.Lupe-Neural"}
CAMPAIGN_NUMBER = "+12025550177"
OFFICE = "+12025550190"
HOOK = Hook(sid="CA1", parent_sid=None, from_=NUMBER, to=SUPPORTER, status=None)
SPEAKER = Speaker(addresses=Addresses(public_url=PUBLIC), voices=VOICES, number=NUMBER)


def said(*instructions: Instruction, hook: Hook = HOOK) -> tuple[twiml.Verb, ...]:
    """Return the verbs of the reply, which must be a document without any problem."""
    reply = SPEAKER.reply(instructions, hook=hook, token="opaque", step=7)
    assert reply.content_type.startswith("text/xml")
    response = twiml.parse(reply.body)
    assert twiml.check(response) == ()
    return response.verbs


def spoken(text: str, **changes: str) -> Say:
    return Say(text=text, language=changes.get("language", "en"), audio=changes.get("audio"))


def english(text: str) -> twiml.Say:
    return twiml.Say(text, voice="Polly.Joanna-Neural", language="en-US")


def test_words_are_spoken_in_the_voice_of_their_language() -> None:
    assert said(spoken("Hello.")) == (english("Hello."),)
    spanish = twiml.Say("Hola.", voice="Polly.Lupe-Neural", language="es-US")
    assert said(spoken("Hola.", language="es")) == (spanish,)


def test_a_language_without_a_voice_of_its_own_is_still_named() -> None:
    assert said(spoken("Bonjour.", language="fr")) == (twiml.Say("Bonjour.", language="fr"),)


def test_a_recorded_prompt_is_played_instead() -> None:
    verbs = said(spoken("Hello.", audio="audio/greeting one.mp3"))
    assert verbs == (twiml.Play(f"{PUBLIC}/media/opaque/audio/greeting%20one.mp3"),)


def test_recordings_may_be_served_from_elsewhere() -> None:
    addresses = Addresses(public_url=PUBLIC, media="https://media.example.org/prompts")
    speaker = Speaker(addresses=addresses, voices=VOICES, number=NUMBER)
    reply = speaker.reply([spoken("", audio="a.mp3")], hook=HOOK, token="opaque", step=7)
    assert b"https://media.example.org/prompts/opaque/a.mp3" in reply.body


def test_one_key_is_asked_for_without_a_key_that_ends_the_entry() -> None:
    assert said(Ask(say=(spoken("To go on, press 1."),), digits=1, seconds=6)) == (
        twiml.Gather(
            (english("To go on, press 1."),),
            action=STEP,
            num_digits=1,
            finish_on_key="",
            timeout=6,
        ),
    )


def test_a_zip_is_asked_for_with_pound_and_reports_silence() -> None:
    ask = Ask(say=(spoken("Your ZIP."),), digits=5, seconds=6, finish_on="#", report_silence=True)
    assert said(ask) == (
        twiml.Gather(
            (english("Your ZIP."),),
            action=STEP,
            num_digits=5,
            finish_on_key="#",
            timeout=6,
            action_on_empty_result=True,
        ),
    )


def test_a_bridge_is_dialled_with_star_and_reported() -> None:
    bridge = Bridge(phone=OFFICE, show=CallerId.CAMPAIGN, seconds=900, ring=25)
    assert said(spoken("Connecting you."), bridge) == (
        english("Connecting you."),
        twiml.Dial(
            (
                twiml.Number(
                    OFFICE,
                    status_callback=STATUS,
                    status_callback_event=("answered", "completed"),
                ),
            ),
            action=STEP,
            timeout=25,
            time_limit=900,
            caller_id=NUMBER,
            hangup_on_star=True,
        ),
    )


def shown(show: CallerId, *, from_: str, to: str, inbound: bool) -> str | None:
    hook = Hook(sid="CA1", parent_sid=None, from_=from_, to=to, status=None, inbound=inbound)
    (dial,) = said(Bridge(phone=OFFICE, show=show, seconds=60), hook=hook)
    assert isinstance(dial, twiml.Dial)
    return dial.caller_id


@pytest.mark.parametrize(
    ("show", "from_", "to", "inbound", "number"),
    [
        (CallerId.CAMPAIGN, NUMBER, SUPPORTER, False, NUMBER),
        (CallerId.CAMPAIGN, CAMPAIGN_NUMBER, SUPPORTER, False, CAMPAIGN_NUMBER),
        (CallerId.CAMPAIGN, SUPPORTER, CAMPAIGN_NUMBER, True, CAMPAIGN_NUMBER),
        (CallerId.CAMPAIGN, "", SUPPORTER, False, NUMBER),
        (CallerId.SUPPORTER, NUMBER, SUPPORTER, False, SUPPORTER),
        (CallerId.SUPPORTER, SUPPORTER, CAMPAIGN_NUMBER, True, SUPPORTER),
        (CallerId.SUPPORTER, "anonymous", CAMPAIGN_NUMBER, True, CAMPAIGN_NUMBER),
        (CallerId.SUPPORTER, "", CAMPAIGN_NUMBER, True, CAMPAIGN_NUMBER),
        (CallerId.SUPPORTER, "+442079460000", CAMPAIGN_NUMBER, True, CAMPAIGN_NUMBER),
        (CallerId.SUPPORTER, "+266696687", CAMPAIGN_NUMBER, True, CAMPAIGN_NUMBER),
    ],
)
def test_the_office_sees_the_number_that_the_campaign_chose_or_may_show(
    show: CallerId, from_: str, to: str, inbound: bool, number: str
) -> None:
    assert shown(show, from_=from_, to=to, inbound=inbound) == number


def test_a_very_short_ring_is_as_short_as_the_carrier_allows() -> None:
    (dial,) = said(Bridge(phone=OFFICE, show=CallerId.CAMPAIGN, seconds=60, ring=1))
    assert isinstance(dial, twiml.Dial)
    assert dial.timeout == 5


def test_hanging_up_and_saying_nothing_are_documents_too() -> None:
    assert said(HangUp()) == (twiml.Hangup(),)
    assert said() == ()


def test_an_empty_text_says_nothing_rather_than_an_error() -> None:
    assert said(spoken("  \n "), Ask(say=(spoken(""),))) == (
        twiml.Gather((), action=STEP, num_digits=1, finish_on_key="", timeout=6),
    )


@pytest.mark.parametrize("inside", [False, True])
def test_a_text_over_the_voices_limit_is_said_in_pieces(inside: bool) -> None:
    text = " ".join(f"This is sentence number {n}, and it is not short." for n in range(150))
    assert len(text) > 6000
    verbs = said(Ask(say=(spoken(text),)) if inside else spoken(text))
    if inside:
        (gather,) = verbs
        assert isinstance(gather, twiml.Gather)
        verbs = gather.children
    texts = [verb.text for verb in verbs if isinstance(verb, twiml.Say)]
    assert len(texts) == 3
    assert all(len(piece) <= 3000 and piece.endswith("short.") for piece in texts)
    assert " ".join(texts) == text


@given(st.text(max_size=400))
@example("\x1f\x00 \u200b")
@example("one\r\n\u2028two\ud800")
def test_any_text_whatever_makes_a_document_that_the_carrier_accepts(text: str) -> None:
    said(spoken(text), Ask(say=(spoken(text),)), HangUp())


@given(st.lists(st.text(max_size=60), max_size=4), st.integers(0, 999))
def test_the_same_instructions_and_step_give_the_same_bytes(texts: list[str], step: int) -> None:
    instructions = [spoken(text) for text in texts]
    once, again = (
        SPEAKER.reply(instructions, hook=HOOK, token="opaque", step=step) for _ in range(2)
    )
    assert once == again


def test_no_phone_number_stands_in_any_address() -> None:
    reply = SPEAKER.reply(
        [
            Ask(say=(spoken("a", audio="a.mp3"),)),
            Bridge(phone=OFFICE, show=CallerId.SUPPORTER, seconds=60),
        ],
        hook=HOOK,
        token="opaque",
        step=7,
    )
    addresses = [part for part in reply.body.decode().split('"') if part.startswith("http")]
    assert len(addresses) >= 3
    assert not [address for address in addresses if "555" in address]


def test_a_fault_is_answered_with_words_and_the_end() -> None:
    reply = SPEAKER.sorry("Sorry, something went wrong.", language="en")
    assert twiml.parse(reply.body) == twiml.Response(
        (english("Sorry, something went wrong."), twiml.Hangup())
    )


def test_a_status_callback_is_answered_with_an_empty_document() -> None:
    assert twiml.parse(acknowledgement().body) == twiml.Response(())
