"""Whole conversations told event by event: what is heard, which keys, how many hooks."""

from __future__ import annotations

from dataclasses import replace

from callbridge.domain.call import Asking, Door, Ending, Outcome, Stage
from callbridge.domain.campaign import LocalTarget, Pick
from callbridge.domain.congress import Office
from callbridge.domain.events import BridgeEnded, HungUp, LegReported, OfficeBusy, OfficeState
from callbridge.domain.facts import (
    AnswerGiven,
    AnswerWithdrawn,
    LegEnded,
    LegStarted,
    LegWithdrawn,
    OptedOut,
    OptOutUndone,
    RingBackAsked,
)
from callbridge.domain.flow import begin, speak
from callbridge.domain.instructions import Ask, Bridge, HangUp, Say
from callbridge.domain.spoken import seconds_to_say
from callbridge.domain.survey import Meaning
from tests.domain.world import (
    BUSY,
    CAMPAIGN,
    CONNECTED,
    HOUSE_ONLY,
    LEAGUE,
    SENATE_ONLY,
    Telling,
    at,
    world,
)

ONE_OFFICE = replace(SENATE_ONLY, most=1)
CLOSED = OfficeState(open=False)
RESTING = OfficeState(resting=True)


def heard(told: Telling) -> str:
    """Return everything that would be said now, in order."""
    words = []
    for instruction in speak(told.call, told.campaign, organization=LEAGUE):
        match instruction:
            case Say(text=text):
                words.append(text)
            case Ask(say=say):
                words += [one.text for one in say]
            case _:
                pass
    return " ".join(words)


def test_a_one_office_call_takes_four_hooks_and_one_for_each_question() -> None:
    told = at("1", "1", CONNECTED, "1", "2", campaign=ONE_OFFICE)
    assert told.hooks == 4 + 2
    assert told.call.asking is Asking.LAST
    assert "Goodbye" in heard(told)


def test_senators_with_a_full_mailbox_reach_the_district_office() -> None:
    told = at("1", "1", CONNECTED, "1", "2", campaign=SENATE_ONLY)
    assert heard(told).startswith("Thank you. You said: talked with someone, supports it.")
    assert "Second of two: Senator Pat Birch." in heard(told)
    told.tell("1", CONNECTED, "3")
    assert "Senator Birch has an office in Rome. It is open." in heard(told)
    told.tell("1", CONNECTED, "1", "5")
    assert told.hooks == 13
    assert [leg.office for leg in told.call.legs] == [
        "S000001-washington",
        "S000002-washington",
        "S000002-rome",
    ]
    assert "That was the last one." in heard(told)


def test_a_cross_state_zip_asks_for_the_state_first_and_then_nothing_more() -> None:
    told = at("1", zip_code="30165")
    assert "If you live in Georgia, press 1. If you live in Alabama, press 2." in heard(told)
    told.tell("2")
    assert [target.state for target in told.call.targets] == ["AL", "AL"]


def test_not_sure_of_the_state_goes_by_the_post_office_and_leaves_the_house_out() -> None:
    told = at("1", "0", zip_code="30165")
    assert "Then we go by your post office: Rome, Georgia." in heard(told)
    assert [target.id for target in told.call.targets] == ["S000001", "S000002"]


def test_a_split_zip_is_resolved_by_the_members_names() -> None:
    told = at("1", zip_code="30120")
    assert "If Representative Dogwood is yours, press 1." in heard(told)
    assert told.tell("2").call.targets[0].id == "H000014"


def test_not_sure_of_the_district_calls_the_senators_and_says_so() -> None:
    told = at("1", "0", zip_code="30120")
    assert "leave the House out" in heard(told)
    assert {target.id for target in told.call.targets} == {"S000001", "S000002"}


def test_not_sure_of_the_district_ends_kindly_where_only_the_house_is_called() -> None:
    told = at("1", "0", zip_code="30120", campaign=HOUSE_ONLY)
    assert told.call.ending is Ending.NO_TARGET
    assert "street address" in heard(told)


def test_a_district_chosen_on_the_page_is_not_asked_again() -> None:
    call = begin(CAMPAIGN, world("30120"), language="en", door=Door.PAGE, district="GA-14")
    assert [target.id for target in call.targets] == ["H000014", "S000001", "S000002"]


