"""The analyst's pages: the whip board, office numbers, the three signals."""

from __future__ import annotations

import pytest

from callbridge.domain.survey import Meaning
from callbridge.service import board as boards
from callbridge.service import health, rolling
from tests.web.quality import Reader
from tests.web.setting import Site, csrf_of, signed_in

BOARD = "/console/attorney-general/board"


def talk(site: Site, number: int, happened: str = "1", said: str = "2", seconds: int = 60) -> str:
    """Let a supporter call a senator of Vermont and key this; return the senator's id."""
    call = site.call(phone=f"(202) 555-01{number}")
    step = 0
    for form in (
        {},
        {"Digits": "1"},
        {"Digits": "1"},
        {"DialCallStatus": "completed", "DialCallDuration": str(seconds), "DialBridged": "true"},
        {"Digits": happened},
        {"Digits": said},
    ):
        with site.ctx.store.reading() as unit:
            record = unit.calls.by_id(call)
        assert record is not None
        step = record.call.step
        answer = site.voice(step, **form)
        assert answer.status_code == 200, answer.text
    with site.ctx.store.reading() as unit:
        (leg, *_) = unit.calls.legs(call)
    site.clock.forward(minutes=5)
    return leg.target


@pytest.fixture
def analyst(site: Site) -> Reader:
    """Return an analyst who has signed in."""
    return signed_in(site, "analyst")


def test_the_board_shows_interval_number_and_a_way_to_the_calls(
    site: Site, analyst: Reader
) -> None:
    target = talk(site, 41)
    talk(site, 42)
    talk(site, 43, said="3")
    page = analyst.page(BOARD)
    assert "supports it" in page.words
    assert f"{BOARD}/{target}#answers" in page.links
    answer = analyst.get(BOARD)
    assert '<line class="stretch"' in answer.text
    assert "Nothing reported yet" in answer.text
    shown = analyst.get(f"{BOARD}/{target}?meaning=opposes").text
    assert shown.count("Page of the call of") == 1
    assert analyst.get(f"{BOARD}?position=opposes").text.count("stretch") == 0


def test_evidence_is_set_beside_the_estimate_through_the_form(site: Site, analyst: Reader) -> None:
    target = talk(site, 41, said="3")
    token = csrf_of(analyst.get(f"{BOARD}/{target}").text)
    form = {
        "csrf_token": token,
        "position": "supports",
        "grade": "written",
        "source": "Letter of 3 May",
        "note": "<b>Yes</b> on the bill",
    }
    assert analyst.post(f"{BOARD}/{target}", data=form | {"note": ""}).status_code == 200
    assert not boards.target_board(site.ctx, "attorney-general", target).history
    assert analyst.post(f"{BOARD}/{target}", data=form).status_code == 303
    text = analyst.get(f"{BOARD}/{target}").text
    assert "&lt;b&gt;Yes&lt;/b&gt; on the bill" in text
    assert "analyst@example.org" in text
    row = boards.target_board(site.ctx, "attorney-general", target).row
    assert row.evidence is not None
    assert row.estimate.position is Meaning.OPPOSES
    assert analyst.post(f"{BOARD}/{target}", data={"position": ""}).status_code == 400


def test_a_dead_number_is_confirmed_and_lifted_on_its_page(site: Site, analyst: Reader) -> None:
    path = "/console/attorney-general/offices"
    assert "No number is in trouble." in analyst.get(path).text
    talk(site, 41, happened="5", said="", seconds=6)
    site.clock.forward(hours=1)
    talk(site, 42, happened="5", said="", seconds=6)
    rolling.roll_up(site.ctx)
    text = analyst.get(path).text
    phone = health.suspects(site.ctx)[0].number.phone
    form = {"csrf_token": csrf_of(text), "phone": phone}
    assert analyst.post(path, data=form).status_code == 303
    assert "Dial it again" in analyst.get(path).text
    assert analyst.post(path, data=form | {"do": "lift"}).status_code == 303
    assert "dial it no more" in analyst.get(path).text
    assert "No campaign has dialled" in analyst.post(path, data=form | {"phone": "+1"}).text


def test_an_organizer_reads_all_of_it_and_decides_nothing(site: Site, analyst: Reader) -> None:
    target = talk(site, 41, happened="1")
    talk(site, 42, happened="5", said="", seconds=6)
    site.clock.forward(hours=1)
    talk(site, 43, happened="5", said="", seconds=6)
    rolling.roll_up(site.ctx)
    organizer = signed_in(site, "organizer")
    console = "/console/attorney-general"
    assert "stretch" in organizer.get(BOARD).text
    assert "Three signals" in organizer.get(f"{console}/signals").text
    for path in (f"{BOARD}/{target}", f"{console}/offices"):
        form = f'<form method="post" action="{path}">'
        assert form in analyst.get(path).text
        assert form not in organizer.get(path).text
    assert "/log?" not in organizer.get(f"{console}/offices").text
    assert organizer.get(f"{console}/report").status_code == 200
    token = csrf_of(organizer.get("/console").text)
    for path in (f"{BOARD}/{target}", f"{console}/offices"):
        refused = organizer.post(path, data={"csrf_token": token})
        assert refused.status_code == 403
        assert "This is for analysts." in refused.text


def test_signals_that_disagree_are_counted_and_listed(site: Site, analyst: Reader) -> None:
    talk(site, 41, seconds=9)
    rolling.roll_up(site.ctx)
    path = "/console/attorney-general/signals"
    text = analyst.get(path).text
    assert "Page of the call of" in text
    assert "Page of the call of" not in analyst.get(f"{path}?kind=full-but-long").text
    assert "Page of the call of" in analyst.get(f"{path}?kind=spoke-but-short").text


def test_an_unknown_member_or_campaign_is_not_found(analyst: Reader) -> None:
    assert analyst.get(f"{BOARD}/Z999999").status_code == 404
    assert analyst.get("/console/none/board").status_code == 404
    assert analyst.get("/console/none/offices").status_code == 404
    assert analyst.get("/console/none/signals").status_code == 404
