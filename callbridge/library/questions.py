"""[[question]] tables to a survey, and their translations; knows no keypad and no call."""

from __future__ import annotations

from collections.abc import Mapping

from callbridge.domain.prompts import PLACEHOLDERS
from callbridge.domain.survey import (
    MOST_OPTIONS,
    POSITIONS,
    REPORTED,
    RESERVED_KEYS,
    Meaning,
    Option,
    Question,
    Survey,
)
from callbridge.domain.survey_defaults import DEFAULT_SURVEYS
from callbridge.library.placeholders import check_placeholders
from callbridge.library.problems import listed
from callbridge.library.survey_paths import check_paths
from callbridge.library.table import Table

NO_SURVEY = Survey(questions=())
MOST_QUESTIONS = 8
_MEANINGS = tuple(meaning.value for meaning in Meaning)
_KEYS = "12345678"


def read_survey(table: Table, *, language: str) -> Survey:
    """Return the survey of the main document: its own questions, the default, or none."""
    chosen = table.choice("survey", ("default", "none"))
    tables = table.tables("question")
    if chosen is not None and tables:
        what = "There are questions here, and 'survey' says otherwise."
        table.error("survey", what, "Leave out the line 'survey', or the questions.")
    if chosen == "none":
        return NO_SURVEY
    if tables is None:
        return DEFAULT_SURVEYS.get(language, DEFAULT_SURVEYS["en"])
    if len(tables) > MOST_QUESTIONS:
        what = f"There are {len(tables)} questions; {MOST_QUESTIONS} is the most."
        table.error("question", what, "Ask less: most people answer two.")
    found = [(question, inner) for inner in tables if (question := _question(inner))]
    check_paths(found, table.problems)
    return Survey(questions=tuple(question for question, _ in found))


def _question(table: Table) -> Question | None:
    name = table.words("id", required=True, most=40)
    words = _spoken(table, "words", placeholders=True)
    options = tuple(_option(inner) for inner in table.tables("options", example=_example()) or ())
    table.finish()
    good = tuple(option for option in options if option is not None)
    if not options and table.raw("options") in (None, []):
        table.error("options", "This question has no options.", _example())
    if len(options) > MOST_OPTIONS:
        what = f"This question has {len(options)} options; nobody remembers more than five."
        table.error("options", what, f"Keep {MOST_OPTIONS}.")
    _check_keys(table, good)
    return Question(id=name, words=words, options=good) if name and words else None


def _check_keys(table: Table, options: tuple[Option, ...]) -> None:
    taken: dict[str, Option] = {}
    for option in options:
        if option.key in taken:
            what = f"Key {option.key} stands for {taken[option.key].words!r} and {option.words!r}."
            free = [key for key in _KEYS if key not in {o.key for o in options}]
            table.error("options", what, f"Free keys: {listed(free)}.")
        taken.setdefault(option.key, option)
        if option.key == "1" and option.meaning in POSITIONS:
            what = f"{option.words!r} is on key 1, which people press without listening."
            table.advise("options", what, "Begin with key 2 when asking where the member stands.")
    meanings = {option.meaning for option in options}
    if len(meanings) < len(options):
        what = "Two options of this question mean the same, so answers could not be told apart."
        table.error("options", what, "Join them, or give one another meaning.")
    if meanings & REPORTED and meanings & POSITIONS:
        what = "This question asks what happened and where the member stands, both at once."
        table.advise("options", what, "Make two questions of it, as the default survey does.")


def _option(table: Table) -> Option | None:
    key = _key(table)
    words = _spoken(table, "words", placeholders=False)
    meaning = table.choice("meaning", _MEANINGS)
    if table.raw("meaning") is None:
        instead = f'Add meaning = "…", one of {listed(_MEANINGS)}.'
        table.error("meaning", "This option does not say what it means.", instead)
    then = table.words("then", most=40)
    table.finish()
    if key is None or words is None or meaning is None:
        return None
    return Option(key=key, words=words, meaning=Meaning(meaning), then=then)


def _key(table: Table) -> str | None:
    value = table.raw("key")
    text = str(value).strip() if value is not None and not isinstance(value, bool) else ""
    if len(text) == 1 and text in _KEYS:
        return text
    if value is None:
        table.error("key", "This option has no key.", "Add key = 2")
    elif text in RESERVED_KEYS or text in {"star", "pound"}:
        meant = {"0": "not sure", "9": "no more calls", "*": "say it again", "#": "skip"}
        what = f"Key {text} means {meant.get(text, 'something else')!r} in every call."
        table.error("key", what, "Use a key from 1 to 8.")
    else:
        table.error("key", f"{value!r} is not a key of a telephone.", "Use a key from 1 to 8.")
    return None


def _spoken(table: Table, key: str, *, placeholders: bool) -> str | None:
    words = table.words(key, required=True, most=300)
    if words is not None:
        check_placeholders(
            words,
            allowed=PLACEHOLDERS if placeholders else (),
            file=table.file,
            line=table.line(key),
            place="a question" if placeholders else "an option",
            problems=table.problems,
        )
    return words


def _example() -> str:
    return 'Add options = [{ key = 2, words = "Supports it", meaning = "supports" }]'


def translate_survey(table: Table, original: Survey, *, main: str, language: str) -> Survey:
    """Return `original` in another language: the words of the same questions, keys and order.

    A default survey needs no translation; one of the campaign's own needs all its words.
    """
    tables = table.tables("question")
    default = DEFAULT_SURVEYS.get(main, DEFAULT_SURVEYS["en"])
    if tables is None and (original == default or not original.questions):
        return DEFAULT_SURVEYS.get(language, original) if original.questions else original
    given: dict[str, Table] = {}
    for inner in tables or ():
        name = inner.words("id", required=True, most=40)
        if name is not None and original.question(name) is None:
            ids = listed([question.id for question in original.questions] or ["none"])
            inner.error("id", f"There is no question {name!r} to translate.", f"Known: {ids}.")
        elif name is not None:
            given[name] = inner
    questions = []
    for question in original.questions:
        if question.id in given:
            questions.append(_translated(given[question.id], question))
        else:
            what = f"Question {question.id!r} is not translated."
            instead = f'Add [[question]] with id = "{question.id}", its words and its options.'
            table.error("question", what, instead)
    return Survey(questions=tuple(questions))


def _translated(table: Table, question: Question) -> Question:
    words = _spoken(table, "words", placeholders=True) or question.words
    said: dict[str, str] = {}
    for inner in table.tables("options", example=_example()) or ():
        key = _key(inner)
        option = question.option(key) if key else None
        text = _spoken(inner, "words", placeholders=False)
        inner.finish(elsewhere=dict.fromkeys(("meaning", "then"), _ONCE))
        if key and option is None:
            inner.error("key", f"The question has no option on key {key}.", "Use its keys.")
        elif key and text:
            said[key] = text
    table.finish()
    missing = [option.key for option in question.options if option.key not in said]
    if missing:
        what = f"The options on key {listed(missing, 'and')} are not translated."
        table.error("options", what, f'Add {{ key = {missing[0]}, words = "…" }}')
    return Question(
        id=question.id,
        words=words,
        options=tuple(_in_words(option, said) for option in question.options),
    )


_ONCE = "Leave it out: it stands once, in the main campaign.toml."


def _in_words(option: Option, said: Mapping[str, str]) -> Option:
    return Option(
        key=option.key,
        words=said.get(option.key, option.words),
        meaning=option.meaning,
        then=option.then,
    )
