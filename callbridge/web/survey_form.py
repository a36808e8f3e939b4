"""The survey as radio buttons, filled in with what is known; keeps nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from callbridge.domain.prompts import fill
from callbridge.domain.survey import Meaning, Question, Survey
from callbridge.service.views import LegView
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


def replies_of_legs(
    survey: Survey, legs: Iterable[LegView], sent: Mapping[str, str]
) -> dict[int, list[tuple[str, Meaning]]]:
    """Return the answers to a form about several offices; those left as they were are left out.

    Raises ValueError when a value is no meaning.
    """
    given = {}
    for leg in legs:
        known = {one.question: one.meaning for one in leg.answers if not one.superseded}
        found = replies(survey, lambda name, n=leg.leg: sent.get(f"{prefix_of(n)}{name}"))  # type: ignore[misc]
        if found and dict(found) != known:
            given[leg.leg] = found
    return given


def nothing_new(sent: Mapping[str, str]) -> str:
    """Say why a form about several offices gave nothing to keep."""
    if any(value for name, value in sent.items() if ".q." in name):
        return _("These answers are kept already; nothing has changed.")
    return _("Please choose one.")


def prefix_of(leg: int) -> str:
    """Return what the names of an office's fields begin with, where a form has several."""
    return f"leg{leg}."


def _plain(meaning: Meaning) -> Meaning:
    """Return the position that a leaning leans to."""
    leaning = {Meaning.LEANS_SUPPORTS: Meaning.SUPPORTS, Meaning.LEANS_OPPOSES: Meaning.OPPOSES}
    return leaning.get(meaning, meaning)
