"""The report as an analyst opens it: a page that prints, and a PDF."""

from __future__ import annotations

from tests.web.setting import Site, signed_in


def test_the_report_is_a_page_with_its_pdf_and_its_maps(site: Site) -> None:
    reader = signed_in(site, "analyst")
    page = reader.get("/console/safety-valve/report")
    assert page.status_code == 200
    assert "No position has been reported yet." in page.text
    for address in ("/console/report.css", "/console/safety-valve/figures/senate.svg"):
        assert f'"{address}"' in page.text
        assert reader.get(address).status_code == 200
    assert "style=" not in page.text, "the content policy would refuse it"
    pdf = reader.get("/console/safety-valve/report.pdf")
    assert (pdf.status_code, pdf.content_type) == (200, "application/pdf")
    assert pdf.data.startswith(b"%PDF")


def test_a_report_of_no_campaign_is_not_found(site: Site) -> None:
    reader = signed_in(site, "analyst")
    assert reader.get("/console/nothing-like-it/report").status_code == 404
    assert reader.get("/console/nothing-like-it/report.pdf").status_code == 404
