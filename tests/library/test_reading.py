"""A whole campaign: read into its value, or refused with every problem at once."""

from __future__ import annotations

from datetime import date

import pytest

from callbridge.domain.campaign import Branch, CallerId, Hours, Pick
from callbridge.domain.problem import Severity
from callbridge.domain.survey import Meaning
from callbridge.domain.survey_defaults import DEFAULT_SURVEYS
from callbridge.errors import CampaignProblemsError
from callbridge.library import reading
from callbridge.library.reading import check, read
from callbridge.service.ports import CampaignReader
from tests.library.documents import GOOD, QUESTIONS, SCRIPT, TOML, advice, errors, files, in_toml

EVERYTHING = (
    TOML
    + """
language = "en"
order = ["senate", "local", "house"]
most = 3
number = "+12025550123"
caller_id = "supporter"
talk_minutes = 5
shift = ["forest", "river"]
recess = ["2026-08-03 to 2026-08-05", 2026-11-27]

[organization]
name = "The River League"
phone = "(202) 555-0142"

[hours]
days = ["mon", "fri"]
opens = "9:30"
closes = "5 pm"
zone = "America/Denver"

[limits]
calls_a_minute = 60
calls_a_number_a_day = 2

[local]
always = 1
random = 1
zone = "America/Boise"

[prompts]
thanks = "Thanks a lot."
"""
)
PEOPLE = "name,title,phone\nAda Ruiz,Mayor,+12085550101\nBo Lind,Clerk,+12085550102\n"


def test_a_small_campaign_is_read_with_the_defaults() -> None:
    campaign = read("river", GOOD)
    assert campaign.slug == "river"
    assert campaign.language == "en"
    assert campaign.order == (Pick.HOUSE, Pick.SENATE)
    assert (campaign.most, campaign.seconds) == (5, 900)
    assert campaign.caller_id is CallerId.CAMPAIGN
    assert campaign.hours is None
    assert campaign.number is None
    assert campaign.wording().survey == DEFAULT_SURVEYS["en"]
    assert campaign.wording().page_html == "<p>The river is low.</p>"
    assert campaign.wording().script.talking_points == "Please save the river, {member}."


def test_every_setting_reaches_the_campaign() -> None:
    campaign = read("river", files(campaign_toml=EVERYTHING, targets_csv=PEOPLE))
    assert campaign.order == (Pick.SENATE, Pick.LOCAL, Pick.HOUSE)
    assert campaign.most == 3
    assert campaign.number == "+12025550123"
    assert campaign.caller_id is CallerId.SUPPORTER
    assert campaign.seconds == 300
    assert campaign.recess == (
        date(2026, 8, 3),
        date(2026, 8, 4),
        date(2026, 8, 5),
        date(2026, 11, 27),
    )
    assert campaign.organization == "The River League"
    assert campaign.organization_phone == "+12025550142"
    assert campaign.hours == Hours(
        days=frozenset({0, 4}), opens=570, closes=1020, zone="America/Denver"
    )
    assert (campaign.calls_per_minute, campaign.calls_per_number_day) == (60, 2)
    assert (campaign.local_always, campaign.local_random) == (1, 1)
    assert [row.name for row in campaign.local] == ["Ada Ruiz", "Bo Lind"]
    assert campaign.local[0].offices[0].zone == "America/Boise"
    assert campaign.wording().prompts == {"thanks": "Thanks a lot."}
    assert campaign.shift == ("forest",)  # itself comes first in any case


def test_the_module_is_what_the_service_asks_for() -> None:
    reader: CampaignReader = reading
    assert reader.read("river", GOOD).slug == "river"


def test_a_campaign_with_an_error_is_refused_with_all_of_them() -> None:
    spoilt = files(campaign_toml=TOML.replace("title", "titel") + "most = 50\n", page_md=None)
    with pytest.raises(CampaignProblemsError) as refused:
        read("river", spoilt)
    problems = refused.value.extra["problems"]
    assert problems == check("river", spoilt)
    assert len(problems) == 4
    assert "(and 3 more)" in str(refused.value)


def test_advice_alone_does_not_keep_a_campaign_back() -> None:
    long = "## Talking points\n\n" + "Please save the river now. " * 40
    found = check("river", files(script_md=long))
    assert [problem.severity for problem in found] == [Severity.ADVICE]
    assert found[0].what.endswith("takes 80 seconds to say.")
    assert read("river", files(script_md=long)).slug == "river"


def test_a_greeting_over_twelve_seconds_is_advised_against() -> None:
    long = TOML.replace("the river", "the river and its banks and every single tributary it has")
    assert advice(campaign_toml=long) == [
        "campaign.toml, line 3: The greeting takes 15 seconds to say. "
        "Aim for 12 seconds, about 30 words."
    ]


def test_missing_files_are_named_once_each() -> None:
    assert sorted(p.file for p in check("river", {})) == ["campaign.toml", "page.md", "script.md"]


@pytest.mark.parametrize("slug", ["River", "the river", "../river", "river_1", "a" * 61, ""])
def test_a_slug_must_suit_an_address(slug: str) -> None:
    assert any("folder's name" in p.what for p in check(slug, GOOD))


