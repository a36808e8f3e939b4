"""The web is killed between any two hooks of a call and started again: nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.served import Served, running
from tests.stories.stage import SUPPORTER

# On PostgreSQL by night.
pytestmark = pytest.mark.sqlite_by_day

# What the supporter waits for when the web dies, and the key pressed once it is back.
POINTS = ("greeting", "briefing", "bridge", "happened", "position")
KEYS = {"greeting": "1", "briefing": "1", "happened": "1", "position": "2"}
# Slow enough to press a key before a silence ends, and slower still while the web starts.
FAST, SLOW = 25.0, 0.2
SILENT = {"picks_up": "answers", "after": 1.0, "keys": [""] * 20}
STAFFER = {"like": "supports", "after": 1.0, "talk": 25.0}


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """Serve from a fresh database of each kind."""
    with running(database_url, tmp_path, speed=FAST) as web:
        yield web


def tell(served: Served, killed_at: tuple[str, ...]) -> dict[str, object]:
    """Tell a call to one office, the web killed and started at these points."""
    control = served.exchange.control
    control.person(SUPPORTER, SILENT)
    for office in served.offices("20001"):
        control.person(office, STAFFER)
    call = served.ask("safety-valve", phone=SUPPORTER, zip_code="20001")
    sid = control.calls()[0]["sid"]
    for point in POINTS:
        control.call(sid, wait="bridged" if point == "bridge" else "gather")
        if point in killed_at:
            control.change(speed=SLOW)
            served.kill()
            served.start()
            control.change(speed=FAST)
        if point != "bridge":
            control.press(sid, KEYS[point])
    control.call(sid, wait="settled")
    return served.told(call)


@pytest.mark.nightly  # one by one; `make test` has them all in one call, below
@pytest.mark.parametrize("point", POINTS)
def test_a_web_killed_between_two_hooks_goes_on_where_it_was(served: Served, point: str) -> None:
    expect_whole(tell(served, (point,)))


def test_a_web_killed_between_all_hooks_goes_on_and_its_log_names_nobody(served: Served) -> None:
    expect_whole(tell(served, POINTS))
    log = served.log.read_text(encoding="utf-8")
    assert SUPPORTER[-7:] not in "".join(character for character in log if character.isdigit())


def expect_whole(call: dict[str, object]) -> None:
    """Every answer is there, once."""
    assert call["stage"] == "ended"
    legs = call["legs"]
    assert isinstance(legs, list)
    assert len(legs) == 1
    assert [(a["meaning"], a["superseded"]) for a in legs[0]["answers"]] == [
        ("spoke", False),
        ("supports", False),
    ]