def test_a_post_office_zip_is_asked_once_for_the_home_zip() -> None:
    told = at("1", zip_code="30162")
    assert "That ZIP is only for mail." in heard(told)
    told.tell("30161")
    assert told.call.stage is Stage.BRIEFING
    assert told.call.zip == "30161"


def test_three_wrong_zips_end_kindly() -> None:
    told = at("1", "301", "00000", "09012", zip_code=None)
    assert told.call.ending is Ending.SILENT
    assert "What you told us is kept." in heard(told)


def test_a_vacant_seat_is_said_and_the_senators_are_called() -> None:
    told = at("1", zip_code="30108")
    assert "Your seat in the House is empty" in heard(told)
    assert len(told.call.targets) == 2


def test_the_branching_script_is_read_by_key_before_the_call() -> None:
    told = at("1", "3")
    assert "If they oppose it, say: A judge should decide." in heard(told)
    assert "If they oppose it, press 3" not in heard(told)


def test_a_busy_line_is_followed_by_thanks_and_the_district_office() -> None:
    told = at("1", "1", BUSY)
    assert heard(told).startswith("The Washington line is busy. Thank you for trying.")
    assert told.call.office == "H000014-rome"


def test_a_closed_district_office_is_not_offered_but_the_next_member_is() -> None:
    told = at("1", "1", BUSY, H000014_rome=CLOSED)
    assert told.call.asking is Asking.NEXT_TARGET
    assert told.call.target == 1


def test_a_closed_office_is_told_and_dialled_all_the_same() -> None:
    told = at("1", H000014_washington=CLOSED)
    assert "The office is closed now. Stay on to leave a message." in heard(told)
    told.tell("1")
    assert told.call.legs[-1].office == "H000014-washington"


def test_a_resting_number_gives_way_to_the_district_office() -> None:
    told = at("1", "1", H000014_washington=RESTING)
    assert told.call.office == "H000014-rome"
    assert "the office in Rome" in heard(told)


def test_no_number_is_dialled_twice_in_one_call() -> None:
    told = at("1", "1", BUSY, "1", BUSY, "1", BUSY, "1", BUSY, "1", BUSY, "1", BUSY)
    phones = [leg.phone for leg in told.call.legs]
    assert len(phones) == len(set(phones)) == 6


def test_an_office_over_our_cap_gives_way_to_another_office() -> None:
    told = at("1", "1").tell(OfficeBusy(wait_seconds=60))
    assert told.of(LegWithdrawn)
    assert told.call.legs == ()
    assert told.call.office == "H000014-rome"


def test_when_every_office_is_full_the_wait_is_said_and_a_ring_back_offered() -> None:
    full = OfficeState(free=False)
    crowd = {
        f"{who}_{where}": full for who in ("S000001", "S000002") for where in ("washington", "rome")
    }
    told = at("1", campaign=SENATE_ONLY)
    told.offices = crowd
    told.tell("1")
    assert told.call.asking is Asking.RING_BACK
    assert "The wait is about a minute" in heard(told)
    assert told.tell("1").of(RingBackAsked)


def test_an_answer_is_read_back_and_can_be_changed() -> None:
    told = at("1", "1", CONNECTED, "1", "3", "*", "2")
    meanings = [fact.meaning for fact in told.of(AnswerGiven)]  # type: ignore[attr-defined]
    assert meanings == [Meaning.SPOKE, Meaning.OPPOSES, Meaning.VOICEMAIL]
    assert [fact.question for fact in told.of(AnswerWithdrawn)] == ["position"]  # type: ignore[attr-defined]
    assert told.call.legs[0].position is None


def test_a_changed_answer_belongs_to_the_office_just_called() -> None:
    told = at("1", "1", CONNECTED, "1", "3", "*")
    assert "How did it go?" in heard(told)
    told.tell("1")
    assert "Where does Representative Cedar stand?" in heard(told)
    told.tell("2")
    assert told.call.legs[0].position is Meaning.SUPPORTS
    assert "Second of three" in heard(told)


def test_nine_at_the_greeting_is_stored_at_once_and_can_be_undone() -> None:
    told = at("9")
    assert told.of(OptedOut)
    assert "If that was a mistake, press 1 now." in heard(told)
    told.tell("1")
    assert told.of(OptOutUndone)
    assert told.call.asking is Asking.GO_ON


