"""Rings at a time: when offices open, picked on the page or by key, put off, weekly, moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callbridge.domain.call import Door
from callbridge.service.appointments import changing, making
from callbridge.service.appointments.wishes import Repeat, Wish
from callbridge.service.views import CallRequest
from tests.stories.stage import SUPPORTER, Stage, Story

pytestmark = pytest.mark.sqlite_by_day

EVENING = datetime(2026, 6, 16, 23, 0, tzinfo=UTC)  # seven on the East coast
ROUNDS = 6


def placed(stage: Stage) -> set[str]:
    """Return the sids of everything that rang."""
    return {call["sid"] for call in stage.control.calls()}


def ring(stage: Stage) -> Story | None:
    """Let the dialer work; return the one call that it rang, told to its end, None without one."""
    before = placed(stage)
    for _ in range(ROUNDS):
        stage.dialer()
    new = placed(stage) - before
    assert len(new) <= 1, new
    if not new:
        return None
    sid = new.pop()
    call = stage.call_of(sid)
    stage.calls.append(call)
    story = stage.story(call, sid=sid)
    stage.dialer()
    return story


def rung(stage: Stage) -> Story:
    """Let the dialer ring, which it must."""
    story = ring(stage)
    assert story is not None
    return story


def go_to(stage: Stage, moment: datetime) -> None:
    """Let time pass until a moment of the story."""
    stage.clock.forward(seconds=(moment - stage.clock.now()).total_seconds())


def make(stage: Stage, wish: Wish, **more: Any) -> str:
    """Ask for a ring at a time; return the token of its link."""
    request = {"slug": "attorney-general", "phone": SUPPORTER, "zip": "05401", "consent": True}
    return making.make(stage.ctx, CallRequest(**{**request, "door": Door.PAGE, **more}), wish)


def test_closed_offices_ring_when_they_open_in_the_supporters_own_hours(stage: Stage) -> None:
    go_to(stage, EVENING)
    stage.supporter("1", "5", "1")
    story = stage.play()
    assert "To be rung when they open, press 5." in story.heard
    assert "They open tomorrow, Wednesday, at 9 in the morning on your clock." in story.heard
    assert story.heard.endswith("We ring you tomorrow, Wednesday, at 9 in the morning. Goodbye.")
    go_to(stage, datetime(2026, 6, 17, 12, 59, tzinfo=UTC))
    assert ring(stage) is None
    go_to(stage, datetime(2026, 6, 17, 13, 5, 30, tzinfo=UTC))
    senator = stage.office("05401", 1, "supports")
    stage.supporter("1", "1", "1", "2", "", "#", "")
    story = rung(stage)
    assert "Now: press 1. Later: press 2." in story.heard
    assert "closed" not in story.heard
    assert (senator, "position", "supports") in story.answers
    stage.clock.forward(days=1)
    assert ring(stage) is None


def test_a_time_agreed_by_key_rings_then_and_goes_on_with_whom_is_left(stage: Stage) -> None:
    stage.office("05401", 1, "supports")
    stage.supporter("1", "1", "1", "2", "5", "3", "1")
    story = stage.play()
    assert "Tomorrow morning: press 3." in story.heard
    assert "We ring you tomorrow, Wednesday, at 10 in the morning." in story.heard
    go_to(stage, datetime(2026, 6, 17, 14, 0, 5, tzinfo=UTC))
    stage.supporter("1", "#", "")
    again = rung(stage)
    names = [member.name for member in stage.members("05401")[-2:]]
    assert names[1] in again.heard
    assert names[0] not in again.heard


def test_a_ring_that_does_not_suit_is_put_off_by_a_quarter_of_an_hour(stage: Stage) -> None:
    make(stage, Wish(day=0, minute=15 * 60))
    go_to(stage, datetime(2026, 6, 16, 19, 0, 5, tzinfo=UTC))
    stage.supporter("2", "1")
    assert rung(stage).heard.endswith("We ring you in 15 minutes. Goodbye.")
    stage.clock.forward(minutes=14)
    assert ring(stage) is None
    stage.clock.forward(minutes=2)
    stage.supporter("1", "#", "#", "")
    assert "First of two" in rung(stage).heard
    stage.clock.forward(days=8)
    assert ring(stage) is None


def test_nobody_is_rung_late_or_after_an_opt_out(stage: Stage) -> None:
    make(stage, Wish(day=0, minute=15 * 60))
    go_to(stage, datetime(2026, 6, 16, 19, 16, tzinfo=UTC))
    assert ring(stage) is None
    make(stage, Wish(day=0, minute=16 * 60))
    stage.supporter("9", "")
    stage.play()
    go_to(stage, datetime(2026, 6, 16, 20, 1, tzinfo=UTC))
    assert ring(stage) is None


def test_a_slot_picked_on_the_page_rings_then(stage: Stage) -> None:
    form = {"phone": SUPPORTER, "zip": "94110", "consent": "yes", "day": "1", "time": "570"}
    answer = stage.post("/c/attorney-general", **form, repeat="once", later="yes")
    assert "9:30" in answer.text
    assert "Pacific Time" in answer.text
    go_to(stage, datetime(2026, 6, 17, 16, 29, 50, tzinfo=UTC))
    assert ring(stage) is None
    stage.clock.forward(seconds=15)
    stage.supporter("1", "#", "#", "")
    assert "First of two" in rung(stage).heard


@pytest.mark.parametrize(
    ("start", "rings"),
    [
        # Ten in the morning in Vermont, before and after the clock goes back on 1 November 2026,
        (datetime(2026, 10, 30, 18, tzinfo=UTC), [(2026, 10, 31, 14), (2026, 11, 7, 15)]),
        # and before and after it goes forward on 8 March 2026.
        pytest.param(
            datetime(2026, 3, 6, 18, tzinfo=UTC),
            [(2026, 3, 7, 15), (2026, 3, 14, 14)],
            marks=pytest.mark.nightly,
        ),
    ],
    ids=["November", "March"],
)
def test_a_weekly_call_keeps_its_hour_when_the_clocks_change(
    stage: Stage, start: datetime, rings: list[tuple[int, int, int, int]]
) -> None:
    stage.clock.forward(seconds=(start - stage.clock.now()).total_seconds())
    make(stage, Wish(day=1, minute=10 * 60, repeat=Repeat.WEEKLY))
    for moment in rings:
        at = datetime(*moment, tzinfo=UTC)
        go_to(stage, at - timedelta(minutes=1))
        assert ring(stage) is None
        go_to(stage, at + timedelta(seconds=5))
        stage.supporter("1", "#", "#", "")
        assert "with your call to your senators" in rung(stage).heard
        assert ring(stage) is None


def test_a_weekly_call_is_moved_and_stopped_by_key(stage: Stage) -> None:
    make(stage, Wish(day=0, minute=15 * 60, repeat=Repeat.WEEKLY))
    go_to(stage, datetime(2026, 6, 16, 19, 0, 5, tzinfo=UTC))
    stage.supporter("2", "3", "4", "2#", "1")
    story = rung(stage)
    assert story.heard.endswith(
        "From now on we ring you on Thursdays at 2 in the afternoon. Goodbye."
    )
    go_to(stage, datetime(2026, 6, 18, 18, 0, 5, tzinfo=UTC))
    stage.supporter("2", "4")
    assert "Those calls are stopped." in rung(stage).heard
    for _ in range(2):
        stage.clock.forward(days=7)
        assert ring(stage) is None


def test_a_weekly_call_is_moved_skipped_and_stopped_by_its_link(stage: Stage) -> None:
    link = "/ring/" + make(stage, Wish(day=1, minute=10 * 60, repeat=Repeat.WEEKLY))
    stage.post(f"{link}/move", days="3", time="840")
    stage.post(f"{link}/skip")
    assert "Thursday, June 25, 2:00" in stage.get(link).text
    go_to(stage, datetime(2026, 6, 18, 18, 0, 5, tzinfo=UTC))
    assert ring(stage) is None
    go_to(stage, datetime(2026, 6, 25, 18, 0, 5, tzinfo=UTC))
    stage.supporter("1", "#", "#", "")
    assert "First of two" in rung(stage).heard
    stage.post(f"{link}/stop")
    stage.clock.forward(days=7)
    assert ring(stage) is None


@pytest.mark.nightly
def test_a_slot_to_which_nobody_presses_a_key_three_times_is_given_up(stage: Stage) -> None:
    link = make(stage, Wish(day=0, minute=15 * 60, repeat=Repeat.DAILY))
    stage.supporter(number=SUPPORTER, picks_up="busy")
    for day in range(16, 19):
        go_to(stage, datetime(2026, 6, day, 19, 0, 5, tzinfo=UTC))
        rung(stage)
    stage.clock.forward(days=1)
    assert ring(stage) is None
    assert changing.view(stage.ctx, link).reason == "missed"
