"""What the analyst's pages call grades, troubles and disagreements, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from callbridge.domain.board import Grade
from callbridge.domain.health import Trouble
from callbridge.domain.signals import Disagreement, Length
from callbridge.web.languages import LANGUAGES, current
from callbridge.web.words import gettext as _


def grade_words(grade: Grade) -> str:
    """Say how good evidence is."""
    match grade:
        case Grade.HEARD:
            return _("heard: somebody said so")
        case Grade.WRITTEN:
            return _("written: in a letter or message")
        case Grade.PUBLIC:
            return _("public: anybody can check it")


def trouble_words(trouble: Trouble | None) -> str:
    """Say what is suspected of a number."""
    match trouble:
        case Trouble.DEAD:
            return _("dead")
        case Trouble.FULL:
            return _("mailbox full")
        case Trouble.NEVER_ANSWERED:
            return _("never answered")
        case None:
            return _("nothing new")


def disagreement_words(kind: Disagreement) -> str:
    """Say how signals disagree."""
    match kind:
        case Disagreement.SPOKE_BUT_SHORT:
            return _("Keyed “talked with someone”, but connected for under 35 seconds")
        case Disagreement.REACHED_BUT_NOT_CONNECTED:
            return _("Keyed “talked” or “left a message”, but the carrier connected nobody")
        case Disagreement.NOBODY_BUT_CONNECTED:
            return _("Keyed “nobody answered”, but connected for 35 seconds or more")
        case Disagreement.FULL_BUT_LONG:
            return _("Keyed “mailbox full”, but connected for 35 seconds or more")
        case Disagreement.WRONG_NUMBER_BUT_LONG:
            return _("Keyed “wrong number”, but connected for 35 seconds or more")


def outcome_words(outcome: str) -> str:
    """Say what the carrier saw."""
    words = _outcomes(current())
    return words[outcome] if outcome in words else _("not known")


@lru_cache(maxsize=len(LANGUAGES))
def _outcomes(_language: str) -> Mapping[str, str]:
    # Looked up once a language: a page says them by the hundred.
    return {
        "connected": _("connected"),
        "busy": _("busy"),
        "no-answer": _("no answer"),
        "failed": _("failed"),
    }


def length_words(length: str) -> str:
    """Say how long a bridge lasted."""
    words = {
        Length.SHORT.value: _("under 35 seconds"),
        Length.LONG.value: _("35 seconds or more"),
    }
    return words.get(length, _("not known"))
