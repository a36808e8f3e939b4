"""Step three for people who dialled by themselves, the opt-out, pictures, health."""

from __future__ import annotations

import pytest

from callbridge.domain.congress import Chamber
from tests.web.setting import Site


def test_the_numbers_are_shown_once_a_zip_is_given(site: Site) -> None:
    before = site.reader().page("/c/attorney-general/tell")
    assert not [link for link in before.links if link.startswith("tel:+1802")]
    page = site.reader().page("/c/attorney-general/tell?zip=05401")
    place = site.ctx.directory.lookup("05401", on=site.clock.now().date())
    for member in place.senators:
        assert member.chamber is Chamber.SENATE
        assert f"tel:{member.phone}" in page.links


def test_who_dialled_by_themselves_tells_what_was_said(site: Site) -> None:
    place = site.ctx.directory.lookup("05401", on=site.clock.now().date())
    form = {
        "zip": "05401",
        "target": place.senators[0].bioguide,
        "q.happened": "spoke",
        "q.position": "opposes",
    }
    answer = site.reader().post("/c/attorney-general/tell", data=form)
    assert answer.status_code == 303
    assert "We have kept that" in site.reader().get(answer.location).text
    with site.database.reading() as unit:
        kept = {(t.target, t.meaning.value) for t in unit.figures.tallies("attorney-general")}
    assert kept == {(place.senators[0].bioguide, m) for m in ("spoke", "opposes")}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"target": "X000000"}, 422),
        ({"q.happened": "nonsense"}, 422),
        ({"q.happened": ""}, 422),
        ({"zip": "00000"}, 422),
        ({"zip": ""}, 422),
    ],
)
def test_what_cannot_be_kept_is_shown_again(
    site: Site, change: dict[str, str], status: int
) -> None:
    place = site.ctx.directory.lookup("05401", on=site.clock.now().date())
    good = {"zip": "05401", "target": place.senators[0].bioguide, "q.happened": "spoke"}
    assert site.reader().post("/c/attorney-general/tell", data=good | change).status_code == status
    with site.database.reading() as unit:
        assert not unit.figures.tallies("attorney-general")


def test_a_zip_that_is_none_says_so_at_its_field(site: Site) -> None:
    answer = site.reader().get("/c/attorney-general/tell?zip=00000")
    assert answer.status_code == 422
    assert 'id="zip-error"' in answer.text


def test_a_number_given_to_the_opt_out_page_is_never_rung(site: Site) -> None:
    answer = site.reader().post("/stop", data={"phone": "202.555.0147"})
    assert answer.status_code == 303
    assert "Done." in site.reader().get(answer.location).text
    refused = site.ask()
    assert refused.status_code == 409
    assert 'id="phone-error"' in refused.text
    assert not site.line.placed


@pytest.mark.parametrize("phone", ["", "12", "+442079460000", "nonsense"])
def test_the_opt_out_page_says_what_it_cannot_read(site: Site, phone: str) -> None:
    answer = site.reader().post("/stop", data={"phone": phone})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_the_opt_out_page_is_no_tool_against_others(site: Site) -> None:
    statuses = [
        site.reader().post("/stop", data={"phone": f"202-555-01{n:02}"}).status_code
        for n in range(12)
    ]
    assert statuses == [303] * 10 + [429] * 2


def test_a_campaigns_picture_is_served_and_cannot_run(site: Site) -> None:
    page = site.reader().page("/c/attorney-general")
    source = next(image["src"] for image in page.images)
    answer = site.reader().get(source or "")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["campaign.toml", "page.md", "../settings.py", "none.png"])
def test_no_other_file_of_a_revision_is_served(site: Site, name: str) -> None:
    page = site.reader().page("/c/attorney-general")
    digest = str(next(image["src"] for image in page.images)).split("/")[2]
    assert site.reader(check=False).get(f"/media/{digest}/{name}").status_code == 404


def test_the_process_says_that_it_lives_and_whether_it_can_work(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.app.test_client()
    assert client.get("/healthz").json == {"alive": True}
    assert client.get("/readyz").json["campaigns"] == 3

    def gone() -> None:
        raise OSError("no database")

    monkeypatch.setattr(site.database, "reading", gone)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_an_old_directory_is_said_on_every_page(site: Site) -> None:
    for path in ("/", "/c/attorney-general", "/stop", "/sign-in", "/embed/attorney-general"):
        assert "Somebody may have left since" in site.reader().get(path).text
    site.clock.forward(days=60)
    assert "A new Congress has begun since" in site.reader().get("/").text


def test_a_fresh_directory_is_not_worth_a_word(site: Site) -> None:
    site.clock.at = site.clock.at.replace(year=2026, month=6, day=20)
    assert "list of members" not in site.reader().get("/").text
