"""The survey out of a document: keys, meanings, paths, translations."""

from __future__ import annotations

import pytest

from callbridge.domain.survey import MOST_OPTIONS, POSITIONS, REPORTED, RESERVED_KEYS
from callbridge.domain.survey_defaults import DEFAULT_SURVEYS
from callbridge.library.reading import read
from tests.library.documents import QUESTIONS, TOML, advice, errors, files
from tests.library.test_reading import ES, ES_TOML


def spoilt(old: str, new: str) -> list[str]:
    assert old in QUESTIONS
    return errors(campaign_toml=TOML + QUESTIONS.replace(old, new, 1))


def test_the_shown_questions_are_good() -> None:
    assert spoilt("We talked", "We spoke") == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("key = 2", "key = 9", "Key 9 means 'no more calls' in every call."),
        ("key = 2", "key = 0", "Key 0 means 'not sure' in every call."),
        ("key = 2", 'key = "*"', "Key * means 'say it again' in every call."),
        ("key = 2", 'key = "#"', "Key # means 'skip' in every call."),
        ("key = 2", "key = 12", "12 is not a key of a telephone."),
        ("key = 2, ", "", "This option has no key."),
        ("key = 2", "key = 1", "Key 1 stands for 'We talked' and 'A mailbox'. Free keys: 2, 3"),
        ('meaning = "spoke"', 'meaning = "talked"', "meaning = 'talked' is not a choice here."),
        ('meaning = "supports"', 'meaning = "suports"', 'Write meaning = "supports".'),
        (', meaning = "spoke"', "", "This option does not say what it means."),
        ('meaning = "voicemail"', 'meaning = "spoke"', "Two options of this question mean the"),
        ('then = "position"', 'then = "postion"', 'Did you mean then = "position"?'),
        ('id = "position"', 'id = "happened"', "Two questions have the id 'happened'."),
        ('id = "happened"\n', "", "'id' is missing in [question]. Add id ="),
        ("How was it?", "How was {city}?", "{city} is not a placeholder."),
        ("We talked", "{member} talked", "{member} cannot stand in an option."),
        ("words = ", "wrods = ", "'wrods' is not a key in [question]. Did you mean 'words'?"),
    ],
)
def test_a_spoilt_question_says_what_to_write(old: str, new: str, complaint: str) -> None:
    found = spoilt(old, new)
    assert len([one for one in found if complaint in one]) == 1, found


def test_problems_in_options_stand_on_the_line_of_the_option() -> None:
    assert spoilt("key = 2", "key = 9")[0].startswith("campaign.toml, line 10:")


def test_questions_may_not_go_round_in_a_circle() -> None:
    assert spoilt('meaning = "supports"', 'meaning = "supports", then = "happened"') == [
        "campaign.toml, line 8: The questions go round in a circle: "
        "happened → position → happened. Remove one 'then', so that the call can end."
    ]


def test_more_than_five_options_are_too_many() -> None:
    more = "".join(
        f'  {{ key = {key}, words = "w{key}", meaning = "{meaning}" }},\n'
        for key, meaning in enumerate(["voicemail", "nobody", "mailbox-full", "wrong-number"], 3)
    )
    found = spoilt("options = [\n", "options = [\n" + more)
    assert any("has 6 options; nobody remembers more than five" in one for one in found)


def test_a_position_on_key_one_is_advised_against() -> None:
    toml = TOML + QUESTIONS.replace('{ key = 2, words = "For it"', '{ key = 1, words = "For it"')
    assert any("'For it' is on key 1" in one for one in advice(campaign_toml=toml))


def test_two_kinds_of_answers_in_one_question_are_advised_against() -> None:
    toml = TOML + QUESTIONS.replace('"voicemail"', '"opposes"')
    assert any("both at once" in one for one in advice(campaign_toml=toml))


def test_a_question_nobody_reaches_is_pointed_out() -> None:
    toml = TOML + QUESTIONS.replace(', then = "position"', "")
    found = advice(campaign_toml=toml)
    assert any("Nothing leads to the question 'position'" in one for one in found)


