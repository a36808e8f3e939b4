"""How long a text may be and should take on the telephone; knows no conversation."""

from __future__ import annotations

from math import ceil

from callbridge.domain.spoken import seconds_to_say
from callbridge.library.problems import Problems

# Amazon Polly, behind Twilio's voices, takes at most 3,000 characters in one request.
VOICE_CHARACTERS = 3000
GREETING_SECONDS = 12
TALKING_POINTS_SECONDS = 60
REPLY_SECONDS = 30


def check_length(
    text: str, *, file: str, line: int | None, name: str, seconds: int | None, problems: Problems
) -> None:
    """Refuse what the voice cannot take in one piece; advise on what is too long to listen to.

    `seconds` is how long it should take at most, None where nothing is advised.
    """
    if len(text) > VOICE_CHARACTERS:
        problems.error(
            file,
            line,
            f"{name} has {len(text):,} characters; the voice takes {VOICE_CHARACTERS:,}.",
            "Say it in fewer words.",
        )
    elif seconds is not None and seconds_to_say(text) > seconds:
        problems.advise(
            file,
            line,
            f"{name} takes {ceil(seconds_to_say(text))} seconds to say.",
            f"Aim for {seconds} seconds, about {seconds * 150 // 60} words.",
        )
