"""How names, numbers and counts are said aloud in each language; knows no conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callbridge.domain.call import Target
from callbridge.domain.congress import Chamber

WORDS_PER_MINUTE = 150

_ORDINALS: Mapping[str, tuple[str, ...]] = {
    "en": ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"),
    "es": ("Primera", "Segunda", "Tercera", "Cuarta", "Quinta", "Sexta", "Séptima", "Octava"),
}
_COUNTS: Mapping[str, tuple[str, ...]] = {
    "en": ("one", "two", "three", "four", "five", "six", "seven", "eight"),
    "es": ("una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho"),
}
_TITLES_ES: Mapping[str, tuple[str, str]] = {
    "Senator": ("el senador", "la senadora"),
    "Representative": ("el representante", "la representante"),
    "Delegate": ("el delegado", "la delegada"),
    "Resident Commissioner": ("el comisionado residente", "la comisionada residente"),
}
_DAYPARTS_ES: Mapping[str, str] = {
    "morning": "buenos días",
    "afternoon": "buenas tardes",
    "evening": "buenas noches",
}
_PRONOUNS_ES: Mapping[str, str] = {"he": "él", "she": "ella"}
_SHORT_WAIT = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Who is calling: the spoken name and its own number in E.164."""

    name: str
    phone: str


def seconds_to_say(text: str) -> float:
    """Return how long a text takes to say at 150 words a minute, in seconds."""
    return len(text.split()) * 60 / WORDS_PER_MINUTE


def ordinal(index: int, language: str) -> str:
    """Return "First" for 0, a figure beyond eight."""
    words = _ORDINALS.get(language, _ORDINALS["en"])
    return words[index] if index < len(words) else f"{index + 1}"


def count(number: int, language: str) -> str:
    """Return "two" for 2, a figure beyond eight."""
    words = _COUNTS.get(language, _COUNTS["en"])
    return words[number - 1] if 1 <= number <= len(words) else f"{number}"


def digits(text: str) -> str:
    """Spell digits one by one: "78711" becomes "7 8 7 1 1"."""
    return " ".join(text)


def phone(e164: str) -> str:
    """Group a number as it is read aloud: "2 0 2, 5 5 5, 0 1 9 9"."""
    national = e164.removeprefix("+1")
    if len(national) != 10:
        return digits(e164.removeprefix("+"))
    return ", ".join(digits(part) for part in (national[:3], national[3:6], national[6:]))


def wait(seconds: int, language: str) -> str:
    """Say a wait in minutes, rounded up."""
    minutes = max(1, -(-seconds // 60))
    if minutes == 60:
        return "una hora" if language == "es" else "an hour"
    if seconds < _SHORT_WAIT:
        return "un minuto" if language == "es" else "a minute"
    return f"{minutes} minutos" if language == "es" else f"{minutes} minutes"


def title(target: Target, language: str) -> str:
    """Return the title as spoken before the name."""
    if language == "es" and target.title in _TITLES_ES:
        return _TITLES_ES[target.title][target.pronoun == "she"]
    return target.title


def member(target: Target, language: str) -> str:
    """Return the short form: "Senator Welch"; a local target by title and whole name."""
    name = target.last_name if target.chamber else target.name
    return f"{title(target, language)} {name}".strip()


def introduced(target: Target, language: str) -> str:
    """Return how a target is first named: "Senator Peter Welch", "your representative, …"."""
    if target.chamber is Chamber.HOUSE:
        own = {
            "en": f"your {target.title.lower()}",
            "es": f"su {title(target, language).split(' ', 1)[-1]}",
        }
        return f"{own.get(language, own['en'])}, {target.name}"
    return f"{title(target, language)} {target.name}".strip()


def daypart(part: str, language: str) -> str:
    """Return the greeting's part of the day: "morning"; in Spanish the whole greeting."""
    return _DAYPARTS_ES.get(part, part) if language == "es" else part


def pronoun(word: str, language: str) -> str:
    """Return the pronoun in the language."""
    return _PRONOUNS_ES.get(word, "") or word if language == "es" else word
