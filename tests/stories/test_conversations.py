"""Whole calls as people have them, told over real HTTP through the exchange."""

from __future__ import annotations

from callbridge.directory.lookup import Directory
from tests.stories.stage import SUPPORTER, Stage

TALKED = ("1", "2")  # spoke, supports


def test_a_supporter_talks_to_both_senators(stage: Stage) -> None:
    first = stage.office("05401", 1, "supports")
    second = stage.office("05401", 2, "opposes")
    stage.supporter("1", "1", "1", "2", "", "1", "1", "3", "")
    story = stage.play()
    assert story.answers == [
        (first, "happened", "spoke"),
        (first, "position", "supports"),
        (second, "happened", "spoke"),
        (second, "position", "opposes"),
    ]
    assert story.heard.endswith("Goodbye.")
    assert "That was the last one." in story.heard


def test_one_office_takes_four_hooks_and_one_for_each_question(stage: Stage) -> None:
    stage.office("20001", 0, "supports")
    stage.supporter("1", "1", "1", "2", "")
    story = stage.play("safety-valve", zip="20001")
    assert len(story.voice_hooks) == 4 + 2
    assert "at the end" not in story.heard
    assert [meaning for _, _, meaning in story.answers] == ["spoke", "supports"]


def test_all_keys_left_out_the_supporter_is_on_the_line_in_two_keys(stage: Stage) -> None:
    stage.office("20001", 0, "mailbox")
    stage.supporter("1", "1", "2", "", star_after=40.0)
    story = stage.play("safety-valve", zip="20001")
    assert story.outcomes == ["connected"]
    assert story.call["legs"][0]["reported"] == "voicemail"


def test_a_full_mailbox_leads_to_the_district_office_and_rests_the_number(stage: Stage) -> None:
    sanders = stage.office("05401", 1, "mailbox-full")
    stage.office("05401", 1, "supports", desk=1)
    stage.supporter("1", "1", "3", "", "1", "1", "2", "", "#", "")
    story = stage.play()
    offices = [leg["office"] for leg in story.call["legs"]]
    assert offices[0] == f"{sanders}-washington"
    assert offices[1] != offices[0]
    assert story.answers == [
        (sanders, "happened", "mailbox-full"),
        (sanders, "happened", "spoke"),
        (sanders, "position", "supports"),
    ]
    stage.supporter("1", "1", "2", "", "#", "", number="+12025550177")
    later = stage.play(phone="+12025550177")
    assert later.call["legs"][0]["office"] != f"{sanders}-washington"
    assert "Connecting you with the office in" in later.heard


def test_a_busy_line_is_not_asked_about_and_another_office_is_offered(stage: Stage) -> None:
    stage.office("05401", 1, "busy")
    stage.office("05401", 1, "supports", desk=1)
    stage.supporter("1", "1", "1", "1", "2", "", "#", "")
    story = stage.play()
    assert story.outcomes == ["busy", "connected"]
    assert "The Washington line is busy. Thank you for trying." in story.heard
    assert story.call["legs"][0]["reported"] is None


def test_nobody_answers_in_washington(stage: Stage) -> None:
    stage.office("05401", 1, "no-answer")
    stage.supporter("1", "1", "#", "#", "")
    story = stage.play()
    assert story.outcomes == ["no-answer"]
    assert "Nobody answered in Washington." in story.heard


def test_a_dead_number_rests_for_everybody(stage: Stage) -> None:
    sanders = stage.office("05401", 1, "dead")
    stage.supporter("1", "1", "#", "#", "")
    story = stage.play()
    assert story.outcomes == ["failed"]
    stage.supporter("1", "1", "2", "", "#", "", number="+12025550177")
    later = stage.play(phone="+12025550177")
    assert later.call["legs"][0]["office"] != f"{sanders}-washington"


def test_a_wrong_number_is_told_and_the_next_office_offered(stage: Stage) -> None:
    stage.office("05401", 1, "wrong-number")
    stage.office("05401", 1, "undecided", desk=1)
    stage.supporter("1", "1", "5", "", "1", "1", "4", "", "#", "")
    story = stage.play()
    assert [meaning for _, _, meaning in story.answers] == ["wrong-number", "spoke", "undecided"]


def test_the_branching_script_is_heard_before_the_call(stage: Stage) -> None:
    stage.office("20001", 0, "opposes")
    stage.supporter("1", "3", "2", "1", "1", "3", "")
    story = stage.play("safety-valve", zip="20001")
    assert "If they oppose it, say:" in story.heard
    assert "If they support it, say:" in story.heard
    assert story.answers[-1][2] == "opposes"


def test_a_zip_across_a_state_line_asks_for_the_state_first(stage: Stage) -> None:
    stage.supporter("1", "1", "#", "#", "#", "")
    story = stage.play("safety-valve", zip="30165")
    assert "Your ZIP crosses a state line." in story.heard
    assert "If you live in Georgia, press 1. If you live in Alabama, press 2." in story.heard
    assert "First of three: your representative" in story.heard


def test_a_split_zip_is_settled_on_the_keypad(stage: Stage) -> None:
    place = Directory.open().lookup("78723", on=stage.clock.now().date())
    assert len(place.districts) > 1
    stage.supporter("1", "2", "#", "#", "#", "")
    story = stage.play("safety-valve", zip="78723")
    second = next(m for m in place.representatives if m.district == place.districts[1])
    assert f"your representative, {second.name}" in story.heard


