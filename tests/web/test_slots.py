"""Picking a time on a campaign's page, and the page with which it is moved, skipped and stopped."""

from __future__ import annotations

import re
from datetime import date

import pytest

from callbridge.domain.appointments import OneOff, Slot, Weekly
from callbridge.domain.records import AppointmentRecord
from callbridge.service import opting_out
from tests.web.setting import Site

# The site's clock stands at a Tuesday's noon in Washington.
WISH = {"later": "yes", "day": "1", "time": "600", "repeat": "once"}


def planned(site: Site, **more: str) -> str:
    """Ask for a ring at another time by the form; return the path of its page."""
    answer = site.ask(**WISH | more)
    assert answer.status_code == 303, answer.text
    assert not site.line.placed
    path = str(answer.location).partition("?")[0]
    assert re.fullmatch(r"/ring/[0-9a-f]{32}", path)
    return path


def kept(site: Site, path: str) -> AppointmentRecord:
    """Return the row behind a page."""
    with site.database.reading() as unit:
        record = unit.appointments.by_token(path.rpartition("/")[2])
    assert record is not None
    return record


def test_the_form_offers_days_and_hours_and_rings_now_by_default(site: Site) -> None:
    page = site.reader().page("/c/attorney-general")
    assert "Ring me at another time" in page.words
    assert "The offices are closed" not in page.words
    assert site.ask(**WISH | {"later": ""}).location.startswith("/calls/")


def test_a_time_that_was_picked_is_shown_in_plain_words_with_its_clock(site: Site) -> None:
    path = planned(site)
    text = site.reader().page(path).words
    assert "We ring you on Wednesday, November 18, 10:00" in text
    assert "Eastern Time, the clock where you live" in text
    assert kept(site, path).rule == OneOff(
        zone="America/New_York", slot=Slot(day=date(2026, 11, 18), minute=600)
    )


def test_the_clock_is_the_one_of_the_zip(site: Site) -> None:
    path = planned(site, zip="94110", day="2026-11-20", time="870")
    text = site.reader().page(path).words
    assert "Friday, November 20, 2:30" in text
    assert "Pacific Time" in text


def test_offices_that_are_closed_can_be_waited_for(site: Site) -> None:
    site.clock.forward(hours=7)
    assert "The offices are closed at this hour" in site.reader().page("/c/attorney-general").words
    path = planned(site, day="open")
    assert "We ring you soon after the offices open: Wednesday, November 18, 9:00" in (
        site.reader().page(path).words
    )


@pytest.mark.parametrize(
    "wish",
    [
        {"day": "0", "time": "600"},
        {"day": "1", "time": "1290"},
        {"day": "1", "time": "soon"},
        {"day": "yesterday"},
        {"day": "2026-11-16"},
        {"day": "2027-11-16"},
        {"day": "1", "time": "-600"},
    ],
)
def test_a_time_that_cannot_be_stands_at_its_field_and_plans_nothing(
    site: Site, wish: dict[str, str]
) -> None:
    answer = site.ask(**WISH | wish)
    assert answer.status_code == 422
    assert 'id="when-error"' in answer.text
    assert not site.line.placed


def test_a_weekly_call_says_its_days_and_is_moved_skipped_and_stopped(site: Site) -> None:
    path = planned(site, repeat="weekly")
    reader = site.reader()
    assert "From then on we ring you every Wednesday at 10:00" in reader.page(path).words
    assert reader.post(f"{path}/skip", data={}).status_code == 303
    text = reader.page(path).words
    assert "We ring you on Wednesday, November 25, 10:00" in text
    assert "Left out: Wednesday, November 18." in text
    assert reader.post(f"{path}/move", data={"days": "3", "time": "870"}).status_code == 303
    assert "We ring you on Thursday, November 19, 2:30" in reader.page(path).words
    answer = reader.post(f"{path}/stop", data={})
    assert answer.status_code == 303
    assert "No more calls are planned" in reader.page(answer.location).words
    assert kept(site, path).reason == "stopped"
    assert reader.post(f"{path}/move", data={"days": "3", "time": "870"}).status_code == 422


def test_a_single_call_is_moved_to_another_day(site: Site) -> None:
    path = planned(site)
    reader = site.reader()
    assert reader.post(f"{path}/move", data={"day": "2026-11-19", "time": "960"}).status_code == 303
    assert "We ring you on Thursday, November 19, 4:00" in reader.page(path).words
    wrong = reader.post(f"{path}/move", data={"day": "1", "time": "1350"})
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text


def test_working_days_leave_the_weekend_out(site: Site) -> None:
    path = planned(site, repeat="working-days")
    rule = kept(site, path).rule
    assert isinstance(rule, Weekly)
    assert rule.days == frozenset(range(5))
    assert "every working day at 10:00" in site.reader().page(path).words


def test_a_number_has_one_such_call_for_a_campaign(site: Site) -> None:
    planned(site)
    answer = site.ask(**WISH | {"time": "660"})
    assert answer.status_code == 409
    assert "has such a call planned already" in answer.text
    planned(site, repeat="weekly")


def test_the_opt_out_ends_what_is_planned(site: Site) -> None:
    path = planned(site)
    opting_out.opt_out(site.ctx, "(202) 555-0147")
    assert kept(site, path).reason == "opted-out"
    assert "No more calls are planned" in site.reader().page(path).words
    assert site.ask(**WISH).status_code == 409


def test_a_link_that_is_none_finds_nothing(site: Site) -> None:
    for path in ("/ring/" + "0" * 32, "/ring/1", "/ring/%00"):
        assert site.reader().get(path).status_code == 404
    assert site.reader().post("/ring/" + "0" * 32 + "/stop", data={}).status_code == 404


def test_the_page_of_a_ring_is_kept_from_searches_and_caches(site: Site) -> None:
    answer = site.reader().get(planned(site))
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "0147" not in answer.text


def test_the_page_speaks_spanish_too(site: Site) -> None:
    path = planned(site, repeat="weekly")
    text = site.reader().page(f"{path}?lang=es").words
    assert "Le llamamos el miércoles 18 de noviembre, 10:00" in text
    assert "cada miércoles a las 10:00" in text


def test_a_frame_rings_now_only(site: Site) -> None:
    assert "another time" not in site.reader().page("/embed/attorney-general").words
    form = {"phone": "(202) 555-0147", "zip": "05401", "consent": "yes"} | WISH
    answer = site.reader().post("/embed/attorney-general", data=form)
    assert "/embed/calls/" in answer.location
