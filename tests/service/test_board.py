"""The whip board after real calls: what was keyed, what was typed, what was set by hand."""

from __future__ import annotations

import json

import pytest

from callbridge.cli.board import bar
from callbridge.domain.health import Trouble
from callbridge.domain.signals import Disagreement
from callbridge.domain.survey import Meaning
from callbridge.domain.telephony import CarrierStatus
from callbridge.errors import NotFoundError, RefusedError
from callbridge.service import board as boards
from callbridge.service import health, rolling
from callbridge.service.answers import report, self_report
from callbridge.service.board import BoardRow
from tests.service.setting import ZIP, Service

SAID = {"2": "supports", "3": "opposes", "5": "would-not-say"}


def talk(
    service: Service, number: int, happened: str, said: str = "", *, seconds: int = 60
) -> tuple[str, str]:
    """Let a supporter call the first senator and key this; return the call and the target."""
    started = service.start(phone=f"202-555-01{number:02}")
    phone = service.phone()
    phone.answer()
    phone.press("1")
    phone.press("1")
    phone.bridge_ends(seconds=seconds)
    phone.press(happened)
    if said:
        phone.press(said)
    phone.hang_up()
    service.clock.forward(minutes=20)
    return started.call, started.targets[0].target


def row(service: Service, target: str) -> BoardRow:
    """Return one member's row of the board."""
    return boards.target_board(service.ctx, "water", target).row


def test_keyed_answers_come_out_on_the_board_as_json(service: Service) -> None:
    talk(service, 1, "1", "2")
    talk(service, 2, "1", "2")
    _, target = talk(service, 3, "1", "5")
    found = boards.board(service.ctx, "water")
    assert len(found.rows) > 90, "every senator is on the board"
    rows = json.loads(json.dumps([boards.as_json(one) for one in found.rows]))
    (known,) = [one for one in rows if one["n"]]
    low, high = known.pop("interval")
    probability = known.pop("probability")
    assert known == {
        "target": target,
        "n": 2,
        "answers": {"supports": 2, "would-not-say": 1},
        "position": "supports",
        "evidence": None,
    }
    assert 0.8 < probability < 0.9
    assert 0.5 < low < high <= 1
    silent = next(one for one in rows if one["target"] != target)
    assert (silent["n"], silent["position"], silent["probability"]) == (0, None, None)
    assert (silent["answers"], silent["evidence"]) == ({}, None)


def test_the_board_is_the_same_before_and_after_rolling_up(service: Service) -> None:
    talk(service, 1, "1", "2")
    talk(service, 2, "1", "3")
    before = boards.board(service.ctx, "water").rows
    assert rolling.roll_up(service.ctx) > 0
    assert boards.board(service.ctx, "water").rows == before
    rolling.rebuild(service.ctx.store, before=service.clock.now())
    assert boards.board(service.ctx, "water").rows == before


def test_a_second_call_of_the_day_takes_the_first_ones_place(service: Service) -> None:
    talk(service, 1, "1", "2")
    _, target = talk(service, 1, "1", "3")
    assert row(service, target).estimate.answers == {Meaning.OPPOSES: 1}
    found = boards.target_board(service.ctx, "water", target)
    assert [(one.meaning, one.counts) for one in found.lines] == [
        (Meaning.OPPOSES, True),
        (Meaning.SUPPORTS, False),
    ]


def test_a_correction_on_the_web_takes_the_place_of_what_was_keyed(service: Service) -> None:
    call, target = talk(service, 1, "1", "2")
    rolling.roll_up(service.ctx)
    report(service.ctx, call, leg=1, question="position", meaning=Meaning.OPPOSES)
    assert row(service, target).estimate.answers == {Meaning.OPPOSES: 1}


def test_reports_of_those_who_dialled_by_themselves_stay_apart(service: Service) -> None:
    _, target = talk(service, 1, "1", "3")
    for _ in range(3):
        self_report(
            service.ctx,
            "water",
            zip=ZIP,
            target=target,
            answers={"happened": "spoke", "position": "supports"},
        )
    found = row(service, target)
    assert (found.estimate.n, found.estimate.position) == (1, Meaning.OPPOSES)
    assert found.self_dialled == {Meaning.SUPPORTS: 3}


