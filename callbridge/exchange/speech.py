"""How long speech and recordings last; makes no sound.

150 words a minute, the pace at which the conversations were written.
"""

from __future__ import annotations

from dataclasses import dataclass

from twiml import Pause, Play, Prompt, Say

WORDS_PER_SECOND = 2.5
PLAY_SECONDS = 5.0
"""A recording's length is not known without decoding it; this stands for it."""
MOST_LOOPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something heard: words (or a note in brackets), and how many seconds it takes."""

    text: str
    seconds: float
    voice: str | None = None
    language: str | None = None
    url: str = ""


def seconds(text: str) -> float:
    """Return how long a text takes to say."""
    return len(text.split()) / WORDS_PER_SECOND


def line(prompt: Prompt) -> Line:
    """Return what one prompt sounds like, its repetitions included."""
    match prompt:
        case Say(text=text, voice=voice, language=language, loop=loop):
            times = _times(loop)
            return Line(text=text, seconds=seconds(text) * times, voice=voice, language=language)
        case Play(url=url, loop=loop, digits=digits):
            if digits and not url:
                return Line(text=f"[tones {digits}]", seconds=tone_seconds(digits))
            return Line(text="[recording]", seconds=PLAY_SECONDS * _times(loop), url=url)
        case Pause(length=length):
            return Line(text="", seconds=float(1 if length is None else length))


def tone_seconds(digits: str) -> float:
    """Return how long a string of tones takes: w waits half a second, W a whole one."""
    return sum({"w": 0.5, "W": 1.0}.get(digit, 0.25) for digit in digits)


def _times(loop: int | None) -> int:
    return 1 if loop is None else loop or MOST_LOOPS