def test_a_campaign_may_ask_nothing() -> None:
    campaign = read("river", files(campaign_toml=TOML + 'survey = "none"\n'))
    assert campaign.wording().survey.first is None


def test_a_survey_cannot_be_both_default_and_written() -> None:
    found = errors(campaign_toml=TOML + 'survey = "default"\n' + QUESTIONS)
    assert any("'survey' says otherwise" in one for one in found)


QUESTIONS_ES = """
[[question]]
id = "happened"
words = "¿Cómo fue?"
options = [{ key = 1, words = "Hablamos" }, { key = 2, words = "Un buzón" }]

[[question]]
id = "position"
words = "¿Qué piensa {member}?"
options = [{ key = 2, words = "A favor" }, { key = 3, words = "En contra" }]
"""


def translated(questions: str) -> dict[str, str]:
    return {
        **ES,
        "campaign_toml": TOML + QUESTIONS,
        "es__campaign_toml": ES_TOML + questions,
    }


def test_a_translated_survey_keeps_keys_meanings_and_order() -> None:
    campaign = read("river", files(**translated(QUESTIONS_ES)))
    english, spanish = campaign.wording("en").survey, campaign.wording("es").survey
    assert spanish.questions[0].options[0].words == "Hablamos"
    for ours, theirs in zip(english.questions, spanish.questions, strict=True):
        assert ours.id == theirs.id
        assert [(o.key, o.meaning, o.then) for o in ours.options] == [
            (o.key, o.meaning, o.then) for o in theirs.options
        ]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (QUESTIONS_ES, "", "Question 'happened' is not translated."),
        (', { key = 2, words = "Un buzón" }', "", "The options on key 2 are not translated."),
        ('id = "position"', 'id = "wer"', "There is no question 'wer' to translate."),
        ("{ key = 3", "{ key = 4", "The question has no option on key 4."),
        (
            'words = "En contra"',
            'words = "En contra", meaning = "opposes"',
            "'meaning' is not a key in [question.options]. Leave it out: it stands once",
        ),
    ],
)
def test_a_spoilt_translation_says_what_to_write(old: str, new: str, complaint: str) -> None:
    found = errors(**translated(QUESTIONS_ES.replace(old, new)))
    assert any(complaint in one for one in found), found


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_default_survey_keeps_the_rules_it_asks_of_others(language: str) -> None:
    survey = DEFAULT_SURVEYS[language]
    happened, position = survey.questions
    assert [question.id for question in survey.questions] == ["happened", "position"]
    assert {option.meaning for option in happened.options} == REPORTED
    assert {option.meaning for option in position.options} < POSITIONS
    assert [o.words for o in happened.options if o.then] == [happened.options[0].words]
    for question in survey.questions:
        keys = [option.key for option in question.options]
        assert len(set(keys)) == len(keys) <= MOST_OPTIONS
        assert not set(keys) & RESERVED_KEYS
    assert "1" not in {option.key for option in position.options}


def test_the_default_survey_says_the_words_agreed() -> None:
    happened, position = DEFAULT_SURVEYS["en"].questions
    assert [f"{option.words}: press {option.key}." for option in happened.options] == [
        "Talked with someone: press 1.",
        "Left a message: press 2.",
        "Mailbox full: press 3.",
        "Nobody answered: press 4.",
        "Wrong number: press 5.",
    ]
    assert [f"{option.words}: press {option.key}." for option in position.options] == [
        "Supports it: press 2.",
        "Opposes it: press 3.",
        "Undecided: press 4.",
        "Would not say: press 5.",
    ]


def test_default_surveys_differ_in_words_only() -> None:
    shapes = {
        language: [
            (question.id, [(o.key, o.meaning, o.then) for o in question.options])
            for question in survey.questions
        ]
        for language, survey in DEFAULT_SURVEYS.items()
    }
    assert shapes["en"] == shapes["es"]
