"""campaign.toml past its mistakes: each is named with its line and what to write."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.library.problems import Problems
from callbridge.library.toml_lines import lines_of
from callbridge.library.toml_text import parse
from tests.library.documents import TOML, errors, in_toml


def mistakes(text: str) -> list[str]:
    problems = Problems()
    parse("campaign.toml", text, problems)
    return [f"{p.line}: {p.what} {p.instead}" for p in problems.all()]


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("title = Save the river", '1: Words and times stand in quotes. Write title = "Save the'),
        ("opens = 9:30 am", '1: Words and times stand in quotes. Write opens = "9:30 am"'),
        ("title: Save", "1: A key and its value are joined by an equals sign. Write title ="),
        ("title = “Save”", '1: These quotes are curly ones. Write straight ones: title = "Save"'),
        ('title = "Save', "1: A quote is opened and not closed, or too many."),
        ("a = 1\na = 2", "2: 'a' stands in this file twice. Keep one of them."),
        ("[a]\n[a]", "2: 'a' stands in this file twice. Keep one of them."),
        ('title = """Save', '1: The text that begins here never ends. End it with """.'),
        ("a = [1, 2", "The file ends in the middle of something."),
        ("what is this", "1: This line cannot be read"),
    ],
)
def test_a_mistake_in_grammar_says_what_to_write(line: str, instead: str) -> None:
    found = mistakes(line)
    assert len(found) == 1
    assert instead in found[0]


def test_reading_goes_on_behind_a_mistake() -> None:
    text = 'title = Save\nsummary = "fine"\npurpose: x\nmost = "5"\n'
    found = errors(campaign_toml=text)
    assert [line.split(":")[0] for line in found] == [
        "campaign.toml, line 1",
        "campaign.toml, line 3",
        "campaign.toml, line 4",
    ]
    assert not any("is missing" in line for line in found)


def test_a_file_of_nonsense_ends_after_a_while() -> None:
    assert 0 < len(mistakes("nonsense\n" * 500)) <= 20


def test_a_byte_order_mark_and_foreign_line_ends_are_no_problem() -> None:
    assert not errors(campaign_toml="\ufeff".encode() + TOML.replace("\n", "\r\n").encode())


def test_another_encoding_is_named_with_its_line() -> None:
    text = TOML.replace("The river is low", "El río").encode("cp1252")
    assert errors(campaign_toml=text) == [
        "campaign.toml, line 2: A letter here is not in the encoding that the web uses. "
        'Save the file again with the encoding "UTF-8".'
    ]


def test_an_unknown_key_suggests_the_nearest() -> None:
    assert in_toml('caller-id = "campaign"', "mots = 3") == [
        "campaign.toml, line 4: 'caller-id' is not a key. Did you mean 'caller_id'?",
        "campaign.toml, line 5: 'mots' is not a key. Did you mean 'most'?",
    ]


def test_an_unknown_key_in_a_table_names_the_table() -> None:
    assert in_toml("[limits]", "calls_a_day = 3") == [
        "campaign.toml, line 5: 'calls_a_day' is not a key in [limits]. "
        "Did you mean 'calls_a_number_a_day'?"
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("most = 0", "'most' must be a whole number from 1 to 10"),
        (
            'most = "5"',
            "'most' must be a whole number from 1 to 10, without quotes. Write most = 5",
        ),
        ("most = true", "'most' must be a whole number from 1 to 10"),
        ("talk_minutes = 2.5", "'talk_minutes' must be a whole number"),
        ('order = "senate"', "'order' must be a list of words in square brackets."),
        ("order = []", "'order' must be a list of words in square brackets."),
        ('order = ["senators"]', "order: 'senators' is unknown. Write \"senate\"."),
        ('order = ["house", "house"]', "order: 'house' stands there twice."),
        ("order = [5]", 'order: 5 is unknown. Write "senate", "house" or "local".'),
        ('caller_id = "suporter"', 'is not a choice here. Write caller_id = "supporter".'),
        ("caller_id = 7", 'Write one of "campaign" or "supporter".'),
        ('language = "fr"', 'Write one of "en" or "es".'),
        ("hours = 5", "'hours' must be a table. Write [hours] on a line of its own."),
        ("question = 5", "'question' must be a list of tables."),
        ("recess = 5", "'recess' must be a list of days."),
        ('recess = ["August"]', "'August' is not a day or a span of days."),
        ('recess = ["2026-02-30"]', "'2026-02-30' is not a day"),
        ('recess = ["2026-09-01 to 2026-08-01"]', "ends before it begins"),
        ("number = 12025550123", "'number' 12025550123 has lost its plus. Write \"+12025550123\""),
        ('organization = { name = "" }', "'name' is empty."),
        ("organization = { name = 5 }", "'name' must be words."),
        ("[hours]\ndays = ['mon']", "The hours do not say when the campaign opens."),
        ('[hours]\nopens = "18:00"\ncloses = "9:00"', "The campaign closes before it opens."),
        ('[hours]\nopens = "25:00"\ncloses = "9:75"', "'25:00' is not a time of day."),
        ('[hours]\nopens = "9"\ncloses = "5 pm"\nzone = "EST"', "'EST' is not a time zone."),
        ('[hours]\ndays = ["monday"]\nopens="9"\ncloses="17"', "'monday' is unknown."),
    ],
)
def test_a_wrong_value_says_what_to_write(line: str, complaint: str) -> None:
    found = in_toml(line)
    assert len([one for one in found if complaint in one]) == 1, found


def test_a_value_that_is_too_long_is_refused() -> None:
    assert (
        "Say it in 100 characters at most."
        in errors(campaign_toml=TOML.replace("Save", "Save " * 40))[0]
    )


def test_lines_are_found_through_lists_tables_and_long_texts() -> None:
    text = (
        'a = 1\n"b c" = """x\ny = 3\n"""\n\n[t]\nk = [\n  1,\n  { z = 1 },  # 2,\n]\n'
        "[[q]]\nid = 1\n[[q]]\nid = 2\n[q.sub]\nd.e = 'f'\n[[q.o]]\nx=1\n"
    )
    lines = lines_of(text)
    assert lines["a",] == 1
    assert lines["b c",] == 2
    assert lines["t",] == 6
    assert lines["t", "k"] == 7
    assert (lines["t", "k", 0], lines["t", "k", 1]) == (8, 9)
    assert lines["t", "k", 1, "z"] == 9
    assert (lines["q", 0, "id"], lines["q", 1, "id"]) == (12, 14)
    assert lines["q", 1, "sub"] == 15
    assert lines["q", 1, "sub", "d", "e"] == 16
    assert lines["q", 1, "o", 0, "x"] == 18


VALUES = st.sampled_from(
    [
        *("1", "true", '"a b"', "'c = 1'", '"""x\n[y]\n"""', "[1, 2]", "{ k = 1 }"),
        *("[\n 'a', # c ]\n 'b',\n]", "{ k = [1, { m = 2 }] }", "1.5", "2026-01-02", "12:30:00"),
        "'''\n\"\"\"'''",
    ]
)
STATEMENTS = st.lists(
    st.one_of(
        st.builds("{} = {}".format, st.sampled_from("abcdefg"), VALUES),
        st.sampled_from(["# a = 1", "", "[t1]", "[[q1]]", "[t2.u]", "[[q1.z]]"]),
    ),
    max_size=12,
)


@given(STATEMENTS)
def test_every_key_that_tomllib_finds_has_its_line(statements: list[str]) -> None:
    text = "\n".join(statements)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = lines_of(text)

    def paths(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
        inner = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type]
        found = []
        for key, item in inner:
            found.append((*path, key))
            if isinstance(item, dict | list):
                found += paths(item, (*path, key))
        return found

    rows = text.split("\n")
    for path in paths(values, ()):
        line = lines[path]
        if isinstance(path[-1], str):
            assert path[-1] in rows[line - 1]


@given(st.text(alphabet="ab=\"[]{}#,.\n'5 -", max_size=60))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    problems = Problems()
    document = parse("campaign.toml", text, problems)
    assert document.values or document.broken is not None
