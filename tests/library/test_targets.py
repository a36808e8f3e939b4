"""targets.csv as spreadsheets of the world write it."""

from __future__ import annotations

import codecs

import pytest

from callbridge.domain.campaign import LocalTarget
from callbridge.domain.problem import Problem, Severity
from callbridge.library.problems import Problems
from callbridge.library.targets import read_targets

HEAD = "name,title,phone\n"
ROW = "Ada Ruiz,Mayor,+15155550101\n"


def told(
    content: str | bytes, *, zone: str | None = None, members: frozenset[str] | None = None
) -> tuple[tuple[LocalTarget, ...], tuple[Problem, ...]]:
    problems = Problems()
    found = read_targets(
        content.encode() if isinstance(content, str) else content,
        zone=zone,
        members=members.__contains__ if members is not None else None,
        problems=problems,
    )
    return found, problems.all()


def only(content: str | bytes) -> LocalTarget:
    found, problems = told(content)
    assert not [p for p in problems if p.severity is Severity.ERROR], problems
    (target,) = found
    return target


def complaint(content: str | bytes) -> str:
    _, problems = told(content)
    assert len(problems) == 1, problems
    return str(problems[0])


def test_a_plain_row_becomes_a_target_with_an_office() -> None:
    target = only(HEAD + ROW)
    assert (target.id, target.name, target.title) == ("ada-ruiz", "Ada Ruiz", "Mayor")
    assert target.pronoun == "they"
    (office,) = target.offices
    assert (office.id, office.phone, office.zone) == (
        "ada-ruiz-1",
        "+15155550101",
        "America/Chicago",
    )


@pytest.mark.parametrize(
    "content",
    [
        HEAD.replace(",", ";") + ROW.replace(",", ";"),
        HEAD.replace(",", "\t") + ROW.replace(",", "\t"),
        "sep=;\n" + HEAD.replace(",", ";") + ROW.replace(",", ";"),
        "\n\n" + HEAD + "\n" + ROW + ",,\n",
        (HEAD + ROW).replace("\n", "\r\n"),
        "\ufeff" + HEAD + ROW,
        codecs.BOM_UTF16_LE + (HEAD + ROW).encode("utf-16-le"),
        "Full Name, Role ,Phone Number\n" + ROW,
        HEAD + ROW.replace("+1515", "'+1515"),
        HEAD + "Ada Ruiz,Mayor,(515) 555-0101\n",
        HEAD + "Ada Ruiz,Mayor,+1 515-555-0101\n",
        HEAD + "  Ada   Ruiz ,Mayor,515.555.0101\n",
        "phone,title,name\n+15155550101,Mayor,Ada Ruiz\n",
    ],
)
def test_however_it_is_saved_the_row_is_the_same(content: str | bytes) -> None:
    assert only(content) == only(HEAD + ROW)


def test_old_encodings_are_read_and_pointed_out() -> None:
    content = (HEAD + "José Núñez,Alcalde,+15155550101\n").encode("cp1252")
    found, problems = told(content)
    assert found[0].name == "José Núñez"
    assert [(p.line, p.severity) for p in problems] == [(2, Severity.ADVICE)]
    assert "José Núñez" in problems[0].what


def test_a_comma_inside_quotes_is_no_new_cell() -> None:
    assert only('name,title,phone\n"Ruiz, Ada","Mayor",+15155550101\n').name == "Ruiz, Ada"


@pytest.mark.parametrize(
    ("phone", "complaint_of_it"),
    [
        ("15155550101", 'line 2: The phone number 15155550101 has lost its plus. Write "+1515555'),
        ("5155550101", 'has lost its plus. Write "+15155550101".'),
        ("15155550101.0", 'has lost its plus. Write "+15155550101".'),
        ("1.51556E+10", "line 2: A spreadsheet has turned The phone number into 1.51556E+10"),
        ("+15155550101 x4", "or has an extension, which we do not dial."),
        ("+442079460000", "is not a number of the United States or its territories."),
        ("+1515555", "is not a number of the United States or its territories."),
        ("+19005550101", "is a premium number"),
        ("City Hall", "is not a telephone number."),
        ("", "The phone number is missing."),
    ],
)
def test_a_damaged_number_says_what_to_write(phone: str, complaint_of_it: str) -> None:
    assert complaint_of_it in complaint(f"{HEAD}Ada Ruiz,Mayor,{phone}\n")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("name,title,phon\n" + ROW, "'phon' is not a column. Did you mean 'phone'?"),
        ("name,title,phone,phone\nA,M,+15155550101,x\n", "Two columns are named 'phone'."),
        (HEAD + ",Mayor,+15155550101\n", "The name is missing."),
        (HEAD + "Ada,,+15155550101\n", "The title is missing. Write for example Council Member."),
        (HEAD + "Ada,Mayor,+15155550101,x,y\n", "This row has 5 cells and there are 3 columns."),
        ("id," + HEAD + "Ward 1," + ROW, "The id 'Ward 1' must be small letters"),
        ("zone," + HEAD + "Chicago," + ROW, "'Chicago' is not a time zone."),
        ("pronoun," + HEAD + "xe," + ROW, "'xe' is not a pronoun we can say."),
        ("lat," + HEAD + "91," + ROW, "'91' is not a lat in degrees."),
        ("lat," + HEAD + "north," + ROW, "'north' is not a lat in degrees."),
        (HEAD, "There is nobody in this list."),
        (HEAD + "Ada,Mayor,+12085550101\n", "The area code of +12085550101 does not settle"),
        ("bioguide\nx5\n", "'x5' is not a bioguide id"),
    ],
)
def test_a_spoilt_list_says_what_to_write(content: str, expected: str) -> None:
    _, problems = told(content)
    assert any(expected in str(problem) for problem in problems), problems


def test_two_rows_with_one_id_are_two_offices() -> None:
    rows = "ward-1,Ada Ruiz,Mayor,+15155550101\nward-1,Ada Ruiz,Mayor,+15155550102\n"
    target = only("id," + HEAD + rows)
    assert [office.id for office in target.offices] == ["ward-1-1", "ward-1-2"]


def test_one_id_cannot_be_two_people() -> None:
    rows = "ward-1,Ada Ruiz,Mayor,+15155550101\nward-1,Bo Lind,Mayor,+15155550102\n"
    assert "line 3: Two people, 'Ada Ruiz' and 'Bo Lind', have the id 'ward-1'." in complaint(
        "id," + HEAD + rows
    )


def test_a_member_of_congress_needs_the_bioguide_only() -> None:
    found, problems = told("bioguide,note\nW000800,Chairs it\n", members=frozenset({"W000800"}))
    assert not problems
    assert (found[0].id, found[0].bioguide, found[0].note) == ("W000800", "W000800", "Chairs it")
    assert found[0].offices == ()


def test_a_member_who_is_not_in_the_directory_is_named() -> None:
    _, problems = told("bioguide\nW000800\nX000001\n", members=frozenset({"W000800"}))
    assert [(p.line, p.what) for p in problems] == [
        (3, "The directory has no member X000001 in office.")
    ]


def test_the_zone_of_the_campaign_goes_before_the_area_code() -> None:
    found, _ = told(HEAD + ROW, zone="America/Denver")
    assert found[0].offices[0].zone == "America/Denver"


def test_problems_of_many_rows_are_all_named() -> None:
    rows = "".join(f"P{n},Mayor,1515555010{n}\n" for n in range(5))
    _, problems = told(HEAD + rows)
    assert [problem.line for problem in problems] == [2, 3, 4, 5, 6]
