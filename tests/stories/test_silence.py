"""Silence, wrong keys and hang-ups at every point: a kind end, and what is known is kept."""

from __future__ import annotations

import pytest

from tests.stories.stage import Stage

pytestmark = pytest.mark.sqlite_by_day

# The keys that lead to each point of a call to one office, and what is said there.
POINTS = {
    "greeting": ((), "To go on, press 1"),
    "briefing": (("1",), "Here is what to say"),
    "happened": (("1", "1"), "How did it go?"),
    "position": (("1", "1", "1"), "Where does"),
    "read-back": (("1", "1", "1", "2"), "You said"),
}
SILENCE = ("",) * 8


@pytest.mark.parametrize("point", POINTS)
def test_silence_ends_kindly_and_keeps_what_was_said(stage: Stage, point: str) -> None:
    keys, words = POINTS[point]
    stage.office("20001", 0, "supports")
    stage.supporter(*keys, *SILENCE)
    story = stage.play("safety-valve", zip="20001")
    assert words in story.heard
    assert story.heard.endswith("Goodbye.")
    assert len(story.answers) == max(0, len(keys) - 2)


@pytest.mark.parametrize("point", ["greeting", "briefing", "happened", "position"])
def test_three_wrong_keys_end_kindly(stage: Stage, point: str) -> None:
    keys, words = POINTS[point]
    stage.office("20001", 0, "supports")
    stage.supporter(*keys, "8", "8", "8")
    story = stage.play("safety-valve", zip="20001")
    assert story.heard.count(words) >= 3 or point == "happened"
    assert "Let me say it again." in story.heard
    assert "We stop here. What you told us is kept." in story.heard


@pytest.mark.parametrize("point", POINTS)
def test_a_hang_up_keeps_what_was_said(stage: Stage, point: str) -> None:
    keys, words = POINTS[point]
    stage.office("20001", 0, "supports")
    act = {"at": "phrase", "words": words, "after": 1.0, "hang_up": True}
    stage.supporter(*keys, *SILENCE, acts=[act])
    story = stage.play("safety-valve", zip="20001")
    assert len(story.answers) == max(0, len(keys) - 2)
    assert story.call["stage"] == "ended"


@pytest.mark.parametrize("told", ["on", "late", "off"])
def test_a_hang_up_in_the_bridge_keeps_the_leg(stage: Stage, told: str) -> None:
    """Whether the carrier tells of the bridge's end then is unconfirmed: any way must do."""
    stage.control.change(action_after_hang_up=told)
    stage.office("20001", 0, "waits")
    act = {"at": "bridge", "n": 1, "after": 30.0, "hang_up": True}
    stage.supporter("1", "1", acts=[act])
    story = stage.play("safety-valve", zip="20001")
    leg = story.call["legs"][0]
    assert (leg["outcome"], leg["reported"]) == ("connected", None)
    assert leg["seconds"] >= 25


def test_a_hang_up_while_the_office_rings_leaves_no_conversation(stage: Stage) -> None:
    stage.office("20001", 0, {"like": "staffer", "after": 20.0})
    act = {"at": "dialling", "n": 1, "after": 8.0, "hang_up": True}
    stage.supporter("1", "1", acts=[act])
    story = stage.play("safety-valve", zip="20001")
    assert story.outcomes == ["no-answer"]


@pytest.mark.parametrize("behaviour", ["ignores", "busy-line", "dead-line"])
def test_a_supporter_who_is_not_reached_is_told_apart(stage: Stage, behaviour: str) -> None:
    stage.control.person("+12025550123", behaviour)
    story = stage.play()
    assert story.call["legs"] == []
    stage.supporter("1", "#", "#", "")
    assert "First of two" in stage.play().heard


def test_a_voicemail_box_never_reaches_an_office(stage: Stage) -> None:
    stage.control.person("+12025550123", "voicemail-box")
    story = stage.play()
    assert story.call["legs"] == []
