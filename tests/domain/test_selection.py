"""Filters: what an address says is what is applied, and back; nonsense is named in a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from callbridge.domain.call import Door
from callbridge.domain.congress import Chamber
from callbridge.domain.selection import SelectionError, read_selection

WHOLE = {
    "since": "2026-11-01",
    "until": "2026-11-03",
    "chamber": "senate",
    "party": "Independent",
    "state": "VT",
    "member": "S000033",
    "office": "S000033-burlington",
    "revision": "abc123",
    "channel": "drive",
    "source": "web",
    "language": "es",
    "referral": "a friend",
    "drive": "0123abcd",
}


def test_a_filter_survives_the_way_through_an_address() -> None:
    chosen = read_selection(WHOLE)
    assert chosen.query() == WHOLE
    assert read_selection(chosen.query()) == chosen
    assert (chosen.chamber, chosen.channel) == (Chamber.SENATE, Door.DRIVE)


def test_no_filter_leaves_everything_in() -> None:
    chosen = read_selection({"page": "2", "state": " "})
    assert chosen.empty and not chosen.by_member
    assert (chosen.start, chosen.stop) == (None, None)


def test_the_last_day_is_in_to_its_end() -> None:
    chosen = read_selection({"since": "2026-11-01", "until": "2026-11-01"})
    assert (chosen.since, chosen.until) == (date(2026, 11, 1), date(2026, 11, 1))
    assert chosen.start == datetime(2026, 11, 1, tzinfo=UTC)
    assert chosen.stop == datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "given",
    [
        {"since": "yesterday"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "2026-11-02", "until": "2026-11-01"},
        {"chamber": "lords"},
        {"channel": "pigeon"},
        {"source": "phone"},
        {"state": "Vermont"},
        {"revision": "abc"},
        {"revision": "abc%_!"},
        {"referral": "a\0b"},
        {"party": "x" * 201},
    ],
)
def test_a_filter_that_cannot_be_read_is_named(given: dict[str, str]) -> None:
    with pytest.raises(SelectionError) as wrong:
        read_selection(given)
    assert wrong.value.sentence.endswith(".")