def test_nine_later_in_the_call_asks_once_more() -> None:
    told = at("1", "9")
    assert not told.of(OptedOut)
    assert told.tell("9").of(OptedOut)


def test_nine_that_arrives_after_the_hang_up_still_counts() -> None:
    assert at(HungUp(), "9").of(OptedOut)


def test_an_answer_that_arrives_after_the_hang_up_is_kept_once() -> None:
    told = at("1", "1", CONNECTED, "1", HungUp(), "3", "3")
    assert [fact.meaning for fact in told.of(AnswerGiven)] == [Meaning.SPOKE, Meaning.OPPOSES]  # type: ignore[attr-defined]
    assert told.call.stage is Stage.ENDED


def test_a_call_in_is_asked_for_the_zip_and_hears_it_back() -> None:
    told = at("1", zip_code=None, door=Door.CALL_IN)
    assert "Please key the five digits" in heard(told)
    assert heard(told.tell("30161")).startswith("3 0 1 6 1, Rome. First of three")


def test_a_call_in_may_ask_to_be_rung_back() -> None:
    told = at("2", door=Door.CALL_IN)
    assert told.of(RingBackAsked)
    assert heard(told) == "We ring you in a minute. Goodbye."


def test_a_withheld_number_is_not_offered_a_ring_back() -> None:
    told = at(door=Door.CALL_IN, ringable=False)
    assert "rung back" not in heard(told)


def test_the_office_leg_ends_once_whichever_report_comes_first() -> None:
    report = LegReported(leg=1, outcome=Outcome.CONNECTED, seconds=60)
    for events in ((report, CONNECTED), (CONNECTED, report), (report, CONNECTED, report)):
        told = at("1", "1", *events)
        assert len(told.of(LegEnded)) == 1
        assert told.call.asking is Asking.QUESTION


def test_a_bridge_that_ends_with_the_supporter_gone_asks_nothing() -> None:
    gone = BridgeEnded(outcome=Outcome.CONNECTED, seconds=90, supporter_gone=True)
    told = at("1", "1", gone)
    assert told.call.stage is Stage.ENDED
    assert told.call.legs[0].seconds == 90


def test_a_repeated_hook_dials_once() -> None:
    told = at("1", "1", "1", "1")
    assert len(told.of(LegStarted)) == 1
    instructions = speak(told.call, CAMPAIGN, organization=LEAGUE)
    assert isinstance(instructions[-1], Bridge)


def test_local_targets_are_called_from_any_zip_some_always_and_some_by_chance() -> None:
    rows = tuple(
        LocalTarget(
            id=f"ward-{n}",
            name=f"Robin {n}",
            title="Council Member",
            offices=(
                Office(
                    id=f"ward-{n}-hall",
                    city="Springfield",
                    phone=f"+1217555010{n}",
                    zone="America/Chicago",
                ),
            ),
        )
        for n in range(1, 6)
    )
    campaign = replace(CAMPAIGN, order=(Pick.LOCAL,), local=rows, local_always=1, local_random=2)
    picks = {
        tuple(
            target.id
            for target in begin(
                campaign, replace(world(None), chance=chance), language="en", door=Door.PAGE
            ).targets
        )
        for chance in (0.1, 0.2, 0.3, 0.4, 0.5)
    }
    assert all(len(pick) == 3 and pick[0] == "ward-1" for pick in picks)
    assert len(picks) > 1


def test_the_greeting_is_under_twelve_seconds() -> None:
    greeting = speak(at().call, CAMPAIGN, organization=LEAGUE)[0]
    assert isinstance(greeting, Ask)
    assert seconds_to_say(greeting.say[0].text) <= 12


def test_silence_everywhere_ends_with_who_called() -> None:
    for told in (at(), at("1"), at("1", "1", CONNECTED), at("1", "1", BUSY), at("1", "9")):
        last = speak(told.call, told.campaign, organization=LEAGUE)[-2:]
        assert isinstance(last[1], HangUp)
        assert isinstance(last[0], Say)
        assert "the Prairie League, 2 0 2, 5 5 5, 0 1 9 9" in last[0].text
