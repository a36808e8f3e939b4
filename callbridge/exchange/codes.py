"""Twilio's error codes as the exchange uses them: REST refusals and faults in a call; no I/O.

Source: Twilio's error pages; texts seen in traffic where they are published, else our words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

MORE_INFO = "https://www.twilio.com/docs/errors/"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a REST request was refused: the HTTP status, Twilio's code and a sentence."""

    status: int
    code: int
    message: str

    def body(self) -> dict[str, object]:
        """Return the error body of the 2010 API."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"{MORE_INFO}{self.code}",
            "status": self.status,
        }


class Trouble(IntEnum):
    """What goes wrong while a call runs: never a REST error, seen as `ErrorCode` and in the log."""

    BAD_URL = 11100
    RETRIEVAL = 11200
    CONNECTION = 11205
    PROTOCOL = 11206
    TOO_MANY_REDIRECTS = 11215
    BAD_RETRY_RULE = 11243
    TOO_LARGE = 11750
    EMPTY = 11770
    NOT_A_DOCUMENT = 12100
    SCHEMA = 12200
    CONTENT_TYPE = 12300
    WHISPER_DIAL = 13201
    CALLER_ID = 13214
    NOT_A_NUMBER = 13223
    INVALID_NUMBER = 13224
    BLOCKED_NUMBER = 13225
    COUNTRY = 13227
    EMPTY_SAY = 13520
    LONG_SAY = 13521
    CONCURRENCY = 10004
    LOOP = 90001
    """Ours, not Twilio's: a call asked for more documents than any sane conversation does."""


def unauthenticated() -> Refusal:
    """Refuse bad credentials."""
    return Refusal(401, 20003, "Authenticate")


def unknown(path: str) -> Refusal:
    """Refuse a resource that does not exist."""
    return Refusal(404, 20404, f"The requested resource {path} was not found")


def wrong_method() -> Refusal:
    """Refuse a method that the resource does not have."""
    return Refusal(405, 20004, "Method not allowed")


def too_many_requests() -> Refusal:
    """Refuse for REST concurrency: never processed, safe to send again."""
    return Refusal(429, 20429, "Too Many Requests")


def server_error(status: int) -> Refusal:
    """Fail as an overloaded or broken API does."""
    return Refusal(status, 20503 if status == 503 else 20500, "Internal Server Error")


def bad_value(name: str, value: str, *, code: int = 20001) -> Refusal:
    """Refuse a parameter whose value cannot be read."""
    return Refusal(400, code, f"Invalid value for {name}: {value}")


def no_to() -> Refusal:
    """Refuse a create without To."""
    return Refusal(400, 21201, "No 'To' number is specified")


def no_from() -> Refusal:
    """Refuse a create without From."""
    return Refusal(400, 21213, "No 'From' number is specified")


def text_without(*, to: str, from_: str, body: str) -> Refusal | None:
    """Refuse a message that lacks what every message has, None when nothing is missing."""
    if not to:
        return Refusal(400, 21604, "A 'To' phone number is required.")
    if not from_:
        return Refusal(400, 21603, "A 'From' phone number is required.")
    return None if body else Refusal(400, 21602, "Message body is required.")


def bad_to(number: str) -> Refusal:
    """Refuse a To that is no number, or is the number that calls."""
    return Refusal(400, 21211, f"The 'To' number {number} is not a valid phone number.")


def bad_from(number: str) -> Refusal:
    """Refuse a From that is no number."""
    return Refusal(400, 21212, f"From is not a valid phone number: {number}")


def not_owned(number: str) -> Refusal:
    """Refuse a From that the account neither owns nor has verified."""
    return Refusal(
        400,
        21210,
        f"The source phone number provided, {number}, is not yet verified for your account. "
        "You may only make calls from phone numbers that you've verified or purchased from "
        "Twilio.",
    )


def bad_url(url: str, *, why: str = "Url is not a valid URL") -> Refusal:
    """Refuse a hook address; `why` says what is wrong with it."""
    return Refusal(400, 21205, f"{why}: {url}")


def not_permitted(number: str) -> Refusal:
    """Refuse a country the account may not call."""
    return Refusal(
        400,
        21215,
        f"Account not authorized to call {number}. Perhaps you need to enable some international "
        "permissions: https://www.twilio.com/console/voice/calls/geo-permissions/low-risk",
    )


def trial(number: str) -> Refusal:
    """Refuse a number that a trial account has not verified."""
    return Refusal(
        400,
        21219,
        f"The number {number} is unverified. Trial accounts may only make calls to verified "
        "numbers.",
    )


def concurrency() -> Refusal:
    """Refuse a call beyond the account's calls at once (HTTP status unconfirmed)."""
    return Refusal(400, 10004, "Call concurrency limit exceeded")


def not_in_progress() -> Refusal:
    """Refuse a redirect of a call that is not in progress."""
    return Refusal(400, 21220, "Call is not in-progress. Cannot redirect.")


def not_finished() -> Refusal:
    """Refuse to delete a call that still runs."""
    return Refusal(400, 20009, "Cannot delete this resource before it is finished")
