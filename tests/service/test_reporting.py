"""The one-page report: counted as the board counts, printed on one page, mailed once a night."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from callbridge.domain.deliveries import MailWish
from callbridge.errors import NotFoundError, RefusedError
from callbridge.paper.printing import Paper
from callbridge.service import board as boards
from callbridge.service import chores, reporting
from callbridge.service.deliveries.sending import deliver
from callbridge.web import drawing
from tests.post.receivers import mail_server
from tests.service.setting import Service
from tests.service.test_board import talk
from tests.service.test_mailing import mailed

# On PostgreSQL by night.
pytestmark = pytest.mark.sqlite_by_day

TO = "ada@example.org"


@pytest.fixture
def printing(service: Service) -> Service:
    """Return a service that prints."""
    return replace(service, ctx=replace(service.ctx, printer=Paper(drawing.render)))


def words(pdf: bytes) -> tuple[int, str]:
    """Return how many pages a PDF has and what stands on them."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return len(pages), " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_a_report_counts_what_the_board_counts_and_fits_on_one_page(printing: Service) -> None:
    talk(printing, 1, "1", "2")
    _, target = talk(printing, 2, "1", "2")
    talk(printing, 3, "1", "5")
    found = reporting.report(printing.ctx, "water")
    stands = boards.board(printing.ctx, "water")
    assert found.members == len(stands.rows)
    (known,) = [row for row in stands.rows if row.estimate.position]
    assert known.who.target == target
    assert [line.name for line in found.supporting] == [known.who.name]
    assert (found.known, found.funnel.created, found.lately.created) == (1, 3, 3)
    pages, text = words(reporting.printer(printing.ctx).pdf(found))
    assert pages == 1
    for shown in (found.title, known.who.name, found.organization, "1 support", "3 calls"):
        assert shown in text
    assert "nobody drew a sample" in text


def test_a_report_of_a_campaign_without_calls_says_so(printing: Service) -> None:
    found = reporting.report(printing.ctx, "water")
    pages, text = words(reporting.printer(printing.ctx).pdf(found))
    assert (pages, "No position has been reported yet." in text) == (1, True)
    assert "0 calls" in reporting.printer(printing.ctx).text(found).replace("Calls: 0", "0 calls")
    with pytest.raises(NotFoundError):
        reporting.report(printing.ctx, "nothing-like-it")


def test_however_long_the_names_the_report_stays_on_one_page(printing: Service) -> None:
    talk(printing, 1, "1", "2")
    found = reporting.report(printing.ctx, "water")
    long = [replace(found.supporting[0], name="Hieronymus " * 12)] * 8
    crowded = replace(
        found, title="A very long title " * 12, supporting=long, open=long, opposing=long
    )
    pages, text = words(reporting.printer(printing.ctx).pdf(crowded))
    assert pages == 1
    assert "A very long title" in text


def test_what_a_title_says_cannot_become_part_of_the_page(printing: Service) -> None:
    found = replace(reporting.report(printing.ctx, "water"), title="<img src=http://127.0.0.1/x>")
    page = reporting.printer(printing.ctx).html(found)
    assert "<img" not in page
    assert "&lt;img" in page


def test_the_report_of_the_night_goes_once_to_everybody_who_asked(printing: Service) -> None:
    with mail_server() as server:
        service = mailed(printing, server.port)
        service = replace(service, ctx=replace(service.ctx, printer=printing.ctx.printer))
        talk(service, 1, "1", "2")
        assert chores.mail_reports(service.ctx) == "Nobody asked for reports."
        with service.database.writing() as unit:
            unit.outbox.wish(TO, {MailWish.NIGHTLY_REPORT})
        assert chores.mail_reports(service.ctx) == "Mailed 1 reports to 1 people."
        assert chores.mail_reports(service.ctx) == "No report is due."
        deliver(service.ctx, owner="dialer")
        (came,) = server.taken
        parts = {part.get_content_type() for part in came.walk()}
        assert {"text/plain", "text/html", "application/pdf"} <= parts
        (pdf,) = [p for p in came.walk() if p.get_content_type() == "application/pdf"]
        assert words(pdf.get_payload(decode=True))[0] == 1
        # A day on nothing has happened since; the day after a call it goes again.
        service.clock.forward(hours=48)
        assert chores.mail_reports(service.ctx) == "No report is due."
        talk(service, 2, "1", "2")
        assert chores.mail_reports(service.ctx) == "Mailed 1 reports to 1 people."


def test_no_report_goes_out_before_its_hour(printing: Service) -> None:
    early = printing.with_settings(REPORT_HOUR="23")
    assert chores.mail_reports(early.ctx) == "Reports go out after 23:00."


def test_without_a_printer_or_a_mail_server_it_says_what_is_missing(service: Service) -> None:
    with pytest.raises(RefusedError, match="not printed here"):
        reporting.printer(service.ctx)
    (job,) = [one for one in chores.JOBS if one.name == "reports"]
    assert job.off(service.ctx) == "No mail server is set up: SMTP_URL, MAIL_FROM."
