"""Asking for a call on a page: errors stand where the person is and keep what was typed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from callbridge.domain.congress import Place
from callbridge.library.files import files_of
from callbridge.service import publishing
from tests.web.quality import Page
from tests.web.setting import CAMPAIGNS, Site

# A ZIP of Manhattan in two districts, and one that crosses from Georgia into Alabama.
SPLIT = "10001"
CROSSING = "30165"


def field(page: Page, name: str) -> dict[str, str | None]:
    """Return a field of the form."""
    return next(one for one in page.fields if one.get("name") == name)


@pytest.mark.parametrize(
    ("sent", "name", "words"),
    [
        ({"phone": ""}, "phone", "Write the number"),
        ({"phone": "12"}, "phone", "Please check the digits"),
        ({"phone": "+44 20 7946 0000"}, "phone", "United States"),
        ({"zip": "123"}, "zip", "five digits"),
        ({"zip": "00000"}, "zip", ""),
        ({"zip": "96960"}, "zip", "Marshall"),
    ],
)
def test_an_error_stands_at_its_field_and_keeps_what_was_typed(
    site: Site, sent: dict[str, str], name: str, words: str
) -> None:
    answer = site.ask(**sent)
    assert answer.status_code == 422
    page = Page(answer.text)
    wrong = field(page, name)
    assert wrong["aria-invalid"] == "true"
    assert wrong["aria-describedby"] == f"{name}-error"
    assert words in answer.text
    typed = {"phone": "(202) 555-0147", "zip": "05401"} | sent
    assert [field(page, n)["value"] for n in ("phone", "zip")] == [typed["phone"], typed["zip"]]
    assert "checked" in next(f for f in page.fields if f.get("name") == "consent")
    assert not site.line.placed


def test_without_the_box_nobody_is_rung(site: Site) -> None:
    answer = site.ask(consent="")
    assert answer.status_code == 422
    assert "Please tick the box" in answer.text
    assert not site.line.placed


def test_a_paused_campaign_says_so_before_and_after(site: Site) -> None:
    publishing.pause(site.ctx, "attorney-general")
    assert "is paused" in site.reader().get("/c/attorney-general").text
    answer = site.ask()
    assert answer.status_code == 409
    assert not site.line.placed


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "It opens tomorrow at 9:00 am EST."), ("es", "Abre el miércoles 18 noviembre, 09:00.")],
)
def test_a_campaign_with_hours_of_its_own_says_when_it_opens(
    site: Site, language: str, words: str
) -> None:
    documents = dict(files_of(CAMPAIGNS / "attorney-general"))
    hours = b'\n[hours]\nopens = "9:00"\ncloses = "11:00"\nzone = "America/New_York"\n'
    documents["campaign.toml"] += hours
    publishing.publish(site.ctx, "attorney-general", documents)
    form = {"phone": "(202) 555-0147", "zip": "05401", "consent": "yes"}
    answer = site.reader().post(f"/c/attorney-general?lang={language}", data=form)
    assert answer.status_code == 409
    assert words in answer.text
    assert not site.line.placed


def test_too_many_calls_are_said_on_the_page(site: Site) -> None:
    settings = replace(site.ctx.settings, limit_network_hour=1)
    site.app.extensions["callbridge"] = replace(site.ctx, settings=settings)
    assert site.ask().status_code == 303
    answer = site.ask(phone="(202) 555-0148")
    assert answer.status_code == 429
    assert 'role="alert"' in answer.text


def test_the_consent_wording_beside_the_box_is_the_one_that_is_stored(site: Site) -> None:
    answer = site.ask()
    call = answer.location.rsplit("/", 1)[-1]
    with site.database.reading() as unit:
        record = unit.calls.by_id(call)
        assert record is not None
        stored = unit.connection.exec_driver_sql("select words from consents").scalar_one()
    assert stored in site.reader().get("/c/attorney-general").text
    assert "automated voice of Prairie League" in stored


def test_a_split_zip_asks_for_the_district_by_the_members_names(site: Site) -> None:
    answer = site.ask("safety-valve", zip=SPLIT)
    assert answer.status_code == 200
    page = Page(answer.text)
    districts = [f["value"] for f in page.fields if f.get("name") == "district"]
    place = site.ctx.directory.lookup(SPLIT, on=site.clock.now().date())
    assert districts == [*place.districts, "unsure"]
    assert all(m.name in answer.text for m in place.representatives)
    assert not site.line.placed


def test_a_district_that_was_chosen_is_called(site: Site) -> None:
    place = site.ctx.directory.lookup(SPLIT, on=site.clock.now().date())
    answer = site.ask("safety-valve", zip=SPLIT, district=place.districts[0])
    assert answer.status_code == 303
    page = site.reader().get(answer.location).text
    assert place.representatives[0].last_name in page


def test_who_is_not_sure_is_asked_on_the_phone(site: Site) -> None:
    assert site.ask("safety-valve", zip=SPLIT, district="unsure").status_code == 303
    assert len(site.line.placed) == 1


def test_a_district_of_somewhere_else_is_refused(site: Site) -> None:
    answer = site.ask("safety-valve", zip=SPLIT, district="CA-12")
    assert answer.status_code == 422
    assert not site.line.placed


def test_a_campaign_for_senators_asks_only_when_a_zip_crosses_states(site: Site) -> None:
    assert site.ask("attorney-general", zip=SPLIT).status_code == 303
    answer = site.ask("attorney-general", zip=CROSSING, phone="(202) 555-0148")
    assert answer.status_code == 200
    assert "crosses a state line" in answer.text


@dataclass
class Known:
    """A geocoder that knows one district."""

    found: str | None

    def district(self, *, address: str, place: Place) -> str | None:
        """Return it."""
        return self.found


def test_a_street_address_settles_the_district(site: Site) -> None:
    place = site.ctx.directory.lookup(SPLIT, on=site.clock.now().date())
    known = Known(place.districts[1])
    site.app.extensions["callbridge"] = replace(site.ctx, narrower=known)
    answer = site.ask("safety-valve", zip=SPLIT, street="1 Main Street")
    assert answer.status_code == 303


def test_an_address_that_is_not_found_leaves_the_choice(site: Site) -> None:
    site.app.extensions["callbridge"] = replace(site.ctx, narrower=Known(None))
    answer = site.ask("safety-valve", zip=SPLIT, street="1 Nowhere")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert field(page, "street")["value"] == "1 Nowhere"
    assert field(page, "street")["aria-invalid"] == "true"


def test_a_campaign_of_local_offices_needs_no_zip(site: Site) -> None:
    page = site.reader().page("/c/sunday-library")
    assert all(one.get("name") != "zip" for one in page.fields)
    form = {"phone": "(202) 555-0147", "consent": "yes"}
    assert site.reader().post("/c/sunday-library", data=form).status_code == 303


def test_a_form_in_a_frame_stays_in_the_frame(site: Site) -> None:
    form = {"phone": "(202) 555-0147", "zip": "05401", "consent": "yes"}
    answer = site.reader().post("/embed/attorney-general", data=form)
    assert answer.location.startswith("/embed/calls/")
    assert site.reader().get(answer.location).status_code == 200
