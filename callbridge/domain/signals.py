"""The three signals of an office leg, kept apart, and where they disagree; knows no storage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from callbridge.domain.call import Outcome
from callbridge.domain.survey import Meaning

# Under about 35 seconds a bridge is rarely a conversation: greeting, transfer, name, ask.
SHORT_SECONDS = 35


class Length(StrEnum):
    """How long a bridge lasted, as far as a conversation is concerned."""

    NONE = "none"
    SHORT = "short"
    LONG = "long"


class Disagreement(StrEnum):
    """A pair of signals that cannot both be the whole truth."""

    SPOKE_BUT_SHORT = "spoke-but-short"
    REACHED_BUT_NOT_CONNECTED = "reached-but-not-connected"
    NOBODY_BUT_CONNECTED = "nobody-but-connected"
    FULL_BUT_LONG = "full-but-long"
    WRONG_NUMBER_BUT_LONG = "wrong-number-but-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What the carrier saw, how long it lasted, what the supporter keyed; None is not known."""

    outcome: Outcome | None
    length: Length
    reported: Meaning | None


def length_of(seconds: int | None) -> Length:
    """Return the length of a bridge."""
    if seconds is None:
        return Length.NONE
    return Length.SHORT if seconds < SHORT_SECONDS else Length.LONG


def disagreement(signals: Signals) -> Disagreement | None:
    """Return how the three signals disagree, None where they do not or one is missing."""
    connected = signals.outcome is Outcome.CONNECTED
    match signals.reported:
        case None:
            return None
        case Meaning.SPOKE | Meaning.VOICEMAIL if signals.outcome and not connected:
            return Disagreement.REACHED_BUT_NOT_CONNECTED
        case Meaning.SPOKE if connected and signals.length is Length.SHORT:
            return Disagreement.SPOKE_BUT_SHORT
        case Meaning.NOBODY if connected and signals.length is Length.LONG:
            return Disagreement.NOBODY_BUT_CONNECTED
        case Meaning.MAILBOX_FULL if signals.length is Length.LONG:
            return Disagreement.FULL_BUT_LONG
        case Meaning.WRONG_NUMBER if signals.length is Length.LONG:
            return Disagreement.WRONG_NUMBER_BUT_LONG
        case _:
            return None
