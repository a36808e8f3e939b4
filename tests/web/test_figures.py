"""The analyst's pictures: each with its table and words; every total is a count over the export."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from xml.etree import ElementTree

import pytest

from callbridge.domain.selection import Selection
from callbridge.service import answers, exporting
from callbridge.service.figures import figures
from callbridge.web import drawing
from callbridge.web.figure_words import PICTURES
from tests.web.setting import Site, signed_in
from tests.web.test_call_page import connected, finish_bridge

SLUG = "safety-valve"
PAGE = f"/console/{SLUG}/figures"


@pytest.fixture
def called(site: Site) -> Site:
    """Return a site with finished calls, a corrected answer, one unanswered and one self-report."""
    for number in ("0151", "0152"):
        call = connected(site, SLUG, phone=f"(202) 555-{number}")
        finish_bridge(site, 3)
        site.clock.forward(days=1)
    answers.report(site.ctx, call, leg=1, question="happened", meaning="spoke")
    answers.report(site.ctx, call, leg=1, question="position", meaning="supports")
    answers.report(site.ctx, call, leg=1, question="position", meaning="opposes")
    site.call(SLUG, phone="(202) 555-0153")
    return site


def test_the_page_shows_each_picture_with_its_words_and_its_table(called: Site) -> None:
    page = signed_in(called, "analyst").get(PAGE).text
    found = figures(called.ctx, SLUG, Selection()).figures
    for make in PICTURES.values():
        picture = make(found)
        assert f'<h2 id="{picture.name}">' in page
        assert picture.description in unescape(page)
        assert bool(picture.rows) == (f'id="{picture.name}-table"' in page)
    assert "nobody drew a sample" in page.replace("\n", " ")


@pytest.mark.parametrize("chart", sorted(drawing.DRAWINGS))
def test_each_picture_comes_as_svg_and_as_png_without_a_script(called: Site, chart: str) -> None:
    reader = signed_in(called, "organizer")
    svg = reader.get(f"{PAGE}/{chart}.svg")
    assert svg.mimetype == "image/svg+xml"
    tags = {node.tag.split("}")[-1] for node in ElementTree.fromstring(svg.data).iter()}
    assert "svg" in tags
    assert not tags & {"script", "foreignObject", "style", "image"}
    assert "href" not in re.sub(r'xmlns:xlink="[^"]+"', "", svg.text)
    assert reader.get(f"{PAGE}/{chart}.png").data.startswith(b"\x89PNG")


def test_there_is_no_picture_of_another_name(called: Site) -> None:
    assert signed_in(called, "analyst").get(f"{PAGE}/weather.svg").status_code == 404


def test_an_empty_campaign_has_a_page_and_pictures_too(site: Site) -> None:
    reader = signed_in(site, "analyst")
    assert reader.get(PAGE).status_code == 200
    for chart in drawing.DRAWINGS:
        assert reader.get(f"{PAGE}/{chart}.svg").status_code == 200


def test_a_filter_lives_in_the_address_and_leaves_no_empty_field_there(called: Site) -> None:
    reader = signed_in(called, "analyst")
    answer = reader.get(f"{PAGE}?since=&state=vt&chamber=senate&party=")
    assert answer.status_code == 303
    assert answer.location == f"{PAGE}?chamber=senate&state=VT"
    page = unescape(reader.get(answer.location).text)
    assert "Filter: chamber senate, state VT" in page
    assert f"{PAGE}/funnel.svg?chamber=senate&state=VT" in page
    assert f"/console/{SLUG}/export/csv?chamber=senate&state=VT" in page


@pytest.mark.parametrize("path", ["figures", "figures/funnel.svg", "export/csv"])
def test_a_filter_that_cannot_be_read_is_refused_in_a_sentence(called: Site, path: str) -> None:
    answer = signed_in(called, "analyst").get(f"/console/{SLUG}/{path}?since=tomorrow")
    assert answer.status_code == 422
    assert "2026-11-03" in answer.text


def files_of(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Unpack a ZIP file."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        for name in file.namelist():
            yield name, file.read(name)


@pytest.mark.parametrize("kind", exporting.FORMATS)
def test_the_data_are_taken_away_as_one_zip_with_the_codebook(called: Site, kind: str) -> None:
    answer = signed_in(called, "analyst").get(f"/console/{SLUG}/export/{kind}")
    assert answer.mimetype == "application/zip"
    files = dict(files_of(answer.data))
    assert f"{SLUG}/codebook.md" in files
    wanted = f"{SLUG}.sqlite" if kind == "sqlite" else f"answers.{kind}"
    assert files[f"{SLUG}/{wanted}"]


def test_an_organizer_may_look_but_not_take_away(called: Site) -> None:
    reader = signed_in(called, "organizer")
    assert "Take the data away" not in reader.get(PAGE).text
    assert reader.get(f"/console/{SLUG}/export/csv").status_code == 403