def test_a_purpose_is_no_sentence() -> None:
    assert errors(campaign_toml=TOML.replace('river"\n', 'river."\n')) == [
        "campaign.toml, line 3: The purpose is the middle of a sentence: “You asked us to connect "
        'you with …”. Leave out the full stop: "Congress about the river"'
    ]


def test_a_shift_names_folders_of_campaigns() -> None:
    assert read("river", GOOD).shift is None
    assert read("river", files(campaign_toml="shift = []\n" + TOML)).shift == ()
    assert any("'The Forest' is no campaign" in p for p in in_toml('shift = ["The Forest"]'))
    assert any("must be a list of campaigns" in problem for problem in in_toml("shift = true"))


def test_local_in_the_order_wants_a_list() -> None:
    assert any("there is no targets.csv" in found for found in in_toml('order = ["local"]'))


def test_a_list_wants_local_in_the_order() -> None:
    assert any("does not call anybody in it" in found for found in errors(targets_csv=PEOPLE))


def test_more_always_than_there_are_is_refused() -> None:
    toml = TOML + 'order = ["local"]\n[local]\nalways = 3\n'
    found = errors(campaign_toml=toml, targets_csv=PEOPLE)
    assert any("3 are always called, and the list has 2" in problem for problem in found)


def test_nobody_always_and_nobody_at_random_is_refused() -> None:
    toml = TOML + 'order = ["local"]\n[local]\nrandom = 0\n'
    assert any("nobody is called" in p for p in errors(campaign_toml=toml, targets_csv=PEOPLE))


def test_always_without_random_is_pointed_out() -> None:
    toml = TOML + 'order = ["local"]\n[local]\nalways = 1\n'
    found = advice(campaign_toml=toml, targets_csv=PEOPLE)
    assert [one.split(":")[0] for one in found] == ["campaign.toml, line 5"]
    assert "'always' changes nothing" in found[0]


ES_TOML = 'title = "Salve el río"\nsummary = "Hay poca agua."\npurpose = "el Congreso"\n'
ES = {
    "es__campaign_toml": ES_TOML,
    "es__page_md": "Hay poca agua.\n",
    "es__script_md": "## Qué decir\n\nPida que {member} dé agua.\n",
}


def test_a_translation_is_a_wording_of_its_own() -> None:
    campaign = read("river", files(**ES))
    spanish = campaign.wording("es")
    assert set(campaign.languages) == {"en", "es"}
    assert spanish.title == "Salve el río"
    assert spanish.script.talking_points == "Pida que {member} dé agua."
    assert spanish.survey == DEFAULT_SURVEYS["es"]


def test_a_campaign_may_be_in_spanish_alone() -> None:
    spanish = {name.removeprefix("es__"): text for name, text in ES.items()}
    spanish["campaign_toml"] += 'language = "es"\n'
    campaign = read("rio", files(**spanish))
    assert campaign.language == "es"
    assert campaign.wording().survey == DEFAULT_SURVEYS["es"]


def test_settings_stand_once_in_the_main_document() -> None:
    spoilt = ES | {"es__campaign_toml": ES_TOML + "most = 2\n"}
    assert errors(**spoilt) == [
        "es/campaign.toml, line 4: 'most' is not a key. "
        "Leave it out here: it stands once, in the main campaign.toml."
    ]


def test_a_half_translated_campaign_names_what_is_missing() -> None:
    found = check("river", files(es__page_md="Hay poca agua.\n"))
    assert sorted(p.file for p in found) == ["es/campaign.toml", "es/script.md"]


def test_replies_must_be_in_both_languages() -> None:
    found = errors(**ES, script_md=SCRIPT + "\n## If they oppose\n\nPlease think again.\n")
    assert found == [
        "es/script.md: A reply for 'oppose' is in one script and missing in this one. "
        "Write it in both languages."
    ]


def test_questions_of_its_own_are_read() -> None:
    survey = read("river", files(campaign_toml=TOML + QUESTIONS)).wording().survey
    assert [question.id for question in survey.questions] == ["happened", "position"]
    first = survey.questions[0].options[0]
    assert (first.key, first.words, first.meaning) == ("1", "We talked", Meaning.SPOKE)
    assert first.then == "position"


def test_the_replies_are_found_by_their_headings() -> None:
    script = SCRIPT + "\n# If they oppose\n\nThink again.\n".replace("# If", "## If")
    assert read("river", files(script_md=script)).wording().script.replies == {
        Branch.OPPOSE: "Think again."
    }


def test_files_that_nothing_reads_are_named() -> None:
    found = check("river", {**GOOD, "scrpt.md": b"x", "fr/page.md": b"x", "list.xlsx": b"PK"})
    assert [(p.file, p.instead) for p in found] == [
        ("fr/page.md", "Translations stand in en or es, recordings in audio."),
        ("list.xlsx", "Save the sheet as CSV, with the name targets.csv."),
        ("scrpt.md", "Did you mean 'script.md'?"),
    ]