def test_evidence_stands_beside_the_estimate_and_can_be_taken_back(service: Service) -> None:
    _, target = talk(service, 1, "1", "3")
    before = row(service, target)
    boards.set_evidence(
        service.ctx,
        "water",
        target,
        position="supports",
        grade="public",
        note="Said so on the floor.",
        source="Congressional Record",
        who="ann@example.org",
    )
    after = row(service, target)
    assert after.estimate == before.estimate
    assert boards.as_json(after)["evidence"] == {
        "position": "supports",
        "grade": "public",
        "note": "Said so on the floor.",
        "source": "Congressional Record",
        "by": "ann@example.org",
        "at": service.clock.now().isoformat().replace("+00:00", "Z"),
    }
    boards.set_evidence(
        service.ctx, "water", target, position="", grade="", note="Misread.", source="", who="bo"
    )
    assert row(service, target).evidence is None
    history = boards.target_board(service.ctx, "water", target).history
    assert [one.note for one in history] == ["Misread.", "Said so on the floor."]


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": "spoke"},
        {"grade": "rumour"},
        {"grade": ""},
        {"note": " "},
        {"source": ""},
        {"note": "x" * 3000},
    ],
)
def test_evidence_without_its_ground_is_refused_in_a_sentence(
    service: Service, wrong: dict[str, str]
) -> None:
    _, target = talk(service, 1, "1", "3")
    given = {"position": "supports", "grade": "heard", "note": "Told us.", "source": "A."} | wrong
    with pytest.raises(RefusedError, match=r"^[A-Z].*\.$"):
        boards.set_evidence(service.ctx, "water", target, who="ann@example.org", **given)
    assert row(service, target).evidence is None


def test_nobody_of_that_name_is_told_as_such(service: Service) -> None:
    with pytest.raises(NotFoundError):
        boards.target_board(service.ctx, "water", "Z999999")
    with pytest.raises(NotFoundError):
        boards.board(service.ctx, "no-such-campaign")


def test_a_number_reported_wrong_twice_is_suspected_and_rests_once_confirmed(
    service: Service,
) -> None:
    call, target = talk(service, 1, "5", seconds=8)
    with service.ctx.store.reading() as unit:
        phone = unit.calls.legs(call)[0].phone
    service.clock.forward(hours=1)
    rolling.roll_up(service.ctx)
    assert not [one for one in health.suspects(service.ctx) if one.number.phone == phone]
    talk(service, 2, "5", seconds=8)
    rolling.roll_up(service.ctx)
    (suspect,) = [one for one in health.suspects(service.ctx) if one.number.phone == phone]
    assert (suspect.trouble, suspect.number.dead.count) == (Trouble.DEAD, 2)
    assert suspect.number.dead.first is not None
    health.confirm_dead(service.ctx, phone, who="ann@example.org")
    service.clock.forward(days=40)
    assert phone not in _dialled(service, 3)
    (suspect,) = [one for one in health.suspects(service.ctx) if one.number.phone == phone]
    assert suspect.number.confirmed_by == "ann@example.org"
    health.lift(service.ctx, phone)
    service.clock.forward(hours=1)
    assert phone in _dialled(service, 4)
    with pytest.raises(NotFoundError):
        health.lift(service.ctx, phone)
    with pytest.raises(NotFoundError):
        health.confirm_dead(service.ctx, "+12025550199", who="ann@example.org")
    assert target


def test_reports_from_before_the_number_last_worked_are_forgotten(service: Service) -> None:
    for number, happened in ((1, "5"), (2, "5"), (3, "2"), (4, "5")):
        talk(service, number, happened, seconds=50)
        service.clock.forward(minutes=30)
    rolling.roll_up(service.ctx)
    with service.ctx.store.reading() as unit:
        found = unit.health.numbers(since=service.clock.now().date())
        (again,) = [one for one in found if one.dead.count and one.worked]
    assert again.dead.count == 1
    assert again.worked is not None
    assert again.dead.first is not None
    assert again.worked < again.dead.first


def _dialled(service: Service, number: int) -> list[str]:
    call, _ = talk(service, number, "2")
    with service.ctx.store.reading() as unit:
        return [leg.phone for leg in unit.calls.legs(call)]


def test_signals_that_disagree_are_listed_and_kept_apart(service: Service) -> None:
    call, _ = talk(service, 1, "1", "2", seconds=12)
    talk(service, 2, "1", "2", seconds=90)
    rolling.roll_up(service.ctx)
    found = health.signal_board(service.ctx, "water")
    assert dict(found.disagreements)[Disagreement.SPOKE_BUT_SHORT] == 1
    assert found.legs == 2
    (line,) = found.lines
    assert (line.call, line.outcome, line.seconds, line.reported) == (
        call,
        "connected",
        12,
        "spoke",
    )
    assert line.disagreement is Disagreement.SPOKE_BUT_SHORT
    other = health.signal_board(service.ctx, "water", kind=Disagreement.FULL_BUT_LONG)
    assert not other.lines


def test_a_busy_line_is_no_disagreement(service: Service) -> None:
    service.start()
    phone = service.phone()
    phone.answer()
    phone.press("1")
    phone.press("1")
    phone.bridge_ends(CarrierStatus.BUSY)
    phone.hang_up()
    rolling.roll_up(service.ctx)
    found = health.signal_board(service.ctx, "water")
    assert not any(count for _, count in found.disagreements)


def test_an_interval_is_drawn_in_characters() -> None:
    assert bar(0.0, 1.0, width=4) == "━━━━"
    assert bar(0.5, 1.0, width=4) == "··━━"
    assert bar(0.99, 1.0, width=4) == "···━"
