"""What can be wrong with a document, in the carrier's own codes; finds nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Code(IntEnum):
    """The error codes of Twilio's debugger for TwiML (https://www.twilio.com/docs/api/errors)."""

    BAD_URL = 11100
    TOO_LARGE = 11750
    EMPTY_BODY = 11770
    NOT_XML = 12100
    SCHEMA = 12200
    DIAL_METHOD = 13210
    DIAL_TIMEOUT = 13212
    DIAL_CALLER_ID = 13214
    DIAL_NESTED = 13215
    DIAL_TIME_LIMIT = 13216
    DIAL_RECORD = 13217
    DIAL_RING_TONE = 13220
    DIAL_SEND_DIGITS = 13222
    DIAL_NOT_E164 = 13223
    GATHER_FINISH_ON_KEY = 13310
    GATHER_METHOD = 13312
    GATHER_TIMEOUT = 13313
    GATHER_NUM_DIGITS = 13314
    PLAY_LOOP = 13410
    PLAY_EMPTY = 13420
    SAY_LOOP = 13510
    SAY_VOICE = 13511
    SAY_EMPTY = 13520
    SAY_TOO_LONG = 13521
    REDIRECT_METHOD = 13710
    PAUSE_LENGTH = 13910


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing the carrier would object to; `where` is a path such as `Gather[2]/Say[1]`."""

    code: int
    message: str
    where: str


class TwimlError(Exception):
    """A document that cannot be run (or, in strict parsing, one with any problem)."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.code} {p.where}: {p.message}" for p in problems))
        self.problems = problems