def test_a_district_chosen_on_the_page_is_not_asked_again(stage: Stage) -> None:
    stage.supporter("1", "#", "#", "#", "")
    answer = stage.ask("safety-valve", zip="78723", district="TX-37")
    assert answer.status_code == 201, answer.text
    assert answer.json()["needs_district"] is False
    assert len(answer.json()["targets"]) == 3
    assert "more than one district" not in stage.story(answer.json()["call"]).heard


def test_no_zip_on_the_web_is_asked_on_the_keypad(stage: Stage) -> None:
    stage.supporter("1", "05401", "#", "#", "")
    story = stage.play(zip=None)
    assert "Please key the five digits of the ZIP where you live." in story.heard
    assert "0 5 4 0 1, Burlington." in story.heard


def test_a_post_office_zip_is_asked_for_the_home_zip(stage: Stage) -> None:
    stage.supporter("1", "78756", "#", "#", "#", "")
    story = stage.play("safety-valve", zip="78711")
    assert "That ZIP is only for mail." in story.heard
    assert "7 8 7 5 6, Austin." in story.heard


def test_without_a_home_zip_the_senators_are_called(stage: Stage) -> None:
    stage.supporter("1", "#", "#", "#", "")
    story = stage.play("safety-valve", zip="78711")
    assert "Then we call your senators, and leave the House out." in story.heard
    assert "First of two: Senator" in story.heard


def test_three_wrong_zips_end_kindly(stage: Stage) -> None:
    stage.supporter("1", "00000", "99999", "12#")
    story = stage.play(zip=None)
    assert "We stop here. What you told us is kept." in story.heard
    assert story.call["legs"] == []


def test_an_answer_can_be_changed_by_star(stage: Stage) -> None:
    stage.office("20001", 0, "supports")
    stage.supporter("1", "1", "1", "3", "*", "1", "2", "")
    story = stage.play("safety-valve", zip="20001")
    assert story.answers == [
        (story.call["legs"][0]["target"], "happened", "spoke"),
        (story.call["legs"][0]["target"], "position", "supports"),
    ]
    history = story.call["legs"][0]["answers"]
    assert [a["superseded"] for a in history if a["question"] == "position"] == [True, False]


def test_nine_at_the_greeting_opts_out_for_good(stage: Stage) -> None:
    stage.supporter("9", "")
    story = stage.play()
    assert "We will not call this number again." in story.heard
    refused = stage.ask(phone="(202) 555-0123")
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("opted-out")


def test_an_opt_out_by_mistake_is_undone_at_once(stage: Stage) -> None:
    stage.supporter("9", "1", "1", "#", "#", "")
    story = stage.play()
    assert "That is undone." in story.heard
    stage.supporter("1", "#", "#", "")
    stage.play()


def test_nine_in_the_middle_asks_once_more(stage: Stage) -> None:
    stage.supporter("1", "9", "9", "")
    story = stage.play()
    assert "For no more calls from us, press 9." in story.heard
    assert stage.ask().status_code == 409


def test_local_targets_are_called_from_any_zip(stage: Stage) -> None:
    stage.supporter("1", "1", "2", "", "#", "#", "#", "#", "#", "#")
    story = stage.play("sunday-library", zip=None)
    assert story.call["legs"][0]["target"]
    assert "ZIP" not in story.heard.split("Here is what to say")[0]


def test_the_whole_call_in_spanish(stage: Stage) -> None:
    stage.office("20001", 0, "supports")
    stage.supporter("1", "1", "1", "2", "")
    story = stage.play("safety-valve", zip="20001", language="es")
    assert story.heard.startswith("Hola, le llama the Prairie League.")
    assert "Usted dijo:" in story.heard
    assert [meaning for _, _, meaning in story.answers] == ["spoke", "supports"]


def test_a_closed_office_is_told_and_dialled(stage: Stage) -> None:
    stage.clock.forward(hours=8)
    stage.office("20001", 0, "mailbox")
    stage.supporter("1", "1", "2", "", star_after=30.0)
    story = stage.play("safety-valve", zip="20001")
    assert "The office is closed now. Stay on to leave a message." in story.heard
    assert story.outcomes == ["connected"]


def test_the_supporters_star_ends_the_bridge_and_the_survey_follows(stage: Stage) -> None:
    stage.office("20001", 0, "waits")
    stage.supporter("1", "1", "1", "5", "", star_after=25.0)
    story = stage.play("safety-valve", zip="20001")
    assert story.call["legs"][0]["seconds"] >= 20
    assert story.answers[-1][2] == "would-not-say"


def test_two_supporters_at_once_do_not_mix(stage: Stage) -> None:
    stage.office("20001", 0, "supports")
    stage.office("05401", 1, "opposes")
    stage.supporter("1", "1", "1", "2", "")
    stage.supporter("1", "1", "1", "3", "", "#", "", number="+12025550177")
    one = stage.ask("safety-valve", zip="20001").json()["call"]
    two = stage.ask(phone="+12025550177").json()["call"]
    assert stage.story(one).answers[-1][2] == "supports"
    assert stage.story(two).answers[-1][2] == "opposes"


def test_the_supporters_number_stays_out_of_the_books(stage: Stage) -> None:
    stage.supporter("1", "#", "#", "")
    story = stage.play()
    digits = SUPPORTER.removeprefix("+1")
    assert digits not in str(story.call)
    assert all(digits not in hook["url"] for hook in story.wire["hooks"])
