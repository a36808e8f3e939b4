"""The checks Twilio makes of a document before and while it runs; changes nothing.

Limits: Twilio's reference of each verb and of the error codes named in `problems`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import UnionType
from urllib.parse import urlsplit

from twiml.parsing import LARGEST
from twiml.problems import Code, Problem, TwimlError
from twiml.rendering import render
from twiml.splitting import ENCODED_LIMIT, fits
from twiml.verbs import (
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Prompt,
    Redirect,
    Reject,
    Response,
    Say,
    Verb,
)

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MOST_NUMBERS = 10
BASIC_LIMIT, POLLY_LIMIT, GOOGLE_LIMIT = 4096, 3000, 5000
LONGEST_CALL = 24 * 3600
_VOICE = re.compile(
    r"man|woman|alice|Polly\.[A-Z][A-Za-z]+(-Neural|-Generative)?|Google\.[A-Za-z0-9_-]+"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2}|-[0-9]{3})?")
_TONES = re.compile(r"[0-9A-D*#wW]+")
_RECORD = re.compile(r"true|false|do-not-record|record-from-(answer|ringing)(-dual)?")
_RING_TONE = re.compile(r"[a-z]{2}(-old)?")
_METHODS = (None, "GET", "POST")
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})

MISPLACED = "this may not stand here"

Found = Iterator[tuple[Code, str]]


def text_limit(voice: str | None) -> int:
    """Return how many characters one Say may have in this voice."""
    if voice and voice.startswith("Polly."):
        return POLLY_LIMIT
    if voice and voice.startswith("Google."):
        return GOOGLE_LIMIT
    return BASIC_LIMIT


def check(response: Response, *, parsed: bool = False) -> tuple[Problem, ...]:
    """Return everything the carrier would object to; empty when it would run all of it.

    One that was `parsed` came in a document that was not too large and that XML could carry; any
    other is rendered to know that.
    """
    problems = _inside(response.verbs, "", allowed=Verb, code=Code.SCHEMA)
    reached = True
    for place, verb in enumerate(response.verbs, start=1):
        where = f"{type(verb).__name__}[{place}]"
        if not reached:
            problems.append(Problem(Code.SCHEMA, "this verb is never reached", where))
        if isinstance(verb, Reject) and place > 1:
            problems.append(Problem(Code.SCHEMA, "Reject must be the first verb", where))
        reached = reached and not _ends(verb)
    if not parsed and not any(problem.message == MISPLACED for problem in problems):
        problems += _document(response)
    return tuple(problems)


def _document(response: Response) -> list[Problem]:
    """Check what is sent as a whole; verbs where they may not stand cannot be rendered."""
    try:
        size = len(render(response).encode())
    except TwimlError as error:
        return list(error.problems)
    message = f"the document has {size} bytes; at most {LARGEST} are read"
    return [Problem(Code.TOO_LARGE, message, "Response")] if size > LARGEST else []


def _ends(verb: object) -> bool:
    match verb:
        case Redirect() | Hangup() | Reject():
            return True
        case Dial(action=action):
            return action is not None
        case Gather(action_on_empty_result=always):
            return always is True
        case Say(loop=0) | Play(loop=0):
            return True
        case _:
            return False


def _node(node: object, where: str) -> list[Problem]:
    """Check one verb and what stands inside it."""
    problems = [Problem(code, message, where) for code, message in _values(node)]
    match node:
        case Gather():
            problems += _inside(node.children, f"{where}/", allowed=Prompt, code=Code.SCHEMA)
        case Dial():
            problems += _inside(node.numbers, f"{where}/", allowed=Number, code=Code.DIAL_NESTED)
    return problems


def _inside(
    children: tuple[object, ...], path: str, *, allowed: type | UnionType, code: Code
) -> list[Problem]:
    problems = []
    for place, child in enumerate(children, start=1):
        where = f"{path}{type(child).__name__}[{place}]"
        if isinstance(child, allowed):
            problems += _node(child, where)
        else:
            problems.append(Problem(code, MISPLACED, where))
    return problems


def _values(node: object) -> Found:
    match node:
        case Say():
            yield from _say(node)
        case Play():
            yield from _play(node)
        case Pause():
            yield from _pause(node)
        case Gather():
            yield from _gather(node)
        case Dial():
            yield from _dial(node)
        case Number():
            yield from _number(node)
        case Redirect():
            yield from _redirect(node)
        case Reject(reason=reason) if reason not in (None, "rejected", "busy"):
            yield Code.SCHEMA, f"reason {reason!r} is neither rejected nor busy"


def _say(say: Say) -> Found:
    if not say.text.strip():
        yield Code.SAY_EMPTY, "there is nothing to say"
    limit = text_limit(say.voice)
    if not fits(say.text, limit=limit):
        yield (
            Code.SAY_TOO_LONG,
            f"{len(say.text)} characters; this voice speaks {limit}, URL-encoded {ENCODED_LIMIT}",
        )
    if say.voice is not None and not _VOICE.fullmatch(say.voice):
        yield Code.SAY_VOICE, f"voice {say.voice!r} is none of the carrier's"
    if say.loop is not None and say.loop < 0:
        yield Code.SAY_LOOP, "loop counts from 0 (for ever)"
    yield from _language(say.language)


def _play(play: Play) -> Found:
    if not play.url and not play.digits:
        yield Code.PLAY_EMPTY, "there is nothing to play"
    if play.url:
        yield from _address(play.url, "the recording")
    if play.digits is not None and not _TONES.fullmatch(play.digits):
        yield Code.PLAY_EMPTY, f"digits {play.digits!r} are no tones"
    if play.loop is not None and play.loop < 0:
        yield Code.PLAY_LOOP, "loop counts from 0 (for ever)"


def _pause(pause: Pause) -> Found:
    if pause.length is not None and pause.length < 1:
        yield Code.PAUSE_LENGTH, "a pause lasts one second or more"


def _gather(gather: Gather) -> Found:
    key = gather.finish_on_key
    if key is not None and (len(key) > 1 or key not in "0123456789*#"):
        yield Code.GATHER_FINISH_ON_KEY, f"finishOnKey {key!r} is not one key (or empty)"
    if gather.method not in _METHODS:
        yield Code.GATHER_METHOD, f"method {gather.method!r} is neither GET nor POST"
    if gather.timeout is not None and gather.timeout < 1:
        yield Code.GATHER_TIMEOUT, "timeout is one second or more"
    if gather.num_digits is not None and gather.num_digits < 1:
        yield Code.GATHER_NUM_DIGITS, "numDigits is one or more"
    if gather.input not in (None, "dtmf", "speech", "dtmf speech", "speech dtmf"):
        yield Code.SCHEMA, f"input {gather.input!r} is not dtmf, speech or both"
    yield from _language(gather.language)
    yield from _address(gather.action, "action")


def _dial(dial: Dial) -> Found:
    if not 1 <= len(dial.numbers) <= MOST_NUMBERS:
        yield Code.DIAL_NESTED, f"{len(dial.numbers)} numbers; Dial takes 1 to {MOST_NUMBERS}"
    if dial.method not in _METHODS:
        yield Code.DIAL_METHOD, f"method {dial.method!r} is neither GET nor POST"
    if dial.timeout is not None and not 5 <= dial.timeout <= 600:
        yield Code.DIAL_TIMEOUT, f"timeout {dial.timeout} is not between 5 and 600 seconds"
    if dial.time_limit is not None and not 1 <= dial.time_limit <= LONGEST_CALL:
        yield Code.DIAL_TIME_LIMIT, f"timeLimit {dial.time_limit} is not 1 to {LONGEST_CALL} s"
    if dial.caller_id is not None and not E164.fullmatch(dial.caller_id):
        yield Code.DIAL_CALLER_ID, "callerId is no E.164 number"
    if dial.record is not None and not _RECORD.fullmatch(dial.record):
        yield Code.DIAL_RECORD, f"record {dial.record!r} is no way to record"
    if dial.ring_tone is not None and not _RING_TONE.fullmatch(dial.ring_tone):
        yield Code.DIAL_RING_TONE, f"ringTone {dial.ring_tone!r} is no country"
    yield from _address(dial.action, "action")


def _number(number: Number) -> Found:
    if not E164.fullmatch(number.phone):
        yield Code.DIAL_NOT_E164, "the number is not E.164 (+ and country code)"
    if {number.method, number.status_callback_method} - set(_METHODS):
        yield Code.DIAL_METHOD, "a method is neither GET nor POST"
    if number.send_digits is not None and not _TONES.fullmatch(number.send_digits):
        yield Code.DIAL_SEND_DIGITS, f"sendDigits {number.send_digits!r} are no tones"
    if set(number.status_callback_event or ()) - _EVENTS:
        yield Code.SCHEMA, "statusCallbackEvent names an event that does not exist"
    yield from _address(number.url, "url")
    yield from _address(number.status_callback, "statusCallback")


def _redirect(redirect: Redirect) -> Found:
    if not redirect.url:
        yield Code.BAD_URL, "there is no address to go to"
    if redirect.method not in _METHODS:
        yield Code.REDIRECT_METHOD, f"method {redirect.method!r} is neither GET nor POST"
    yield from _address(redirect.url, "the address")


def _language(language: str | None) -> Found:
    if language is not None and not _LANGUAGE.fullmatch(language):
        yield Code.SCHEMA, f"language {language!r} is no language tag such as en-US"


def _address(url: str | None, what: str) -> Found:
    """Check an address: relative, or http(s) with a host in which no underscore stands."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        yield Code.BAD_URL, f"{what} is no address"
        return
    relative = not parts.scheme and not parts.netloc
    if " " in url or not (relative or (parts.scheme in ("http", "https") and host)):
        yield Code.BAD_URL, f"{what} is no address"
    elif "_" in host:
        yield Code.BAD_URL, f"{what} has an underscore in its host"
