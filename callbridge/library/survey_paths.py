"""Which question follows which: doubles, dead ends, loops, questions nobody reaches."""

from __future__ import annotations

from collections.abc import Sequence

from callbridge.domain.survey import Question
from callbridge.library.problems import Problems, nearest
from callbridge.library.table import Table


def check_paths(found: Sequence[tuple[Question, Table]], problems: Problems) -> None:
    """Complain where the questions do not lead from the first to an end."""
    tables: dict[str, Table] = {}
    questions: dict[str, Question] = {}
    for question, table in found:
        if question.id in tables:
            what = f"Two questions have the id {question.id!r}."
            table.error("id", what, "Give each question an id of its own.")
        tables.setdefault(question.id, table)
        questions.setdefault(question.id, question)
    for question, table in found:
        for option in question.options:
            if option.then is None or option.then in questions:
                continue
            guess = nearest(option.then, questions)
            what = f"{option.words!r} leads to a question {option.then!r} that does not exist."
            instead = f'Did you mean then = "{guess}"?' if guess else "Write it, or remove 'then'."
            table.error("options", what, instead)
    for loop in _loops(questions):
        what = f"The questions go round in a circle: {' → '.join(loop)}."
        tables[loop[0]].error("options", what, "Remove one 'then', so that the call can end.")
    if found:
        reached = _reached(found[0][0].id, questions)
        for name in questions:
            if name not in reached:
                what = f"Nothing leads to the question {name!r}, so it is never asked."
                tables[name].advise("id", what, f'Add then = "{name}" to an option before it.')


def _next(question: Question, questions: dict[str, Question]) -> list[str]:
    follow = dict.fromkeys(option.then for option in question.options)
    return [name for name in follow if name in questions]


def _reached(start: str, questions: dict[str, Question]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _next(questions[name], questions)
    return reached


def _loops(questions: dict[str, Question]) -> list[list[str]]:
    """Return each circle once, as the ids met on the way round."""
    loops: dict[frozenset[str], list[str]] = {}

    def walk(name: str, path: list[str]) -> None:
        if name in path:
            loop = path[path.index(name) :]
            loops.setdefault(frozenset(loop), [*loop, name])
            return
        for following in _next(questions[name], questions):
            walk(following, [*path, name])

    for name in questions:
        walk(name, [])
    return list(loops.values())
