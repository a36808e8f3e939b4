"""People who dial the campaign's number themselves."""

from __future__ import annotations

from tests.stories.stage import Stage


def test_a_call_in_on_a_shared_number_chooses_its_campaign_and_keys_a_zip(stage: Stage) -> None:
    senator = stage.office("05401", 1, "supports")
    sid = stage.dial_in("1", "1", "05401", "1", "1", "2", "", "#", "")
    story = stage.story(stage.call_of(sid), sid=sid)
    assert "press 1" in story.heard.split(".")[1]
    assert (senator, "position", "supports") in story.answers


def test_a_call_in_may_be_rung_back_to_save_the_minutes(stage: Stage) -> None:
    sid = stage.dial_in("1", "2")
    story = stage.story(stage.call_of(sid), sid=sid)
    assert "We ring you in a minute. Goodbye." in story.heard
    stage.supporter("1", "05401", "#", "#", "")
    stage.clock.forward(minutes=2)
    before = {call["sid"] for call in stage.control.calls()}
    stage.dialer()
    rung = [call["sid"] for call in stage.control.calls() if call["sid"] not in before]
    assert len(rung) == 1
    back = stage.story(stage.call_of(rung[0]), sid=rung[0])
    assert "You asked us to connect you" in back.heard


def test_a_withheld_number_is_served_and_not_offered_a_ring_back(stage: Stage) -> None:
    sid = stage.dial_in("1", "1", "05401", "#", "#", "", number="anonymous")
    story = stage.story(stage.call_of(sid), sid=sid)
    assert "rung back" not in story.heard
    assert "First of two" in story.heard


def test_a_repeated_inbound_hook_is_one_call(stage: Stage) -> None:
    stage.control.fault("duplicate", where={"path": "/voice/inbound"})
    sid = stage.dial_in("1", "1", "05401", "#", "#", "")
    story = stage.story(stage.call_of(sid), sid=sid)
    assert "First of two" in story.heard
