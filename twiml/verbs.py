"""TwiML's verbs as values; they know their fields and nothing of XML, limits or calls.

An attribute that is absent is None, so a value says exactly what its document says. Times are
whole seconds. Facts: Twilio's TwiML reference for each verb.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text`; `loop` 0 repeats until the leg ends."""

    text: str
    _: KW_ONLY
    voice: str | None = None
    language: str | None = None
    loop: int | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """Play the recording at `url`, or the tones of `digits`."""

    url: str
    _: KW_ONLY
    loop: int | None = None
    digits: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Be silent for `length` seconds (absent: 1)."""

    _: KW_ONLY
    length: int | None = None


Prompt = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Collect keys while `children` are heard; the first key silences them.

    Keys request `action`; without any the next verb runs, unless `action_on_empty_result`.
    `finish_on_key` "" means that no key ends the entry.
    """

    children: tuple[Prompt, ...] = ()
    _: KW_ONLY
    action: str | None = None
    method: str | None = None
    input: str | None = None
    num_digits: int | None = None
    finish_on_key: str | None = None
    timeout: int | None = None
    action_on_empty_result: bool | None = None
    barge_in: bool | None = None
    language: str | None = None
    hints: str | None = None
    speech_timeout: str | None = None
    speech_model: str | None = None
    profanity_filter: bool | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone to dial (E.164). `url` is a document the dialled side hears before the bridge."""

    phone: str
    _: KW_ONLY
    url: str | None = None
    method: str | None = None
    send_digits: str | None = None
    status_callback: str | None = None
    status_callback_event: tuple[str, ...] | None = None
    status_callback_method: str | None = None


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring `numbers` at once and bridge the first that answers.

    With `action`, that address is requested when the dialled leg ends and no later verb runs.
    """

    numbers: tuple[Number, ...]
    _: KW_ONLY
    action: str | None = None
    method: str | None = None
    timeout: int | None = None
    time_limit: int | None = None
    caller_id: str | None = None
    hangup_on_star: bool | None = None
    answer_on_bridge: bool | None = None
    record: str | None = None
    ring_tone: str | None = None
    sequential: bool | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with the document at `url`."""

    url: str
    _: KW_ONLY
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the leg."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse an inbound call before it is answered; `reason` is rejected or busy."""

    _: KW_ONLY
    reason: str | None = None


Verb = Say | Play | Pause | Gather | Dial | Redirect | Hangup | Reject


@dataclass(frozen=True, slots=True)
class Response:
    """A document: its verbs run from the first to the last, then the leg ends."""

    verbs: tuple[Verb, ...]
