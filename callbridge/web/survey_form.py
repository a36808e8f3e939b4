"""The survey as radio buttons, filled in with what is known; keeps nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from callbridge.domain.prompts import fill
from callbridge.domain.survey import Meaning, Question, Survey
from callbridge.web.words import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOption:
    """One radio button; `leads` to a further question."""

    meaning: str
    words: str
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormQuestion:
    """One question with its current answer, None until known."""

    id: str
    words: str
    options: Sequence[FormOption]
    answer: str | None


def form_of(
    survey: Survey, *, values: Mapping[str, str], answers: Mapping[str, Meaning]
) -> list[FormQuestion]:
    """Return the survey as a form about one target; `values` fill the placeholders."""
    return [
        FormQuestion(
            id=question.id,
            words=fill(question.words, values),
            options=_options(question, values),
            answer=answers[question.id].value if question.id in answers else None,
        )
        for question in survey.questions
    ]


def _options(question: Question, values: Mapping[str, str]) -> list[FormOption]:
    """List the options of the document, and between them the leanings that a keypad lacks."""
    made: list[FormOption] = []
    given = {option.meaning for option in question.options}
    for option in question.options:
        words = fill(option.words, values)
        leads = option.then is not None
        made.append(FormOption(meaning=option.meaning.value, words=words, leads=leads))
        leaning = leanings().get(option.meaning)
        if leaning and leaning[0] not in given:
            made.append(FormOption(meaning=leaning[0].value, words=leaning[1], leads=leads))
    return made


def leanings() -> Mapping[Meaning, tuple[Meaning, str]]:
    """Return what the web offers beside a plain position (design, question 2)."""
    return {
        Meaning.SUPPORTS: (Meaning.LEANS_SUPPORTS, _("Leans towards supporting it")),
        Meaning.OPPOSES: (Meaning.LEANS_OPPOSES, _("Leans towards opposing it")),
    }


def replies(survey: Survey, sent: Callable[[str], str | None]) -> list[tuple[str, Meaning]]:
    """Return the answers of a sent form in order, following what leads where.

    A question that the answer before it does not lead to is left out, even if it was filled in.
    Raises ValueError when a value is no meaning.
    """
    given: list[tuple[str, Meaning]] = []
    question = survey.first
    while question is not None and question.id not in dict(given):
        text = sent(f"q.{question.id}")
        if not text:
            break
        meaning = Meaning(text)
        given.append((question.id, meaning))
        option = question.meaning_of(meaning) or question.meaning_of(_plain(meaning))
        if option is None:
            raise ValueError(f"{meaning} does not answer {question.id}")
        question = survey.question(option.then) if option.then else None
    return given


def _plain(meaning: Meaning) -> Meaning:
    """Return the position that a leaning leans to."""
    leaning = {Meaning.LEANS_SUPPORTS: Meaning.SUPPORTS, Meaning.LEANS_OPPOSES: Meaning.OPPOSES}
    return leaning.get(meaning, meaning)
