"""Simulated people and offices: what they do comes from the seed alone, at the documented rates."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from callbridge.exchange.behaviours import Behaviour, reported
from callbridge.rehearsal.numbers import fictitious
from callbridge.rehearsal.offices import FAULTS, POSITIONS, Desk, Offices
from callbridge.rehearsal.supporters import SupporterRates, Supporters

TUESDAY = datetime(2026, 6, 16, 18, tzinfo=UTC)
SUNDAY = datetime(2026, 6, 14, 18, tzinfo=UTC)
SURVEY = "Supports it: press 2. Opposes it: press 3. Undecided: press 4. Would not say: press 5."


def people(count: int, *, seed: int = 1, **rates: float) -> list[Behaviour]:
    supporters = Supporters(seed=seed, zips={}, rates=SupporterRates(**rates))
    return [supporters.next(number) for number in fictitious([""] * count)]


def offices(count: int, *, at_fault: float = 0.0, keeps_quiet: float = 0.0) -> Offices:
    desks = {
        f"+1202555{n:04}": Desk(
            phone=f"+1202555{n:04}",
            target=f"T{n}",
            name=f"Member {n}",
            city="Washington",
            zone="America/New_York",
        )
        for n in range(count)
    }
    return Offices(seed=3, desks=desks, at_fault=at_fault, keeps_quiet=keeps_quiet)


def test_the_same_seed_gives_the_same_people_and_another_gives_others() -> None:
    assert people(50) == people(50)
    assert people(50) != people(50, seed=2)


def test_people_do_what_the_rates_say() -> None:
    rates = SupporterRates()
    found = Counter(person.name for person in people(4000))
    rung = 1 - rates.dead
    takes_part = 1 - rates.hangs_up - rates.silent - rates.opts_out
    for name, share in {
        "dead-line": rates.dead,
        "voicemail-box": rung * rates.voicemail,
        "busy-line": rung * rates.busy,
        "takes-part": rung * rates.answers * takes_part,
        "opts-out": rung * rates.answers * rates.opts_out,
    }.items():
        spread = 4 * (share * (1 - share) / 4000) ** 0.5
        assert abs(found[name] / 4000 - share) < spread, name


def test_one_in_five_names_a_wrong_position_and_never_a_wrong_event() -> None:
    willing = [one for one in people(3000, answers=1.0, dead=0.0) if one.name == "takes-part"]
    staffer = Behaviour(happened="spoke", position="opposes")
    keys = [reported(SURVEY, staffer, slip=one.slip) for one in willing]
    assert abs(sum(key != "3" for key in keys) / len(keys) - 0.20) < 0.04
    assert set(keys) == {"2", "3", "4"}
    asked = "Talked with someone: press 1. Left a message: press 2."
    assert {reported(asked, staffer, slip=one.slip) for one in willing} == {"1"}


def test_a_member_has_one_position_that_all_its_staff_says() -> None:
    found = offices(60)
    said = {
        phone: {found.next(phone, TUESDAY).position for _ in range(40)} - {None}
        for phone in found.desks
    }
    assert all(
        positions == {found.positions[found.desks[phone].target]}
        for phone, positions in said.items()
    )
    assert set(found.positions.values()) == set(POSITIONS)


def test_nobody_is_at_a_desk_on_a_sunday_and_most_are_on_a_tuesday() -> None:
    found = offices(200)
    sunday = {found.next(phone, SUNDAY).name for phone in found.desks}
    assert sunday == {"mailbox", "mailbox-full", "no-answer"}
    tuesday = [found.next(phone, TUESDAY).happened == "spoke" for phone in found.desks]
    assert 0.5 < sum(tuesday) / len(tuesday) < 0.8


def test_a_number_at_fault_is_so_from_the_first_call_to_the_last() -> None:
    found = offices(300, at_fault=0.2)
    assert 30 < len(found.faults) < 95
    assert set(found.faults.values()) == set(FAULTS)
    for phone, kind in found.faults.items():
        assert {found.next(phone, TUESDAY).name for _ in range(5)} == {kind}
