"""The network's bad days: hooks doubled, late, lost, out of order, forged."""

from __future__ import annotations

import pytest

from tests.stories.stage import Stage, Story

SIX = range(6)
WHOLE = ["spoke", "supports"]


def tell(stage: Stage) -> Story:
    """Tell the plain call to one office."""
    stage.office("20001", 0, "supports")
    stage.supporter("1", "1", "1", "2", "")
    return stage.play("safety-valve", zip="20001")


def meanings(story: Story) -> list[str]:
    """Return what stands."""
    return [meaning for _, _, meaning in story.answers]


@pytest.mark.sqlite_by_day
@pytest.mark.parametrize("hook", SIX)
@pytest.mark.parametrize("kind", ["duplicate", "duplicate-together", "lost-reply"])
def test_each_hook_delivered_twice_counts_once(stage: Stage, kind: str, hook: int) -> None:
    where = {"kind": "action" if hook else "voice"}
    stage.control.fault(kind, where=where, skip=max(0, hook - 1), times=1)
    story = tell(stage)
    assert meanings(story) == WHOLE
    assert len(story.call["legs"]) == 1
    assert len(story.wire["offices"]) == 1


@pytest.mark.sqlite_by_day
@pytest.mark.parametrize("hook", SIX)
def test_each_hook_lost_on_the_way_is_delivered_again(stage: Stage, hook: int) -> None:
    where = {"kind": "action" if hook else "voice"}
    stage.control.fault("drop", where=where, skip=max(0, hook - 1), times=1)
    assert meanings(tell(stage)) == WHOLE


@pytest.mark.sqlite_by_day
@pytest.mark.parametrize("hook", SIX)
def test_each_hook_late_still_fits(stage: Stage, hook: int) -> None:
    where = {"kind": "action" if hook else "voice"}
    stage.control.fault("slow", where=where, skip=max(0, hook - 1), times=1, seconds=10)
    assert meanings(tell(stage)) == WHOLE


def test_every_hook_of_a_call_delivered_twice(stage: Stage) -> None:
    stage.control.fault("duplicate", times=None)
    story = tell(stage)
    assert meanings(story) == WHOLE
    assert len(story.call["legs"][0]["answers"]) == 2


def test_status_callbacks_out_of_order_change_nothing(stage: Stage) -> None:
    stage.control.fault("reorder", where={"kind": "status"}, times=None, seconds=30)
    story = tell(stage)
    assert meanings(story) == WHOLE
    assert story.outcomes == ["connected"]


def test_without_any_status_callback_the_dialer_settles_the_call(stage: Stage) -> None:
    stage.control.fault("drop", where={"kind": "status"}, times=None)
    stage.office("20001", 0, "supports")
    stage.supporter("1", "1", "1", "2", "")
    call = stage.ask("safety-valve", zip="20001").json()["call"]
    stage.control.call(stage.sid_of(call), wait="settled", timeout=30)
    stage.control.clear_faults()
    stage.forgiven += [f"{one.code} {one.sentence}" for one in stage.exchange.warnings]
    stage.clock.forward(hours=2)
    stage.dialer()
    told = stage.told(call)
    assert told["stage"] == "ended"
    assert told["legs"][0]["reported"] == "spoke"


@pytest.mark.parametrize("kind", ["bad-signature", "no-signature", "wrong-token"])
def test_a_forged_hook_moves_nothing(stage: Stage, kind: str) -> None:
    stage.control.fault(kind, where={"kind": "action"}, skip=1, times=None)
    story = tell(stage)
    stage.forgiven += [f"{one.code} {one.sentence}" for one in stage.exchange.warnings]
    assert story.call["legs"] == []
    assert any(hook["status"] == 403 for hook in story.wire["hooks"])


def test_a_position_keyed_just_before_hanging_up_is_kept_though_it_arrives_late(
    stage: Stage,
) -> None:
    stage.office("20001", 0, "supports")
    stage.control.fault("slow", where={"kind": "action"}, skip=4, times=1, seconds=60)
    act = {"at": "phrase", "words": "Where does", "after": 6.0, "hang_up": True}
    stage.supporter("1", "1", "1", "2", acts=[act])
    story = stage.play("safety-valve", zip="20001")
    assert meanings(story) == WHOLE


def test_a_token_rotated_in_the_middle_of_a_call_loses_nothing(stage: Stage) -> None:
    new = "n" * 32
    stage.control.change(secondary_token=new)
    stage.change(TWILIO_AUTH_TOKEN=f"{stage.exchange.account.token},{new}")
    stage.office("20001", 0, "waits")
    stage.supporter("1", "1", "1", "2", "", star_after=600.0)
    call = stage.ask("safety-valve", zip="20001").json()["call"]
    sid = stage.sid_of(call)
    stage.control.call(sid, wait="bridged", timeout=30)
    stage.control.request("POST", "/tokens/promote")
    assert meanings(stage.story(call)) == WHOLE
