"""The campaigns that ship: clean, timed, translated, and never refusing a call."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from callbridge.domain.campaign import Branch, Campaign, Pick
from callbridge.domain.preview import preview
from callbridge.domain.prompts import defaults, fill, placeholders_in
from callbridge.domain.spoken import seconds_to_say
from callbridge.domain.survey_defaults import DEFAULT_SURVEYS
from callbridge.library.files import files_of
from callbridge.library.reading import check, read
from tests.domain.world import LEAGUE, world
from tests.library.documents import SHIPPED

SLUGS = ("attorney-general", "safety-valve", "sunday-library")
SEEDS = Path(__file__).parents[2] / ".." / "shared" / "seeds"


@pytest.fixture(params=SLUGS)
def campaign(request: pytest.FixtureRequest) -> Campaign:
    return read(request.param, files_of(SHIPPED / request.param))


def test_the_folder_holds_what_the_tests_know() -> None:
    assert sorted(path.name for path in SHIPPED.iterdir() if path.is_dir()) == list(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_is_wrong_and_nothing_could_be_better(slug: str) -> None:
    assert check(slug, files_of(SHIPPED / slug)) == ()


def test_the_survey_is_the_default_one(campaign: Campaign) -> None:
    for wording in campaign.languages.values():
        assert wording.survey == DEFAULT_SURVEYS[wording.language]


def test_no_hours_refuse_a_call(campaign: Campaign) -> None:
    assert campaign.hours is None


def test_what_is_spoken_is_short(campaign: Campaign) -> None:
    for wording in campaign.languages.values():
        values = {"organization": "the Prairie League", "purpose": wording.purpose}
        greeting = fill(defaults(wording.language)["greeting"], values)
        assert seconds_to_say(greeting) <= 12
        script = wording.script
        assert seconds_to_say(f"{script.opening} {script.talking_points}") < 60
        assert all(seconds_to_say(reply) < 30 for reply in script.replies.values())


@pytest.mark.parametrize(
    ("slug", "language"),
    [
        ("attorney-general", "en"),
        ("attorney-general", "es"),
        ("safety-valve", "en"),
        ("safety-valve", "es"),
        ("sunday-library", "en"),
    ],
)
def test_the_whole_conversation_can_be_previewed(slug: str, language: str) -> None:
    campaign = read(slug, files_of(SHIPPED / slug))
    shown = preview(campaign, world("30161"), organization=LEAGUE, language=language)
    said = " ".join(piece.text for turn in shown.turns for piece in turn.heard)
    assert not placeholders_in(said)
    assert not re.search(r"\b(a|de) (el|la) (senador|representante)", said)
    assert shown.greeting_seconds <= 12
    assert shown.dialling_seconds is not None
    assert shown.dialling_seconds < 12
    targets = {turn.target for turn in shown.turns if turn.dials}
    assert len(targets) == {"attorney-general": 2, "safety-valve": 3, "sunday-library": 4}[slug]


def test_each_says_that_it_is_an_example(campaign: Campaign) -> None:
    for wording in campaign.languages.values():
        assert re.search("example campaign|campaña de ejemplo", wording.page_html)


def test_the_attorney_generals_page_has_footnotes_and_a_picture_in_two_languages() -> None:
    campaign = read("attorney-general", files_of(SHIPPED / "attorney-general"))
    assert campaign.order == (Pick.SENATE,)
    assert set(campaign.languages) == {"en", "es"}
    for wording in campaign.languages.values():
        ids = re.findall(r'id="([^"]+)"', wording.page_html)
        assert len(ids) == len(set(ids)) == 10
        assert wording.page_html.count('class="footnote-item"') == 5
        assert wording.picture is not None
        assert wording.picture.credit
        assert wording.picture.file == "columns.svg"


def test_the_safety_valve_answers_every_reply_of_the_staffer() -> None:
    campaign = read("safety-valve", files_of(SHIPPED / "safety-valve"))
    assert campaign.order == (Pick.HOUSE, Pick.SENATE)
    for wording in campaign.languages.values():
        assert set(wording.script.replies) == set(Branch)
        assert "<h4>" in wording.script_html["oppose"]
        assert "<" not in wording.script.replies[Branch.OPPOSE]


def test_the_library_calls_some_always_and_some_by_chance() -> None:
    campaign = read("sunday-library", files_of(SHIPPED / "sunday-library"))
    assert campaign.chambers == frozenset()
    assert (campaign.local_always, campaign.local_random) == (2, 2)
    assert len(campaign.local) == 6
    assert len(campaign.local[2].offices) == 2
    assert all(
        re.fullmatch(r"\+1\d{3}55501\d\d", office.phone or "")
        for row in campaign.local
        for office in row.offices
    )


def test_no_sentence_is_taken_from_the_texts_that_were_given() -> None:
    if not SEEDS.is_dir():
        pytest.skip("the organizers' texts are not beside this repository")

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"[a-z']+", re.sub(r"https?://\S+", " ", text.lower()))
        return {tuple(words[n : n + 8]) for n in range(len(words) - 7)}

    given = set().union(*(runs(path.read_text(encoding="utf-8")) for path in SEEDS.iterdir()))
    for slug in SLUGS:
        for path in (SHIPPED / slug).rglob("*.md"):
            text = re.sub(r'"[^"]{20,}"', " ", path.read_text(encoding="utf-8"))
            assert not runs(text) & given, path


def test_reading_the_same_files_gives_the_same_campaign(campaign: Campaign) -> None:
    assert read(campaign.slug, files_of(SHIPPED / campaign.slug)) == campaign
