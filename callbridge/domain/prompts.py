"""Every prompt by name in each language of the phone, and how placeholders are filled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from callbridge.domain.prompts_en import ENGLISH
from callbridge.domain.prompts_es import SPANISH

PROMPTS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "es": SPANISH}
PROMPT_NAMES = frozenset(ENGLISH)

# What an organizer may write in scripts, prompts and questions.
PLACEHOLDERS = frozenset({"member", "title", "pronoun", "state", "time_of_day", "organization"})

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def defaults(language: str) -> Mapping[str, str]:
    """Return the default prompts in `language`, English where the phone does not speak it."""
    return PROMPTS.get(language, ENGLISH)


def placeholders_in(text: str) -> frozenset[str]:
    """Return the names of the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace `{name}` by its value; a name without a value stays as it is, so that it shows."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
