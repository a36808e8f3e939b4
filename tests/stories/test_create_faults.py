"""The moment of ringing: a create refused, lost before or after it was done, or too many."""

from __future__ import annotations

import pytest

from tests.stories.stage import Stage, until

LOST_BEFORE = ("500-before", "503-before", "reset-before")
LOST_AFTER = ("500-after", "503-after", "reset-after")


def rings(stage: Stage) -> int:
    """Return how often a supporter's phone was rung."""
    return len(stage.control.calls())


@pytest.mark.parametrize("kind", LOST_BEFORE)
def test_a_create_lost_before_it_was_done_is_found_not_placed(stage: Stage, kind: str) -> None:
    stage.control.fault(kind, where={"request": "create"}, times=1)
    call = stage.ask().json()["call"]
    assert stage.ask().status_code == 409  # it may be ringing: nothing is sent again
    for seconds in (31, 90, 481):
        stage.clock.forward(seconds=seconds)
        stage.dialer()
    assert rings(stage) == 0
    assert stage.told(call)["stage"] == "ended"
    stage.supporter("1", "#", "#", "")
    stage.play()


@pytest.mark.parametrize("kind", LOST_AFTER)
def test_a_create_lost_after_it_was_done_is_one_call(stage: Stage, kind: str) -> None:
    stage.control.fault(kind, where={"request": "create"}, times=1)
    stage.supporter("1", "#", "#", "")
    call = stage.ask().json()["call"]
    story = stage.story(call)
    assert "First of two" in story.heard
    for seconds in (31, 90, 481):
        stage.clock.forward(seconds=seconds)
        stage.dialer()
    assert rings(stage) == 1


def test_a_create_whose_answer_never_comes_is_one_call(stage: Stage) -> None:
    stage.control.fault("hang-after", where={"request": "create"}, times=1)
    stage.supporter("1", "#", "#", "")
    call = stage.ask().json()["call"]
    stage.story(call)
    for seconds in (31, 90, 481):
        stage.clock.forward(seconds=seconds)
        stage.dialer()
    assert rings(stage) == 1


def test_a_lost_create_without_any_hook_is_adopted_from_the_list(stage: Stage) -> None:
    stage.control.fault("500-after", where={"request": "create"}, times=1)
    stage.control.fault("drop", times=None)
    stage.control.person("+12025550123", "ignores")
    call = stage.ask().json()["call"]
    until(lambda: stage.control.calls() and stage.control.calls()[0]["supporter"]["over"])
    stage.control.clear_faults()
    stage.clock.forward(seconds=200)
    stage.dialer()
    stage.forgiven += [f"{one.code} {one.sentence}" for one in stage.exchange.warnings]
    assert stage.sid_of(call) == stage.control.calls()[0]["sid"]
    stage.clock.forward(hours=2)
    stage.dialer()
    assert stage.told(call)["stage"] == "ended"


def test_too_many_requests_are_sent_again_and_ring_once(stage: Stage) -> None:
    stage.control.fault("429", where={"request": "create"}, times=2)
    stage.supporter("1", "#", "#", "")
    stage.play()
    assert rings(stage) == 1


def test_without_a_free_slot_the_wait_is_told_and_the_dialer_places_it(stage: Stage) -> None:
    stage.change(CALLS_PER_SECOND="0.5")
    stage.supporter("1", "#", "#", "")
    stage.supporter("1", "#", "#", "", number="+12025550177")
    first, second = stage.ask(), stage.ask(phone="+12025550177")
    assert first.json()["wait_seconds"] == 0
    assert second.json()["wait_seconds"] >= 1
    stage.story(first.json()["call"])
    until(lambda: stage.dialer() or rings(stage) == 2)
    assert "First of two" in stage.story(second.json()["call"]).heard


def test_a_number_that_the_carrier_refuses_is_told_in_a_sentence(stage: Stage) -> None:
    refused = stage.ask(phone="+15005550001")
    assert refused.status_code in {422, 502}
    assert refused.json()["detail"]


def test_the_campaign_paused_starts_nothing_by_any_door(stage: Stage) -> None:
    from callbridge.service import publishing

    publishing.pause(stage.ctx, "attorney-general")
    refused = stage.ask()
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("paused")
    assert rings(stage) == 0


def test_a_number_with_a_call_in_progress_is_refused(stage: Stage) -> None:
    stage.control.person("+12025550123", "human")
    call = stage.ask().json()["call"]
    again = stage.ask(phone="202.555.0123")
    assert again.status_code == 409
    assert again.json()["type"].endswith("call-in-progress")
    stage.control.hang_up(stage.sid_of(call))
    stage.story(call)
