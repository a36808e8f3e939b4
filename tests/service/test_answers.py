"""Answers from the web: corrected, never deleted, and told apart from the keypad's."""

from __future__ import annotations

import pytest

from callbridge.domain.call import Door, Stage
from callbridge.domain.survey import Meaning
from callbridge.errors import NotFoundError, RefusedError, TooManyError, ZipRefusedError
from callbridge.service import answers, lookup, reading, results
from tests.service.setting import Service


def surveyed(service: Service) -> str:
    """Make a call whose keypad says: talked, opposes."""
    call = service.start().call
    phone = service.phone()
    phone.answer()
    phone.press("1")
    phone.press("1")
    phone.bridge_ends()
    phone.press("1")
    phone.press("3")
    phone.hang_up()
    return call


def test_a_correction_supersedes_and_deletes_nothing(service: Service) -> None:
    call = surveyed(service)
    answers.report(service.ctx, call, leg=1, question="position", meaning="supports")
    leg = reading.call_view(service.ctx, call).legs[0]
    assert [(a.meaning, a.source, a.superseded) for a in leg.answers] == [
        (Meaning.SPOKE, "keypad", False),
        (Meaning.OPPOSES, "keypad", True),
        (Meaning.SUPPORTS, "web", False),
    ]


def test_the_same_correction_twice_is_one_answer(service: Service) -> None:
    call = surveyed(service)
    for _ in range(2):
        answers.report(service.ctx, call, leg=1, question="position", meaning="supports")
    assert len(reading.call_view(service.ctx, call).legs[0].answers) == 3


def test_an_answer_that_no_longer_follows_is_superseded(service: Service) -> None:
    call = surveyed(service)
    answers.report(service.ctx, call, leg=1, question="happened", meaning="voicemail")
    leg = reading.call_view(service.ctx, call).legs[0]
    assert leg.reported is Meaning.VOICEMAIL
    assert [a.meaning for a in leg.answers if not a.superseded] == [Meaning.VOICEMAIL]


def test_what_was_not_asked_cannot_be_answered(service: Service) -> None:
    call = surveyed(service)
    for leg, question, meaning, error in (
        (2, "position", "supports", NotFoundError),
        (1, "weather", "supports", RefusedError),
        (1, "position", "voicemail", RefusedError),
        (1, "position", "maybe", RefusedError),
    ):
        with pytest.raises(error):
            answers.report(service.ctx, call, leg=leg, question=question, meaning=meaning)
    with pytest.raises(NotFoundError):
        answers.report(service.ctx, "0" * 32, leg=1, question="position", meaning="supports")


def test_somebody_who_dialled_alone_reports_the_same_way(service: Service) -> None:
    found = reading.targets_for(service.ctx, "water", "94110")
    call = answers.self_report(
        service.ctx,
        "water",
        zip="94110",
        target=found.targets[0].id,
        answers={"happened": "spoke", "position": "undecided"},
        referral="friend\x00",
        network="192.0.2.0/24",
    )
    view = reading.call_view(service.ctx, call)
    assert (view.door, view.stage) == (Door.SELF_DIALLED, Stage.ENDED)
    assert [a.meaning for a in view.legs[0].answers] == [Meaning.SPOKE, Meaning.UNDECIDED]
    assert view.legs[0].phone == found.targets[0].offices[0].phone


def test_reports_are_limited_and_only_about_this_zips_members(service: Service) -> None:
    strict = service.with_settings(LIMIT_NETWORK_HOUR="1")
    target = reading.targets_for(service.ctx, "water", "94110").targets[0].id

    def report(**changes: object) -> str:
        given: dict[str, object] = {
            "zip": "94110",
            "target": target,
            "answers": {"happened": "voicemail"},
            "network": "192.0.2.0/24",
        }
        return answers.self_report(strict.ctx, "water", **(given | changes))  # type: ignore[arg-type]

    report()
    with pytest.raises(TooManyError):
        report()
    for changes, error in (
        ({"target": "X000000"}, NotFoundError),
        ({"zip": "10001"}, NotFoundError),
        ({"zip": "1"}, ZipRefusedError),
        ({"answers": {}}, RefusedError),
        ({"answers": {"weather": "fine"}, "network": None}, RefusedError),
    ):
        with pytest.raises(error):
            report(**changes)


def test_results_count_what_stands(service: Service) -> None:
    call = surveyed(service)
    answers.report(service.ctx, call, leg=1, question="position", meaning="supports")
    found = results.results(service.ctx, "water")
    assert {(t.question, t.meaning, t.count) for t in found.tallies} == {
        ("happened", Meaning.SPOKE, 1),
        ("position", Meaning.SUPPORTS, 1),
    }
    assert found.answers == 3
    assert [line.call for line in found.last_calls] == [call]
    assert found.last_calls[0].legs == 1


def test_lookups_are_counted_for_a_network_and_a_minute(service: Service) -> None:
    strict = service.with_settings(LIMIT_LOOKUP_MINUTE="2")
    for _ in range(2):
        assert lookup.lookup(strict.ctx, "94110", "192.0.2.0/24").state == "CA"
    with pytest.raises(TooManyError):
        lookup.lookup(strict.ctx, "94110", "192.0.2.0/24")
    lookup.lookup(strict.ctx, "94110", "198.51.100.0/24")
    lookup.lookup(strict.ctx, "94110")
    service.clock.forward(minutes=1)
    lookup.lookup(strict.ctx, "94110", "192.0.2.0/24")
