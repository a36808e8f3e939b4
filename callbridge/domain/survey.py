"""What is asked after a bridge and what a key can mean; knows no carrier and no storage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """The closed list of what an answer can mean: how it went, or where the member stands."""

    SPOKE = "spoke"
    VOICEMAIL = "voicemail"
    MAILBOX_FULL = "mailbox-full"
    NOBODY = "nobody"
    WRONG_NUMBER = "wrong-number"
    SUPPORTS = "supports"
    LEANS_SUPPORTS = "leans-supports"
    UNDECIDED = "undecided"
    LEANS_OPPOSES = "leans-opposes"
    OPPOSES = "opposes"
    WOULD_NOT_SAY = "would-not-say"


REPORTED = frozenset(
    {
        Meaning.SPOKE,
        Meaning.VOICEMAIL,
        Meaning.MAILBOX_FULL,
        Meaning.NOBODY,
        Meaning.WRONG_NUMBER,
    }
)
POSITIONS = frozenset(Meaning) - REPORTED

# 0, 9, * and # keep their one meaning in the whole call (design, key map).
RESERVED_KEYS = frozenset("09*#")
MOST_OPTIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice: spoken as `<words>: press <key>`; `then` is the next question's id or None."""

    key: str
    words: str
    meaning: Meaning
    then: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `words` may hold placeholders; `id` is what answers are stored under."""

    id: str
    words: str
    options: tuple[Option, ...]

    def option(self, key: str) -> Option | None:
        """Return the option on `key`, None when the key does nothing here."""
        return next((option for option in self.options if option.key == key), None)

    def meaning_of(self, meaning: Meaning) -> Option | None:
        """Return the option that means `meaning`, None when this question lacks it."""
        return next((option for option in self.options if option.meaning == meaning), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The questions in document order; the first is asked first."""

    questions: tuple[Question, ...]

    @property
    def first(self) -> Question | None:
        """Return the question asked first, None when the campaign asks nothing."""
        return self.questions[0] if self.questions else None

    def question(self, question_id: str) -> Question | None:
        """Return the question with this id."""
        return next((q for q in self.questions if q.id == question_id), None)
