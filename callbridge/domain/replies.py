"""The survey's answers on a call: given, corrected, withdrawn; knows the survey, not the phone."""

from __future__ import annotations

from dataclasses import replace

from callbridge.domain.call import Call, GivenAnswer, Leg
from callbridge.domain.events import Source
from callbridge.domain.facts import AnswerGiven, AnswerWithdrawn, Fact, OfficeReportedFullOrDead
from callbridge.domain.survey import POSITIONS, Meaning, Survey

RESTING = frozenset({Meaning.MAILBOX_FULL, Meaning.WRONG_NUMBER})


def acceptable(survey: Survey, *, question: str, meaning: Meaning, source: Source) -> bool:
    """Tell whether `meaning` may answer `question`.

    The keypad has the question's own options; the web may also say that an office leans, where the
    question is about its position.
    """
    found = survey.question(question)
    if found is None:
        return False
    positions = all(option.meaning in POSITIONS for option in found.options)
    leaning = source is Source.WEB and positions and meaning in POSITIONS
    return leaning or found.meaning_of(meaning) is not None


def give(
    call: Call, survey: Survey, *, leg: int, question: str, meaning: Meaning, source: Source
) -> tuple[Call, tuple[Fact, ...]]:
    """Store one answer on a leg; answers that no longer follow from the others are withdrawn.

    An answer that stands already changes nothing, so a repeated one counts once.
    """
    found = next((one for one in call.legs if one.number == leg), None)
    if found is None or GivenAnswer(question=question, meaning=meaning) in found.answers:
        return call, ()
    kept = {answer.question: answer.meaning for answer in found.answers} | {question: meaning}
    path = _path(survey, kept)
    answers = tuple(GivenAnswer(question=q, meaning=m) for q, m in kept.items() if q in path)
    facts: list[Fact] = [AnswerGiven(leg=leg, question=question, meaning=meaning, source=source)]
    facts += [AnswerWithdrawn(leg=leg, question=q) for q in kept if q not in path]
    if meaning in RESTING and source is Source.KEYPAD:
        facts.append(
            OfficeReportedFullOrDead(office=found.office, phone=found.phone, meaning=meaning)
        )
    return with_leg(call, replace(found, answers=answers)), tuple(facts)


def _path(survey: Survey, answers: dict[str, Meaning]) -> frozenset[str]:
    path: set[str] = set()
    question = survey.first
    while question is not None and question.id not in path:
        path.add(question.id)
        given = answers.get(question.id)
        option = question.meaning_of(given) if given is not None else None
        question = survey.question(option.then) if option and option.then else None
    return frozenset(path)


def with_leg(call: Call, leg: Leg) -> Call:
    """Put a changed leg in place of the old one."""
    legs = tuple(leg if one.number == leg.number else one for one in call.legs)
    return replace(call, legs=legs)
