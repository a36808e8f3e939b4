"""What a call does next, in no carrier's language: say, ask, bridge, hang up."""

from __future__ import annotations

from dataclasses import dataclass

from callbridge.domain.campaign import CallerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak `text` in `language`; play the recorded file `audio` (of the revision) instead."""

    text: str
    language: str
    audio: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Speak `say`, interruptible by any key, then wait `seconds` for `digits` keys.

    `finish_on` ends a longer entry ("#") or is empty. With `report_silence` silence is an event
    of its own; otherwise silence falls through to the next instruction, without a hook.
    """

    say: tuple[Say, ...]
    digits: int = 1
    seconds: int = 6
    finish_on: str = ""
    report_silence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """Dial `phone` (E.164) and join it to the supporter, who leaves it with star.

    `show` says whose number the office sees. `seconds` bounds the talk, `ring` the wait.
    """

    phone: str
    show: CallerId
    seconds: int
    ring: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End the call."""


Instruction = Say | Ask | Bridge | HangUp
