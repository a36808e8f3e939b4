"""Values to XML through twilio's own builder; checks only that XML can carry the text."""

from __future__ import annotations

import re
from typing import Any

from twilio.twiml.voice_response import VoiceResponse

from twiml.problems import Code, Problem, TwimlError
from twiml.verbs import (
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Redirect,
    Reject,
    Response,
    Say,
    Verb,
)

# What no XML 1.0 document can hold, escaped or not (XML 1.0, production 2). The writer turns a
# lone surrogate (55296 to 57343) into a character reference; it makes no other of five digits.
UNCARRIABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#5[5-7][0-9]{3};")


def render(response: Response) -> str:
    """Write the document, XML declaration included; equal values give equal text.

    Raises TwimlError (12100) where a text holds a control character that XML cannot carry.
    """
    document = VoiceResponse()
    for verb in response.verbs:
        _add(document, verb)
    text: str = document.to_xml()
    # Control characters are never printable, and isprintable is far faster than the pattern;
    # most documents take this way out.
    if "&#5" in text or not text.isprintable():
        _refuse_uncarriable(text)
    return text


def _refuse_uncarriable(text: str) -> None:
    if found := UNCARRIABLE.search(text):
        message = f"XML cannot carry the character {found.group()!r} at {found.start()}"
        raise TwimlError(Problem(Code.NOT_XML, message, "Response"))


def _add(parent: Any, verb: Verb) -> None:
    match verb:
        case Say():
            parent.say(verb.text, voice=verb.voice, language=verb.language, loop=verb.loop)
        case Gather():
            _add_gather(parent, verb)
        case Dial():
            _add_dial(parent, verb)
        case Play():
            parent.play(verb.url, loop=verb.loop, digits=verb.digits)
        case Pause():
            parent.pause(length=verb.length)
        case Redirect():
            parent.redirect(verb.url, method=verb.method)
        case Hangup():
            parent.hangup()
        case Reject():
            parent.reject(reason=verb.reason)


def _add_gather(parent: Any, verb: Gather) -> None:
    gather = parent.gather(
        action=verb.action,
        method=verb.method,
        input=verb.input,
        num_digits=verb.num_digits,
        finish_on_key=verb.finish_on_key,
        timeout=verb.timeout,
        action_on_empty_result=verb.action_on_empty_result,
        barge_in=verb.barge_in,
        language=verb.language,
        hints=verb.hints,
        speech_timeout=verb.speech_timeout,
        speech_model=verb.speech_model,
        profanity_filter=verb.profanity_filter,
    )
    for child in verb.children:
        _add(gather, child)


def _add_dial(parent: Any, verb: Dial) -> None:
    dial = parent.dial(
        action=verb.action,
        method=verb.method,
        timeout=verb.timeout,
        time_limit=verb.time_limit,
        caller_id=verb.caller_id,
        hangup_on_star=verb.hangup_on_star,
        answer_on_bridge=verb.answer_on_bridge,
        record=verb.record,
        ring_tone=verb.ring_tone,
        sequential=verb.sequential,
    )
    for number in verb.numbers:
        _add_number(dial, number)


def _add_number(dial: Any, number: Number) -> None:
    events = number.status_callback_event
    dial.number(
        number.phone,
        url=number.url,
        method=number.method,
        send_digits=number.send_digits,
        status_callback=number.status_callback,
        status_callback_event=None if events is None else " ".join(events),
        status_callback_method=number.status_callback_method,
    )
