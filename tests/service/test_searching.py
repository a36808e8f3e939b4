"""The log and its search by number, saved filters, two revisions: on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from callbridge.domain.asking import LogCursor, read_cursor
from callbridge.domain.selection import Selection, read_selection
from callbridge.errors import NotFoundError, PhoneError, RefusedError
from callbridge.service import reading, searching
from callbridge.service.comparing import compare_revisions
from tests.service.setting import NOON, Service
from tests.service.test_answers import surveyed

ALL = Selection()


def test_a_whole_number_finds_its_calls_and_the_search_is_noted_without_it(
    service: Service,
) -> None:
    mine = [surveyed(service) for _ in range(2)]
    service.start("202-555-0148")
    found = searching.search(service.ctx, "water", "(202) 555-0147", who="ann@example.org")
    assert {call.call for call in found} == set(mine)
    assert searching.search(service.ctx, "water", "202-555-0199", who="bob@example.org") == []
    noted = searching.searches(service.ctx, "water")
    assert [(one.who, one.found, one.at) for one in noted] == [
        ("bob@example.org", 0, NOON),
        ("ann@example.org", 2, NOON),
    ]
    with service.database.reading() as unit:
        kept = str(unit.connection.execute(text("SELECT * FROM searches")).all())
    assert "5550147" not in kept and found[0].supporter not in kept


@pytest.mark.parametrize("number", ["", "555-01", "not a number", "2025550147; DROP TABLE"])
def test_part_of_a_number_finds_nothing_and_is_refused(service: Service, number: str) -> None:
    with pytest.raises(PhoneError):
        searching.search(service.ctx, "water", number, who="ann@example.org")
    assert searching.searches(service.ctx, "water") == []


def test_a_search_stays_within_its_campaign(service: Service) -> None:
    surveyed(service)
    service.publish("fire")
    assert searching.search(service.ctx, "fire", "202-555-0147", who="a@example.org") == []
    with pytest.raises(NotFoundError):
        searching.search(service.ctx, "earth", "202-555-0147", who="a@example.org")


def test_the_pages_of_the_log_hold_every_call_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    made = []
    for number in range(150, 155):
        made.append(service.start(f"202-555-0{number}").call)
        if number % 2:
            service.clock.forward(minutes=1)
    seen, after = [], None
    while True:
        page = searching.log_page(service.ctx, "water", ALL, after=after)
        seen += [call.call for call in page.calls]
        if page.next is None:
            break
        after = read_cursor(page.next.text())
    assert sorted(seen) == sorted(made)
    assert len(searching.log_page(service.ctx, "water", read_selection({"state": "VT"})).calls) == 0


@pytest.mark.parametrize("cursor", ["", "x", "2026-11-17~abc", "2026-11-17T17:00:00+00:00~a b"])
def test_a_cursor_that_is_none_begins_at_the_top(cursor: str) -> None:
    assert read_cursor(cursor) is None


def test_a_cursor_survives_the_way_through_an_address() -> None:
    cursor = LogCursor(created=NOON, call="abc123")
    assert read_cursor(cursor.text()) == cursor


def test_a_filter_is_saved_replaced_and_forgotten(service: Service) -> None:
    for state in ("CA", "VT"):
        chosen = read_selection({"state": state, "since": "2026-11-01"})
        searching.save_filter(service.ctx, "water", " Our  state ", chosen, who="a@example.org")
    assert searching.saved_filters(service.ctx, "water") == [("Our state", chosen)]
    searching.forget_filter(service.ctx, "water", "Our state")
    searching.forget_filter(service.ctx, "water", "Our state")
    assert searching.saved_filters(service.ctx, "water") == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\0b"])
def test_a_filter_needs_a_name(service: Service, name: str) -> None:
    chosen = read_selection({"state": "CA"})
    with pytest.raises(RefusedError):
        searching.save_filter(service.ctx, "water", name, chosen, who="a@example.org")


def test_a_filter_that_filters_nothing_is_not_saved(service: Service) -> None:
    with pytest.raises(RefusedError):
        searching.save_filter(service.ctx, "water", "All", ALL, who="a@example.org")


def test_two_revisions_are_compared_step_by_step(service: Service) -> None:
    first = reading.campaign(service.ctx, "water").digest
    surveyed(service)
    service.publish(most=1)
    second = reading.campaign(service.ctx, "water").digest
    surveyed(service)
    service.start("202-555-0149")
    phone = service.phone()
    phone.answer()
    phone.hang_up()
    rows = compare_revisions(service.ctx, "water", first, second, ALL)
    shares = [(r.of, r.difference.first.part, r.difference.first.whole) for r in rows]
    assert shares[0] == ("answered", 1, 1)
    assert (rows[0].difference.second.part, rows[0].difference.second.whole) == (1, 2)
    assert all(row.difference.small for row in rows)
    assert all(row.p == 1.0 for row in rows)
