"""Text messages after a call: their states, their words, and what people answer; sends none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TextKind(StrEnum):
    """Sent after a call, or because somebody asked for the link to their own page."""

    AFTER = "after-call"
    LINK = "link"


class TextState(StrEnum):
    """How far a text has come. Only `claimed` goes back to `planned`; `unknown` stays unknown.

    One may have been sent that is unknown: it is never sent again. Only the carrier's own word
    about it makes it sent, delivered or failed.
    """

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"


class Answer(StrEnum):
    """What somebody means who texts us."""

    STOP = "stop"
    START = "start"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRecord:
    """One text to one number. `token` names it in the carrier's hooks, `fence` whose claim holds.

    The number is encrypted, and gone once nothing more is to be sent.
    """

    id: int
    token: str
    kind: TextKind
    state: TextState
    call: str | None
    phone_hash: str | None
    phone_enc: str | None
    from_: str
    language: str
    planned: datetime
    run_at: datetime
    fence: int
    tries: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewText:
    """A text that somebody agreed to get; `consent` is the wording's id."""

    token: str
    kind: TextKind
    phone_hash: str
    phone_enc: str
    from_: str
    language: str
    consent: int
    planned: datetime
    call: str | None = None


# The carriers' own words, and what Spanish speakers write instead.
_STOP = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
    | {"ALTO", "PARE", "PARAR", "BASTA", "CANCELAR"}
)
_START = frozenset({"START", "UNSTOP", "EMPEZAR"})


def meant(body: str) -> Answer:
    """Return what a text means: its one word decides, whatever stands around it."""
    words = "".join(letter if letter.isalpha() else " " for letter in body).upper().split()
    if len(words) == 1:
        if words[0] in _STOP:
            return Answer.STOP
        if words[0] in _START:
            return Answer.START
    return Answer.STOP if words == ["OPT", "OUT"] else Answer.OTHER


# Only letters of the old alphabet of telephones: one that is not would halve what fits.
_WORDS = {
    "en": (
        "{organization}: thank you for calling. How did it go? {survey} (works once)",
        "Your own page: {page}",
        "{organization}: here is the link to your own page: {page}",
        "Reply STOP for no more texts.",
    ),
    "es": (
        "{organization}: gracias por llamar. ¿Qué le dijeron? {survey} (sirve una vez)",
        "Su propio enlace: {page}",
        "{organization}: este es el enlace a lo suyo: {page}",
        "Responda STOP para no recibir textos.",
    ),
}


def wording(
    language: str, *, organization: str, survey: str | None, page: str | None
) -> str | None:
    """Return a text's words, None when there is nothing to link to."""
    after, own, alone, stop = _WORDS.get(language, _WORDS["en"])
    if survey is None and page is None:
        return None
    parts = [after, *([own] if page else [])] if survey else [alone]
    return " ".join((*parts, stop)).format(organization=organization, survey=survey, page=page)
