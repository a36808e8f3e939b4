"""The attempt's table: what it must never allow, proved over all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callbridge.domain.attempts import (
    FINAL,
    IN_FLIGHT,
    MAY_HAVE_RUNG,
    OPEN,
    TRANSITIONS,
    Check,
    Event,
    Frees,
    State,
    after,
    frees,
    next_check,
)

START = datetime(2026, 9, 16, 16, tzinfo=UTC)


def reachable(state: State) -> set[State]:
    """List every state that some events lead to from `state`, itself only by a way round."""
    found: set[State] = set()
    border = {state}
    while border:
        border = {to for (at, _), to in TRANSITIONS.items() if at in border} - found
        found |= border
    return found


def test_only_a_claimed_attempt_goes_back_to_planned() -> None:
    back = {at for (at, _), to in TRANSITIONS.items() if to is State.PLANNED}
    assert back == {State.CLAIMED}


def test_no_attempt_is_dialled_twice() -> None:
    assert {at for (at, _), to in TRANSITIONS.items() if to is State.DIALING} == {State.CLAIMED}
    for state in MAY_HAVE_RUNG:
        assert not reachable(state) & {State.PLANNED, State.CLAIMED, State.DIALING}


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_state_is_final_for_every_event(state: State) -> None:
    assert [after(state, event) for event in Event] == [None] * len(Event)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_can_come_to_an_end(state: State) -> None:
    assert reachable(state) & FINAL


def test_every_state_is_reached_and_every_event_is_used() -> None:
    assert reachable(State.PLANNED) | {State.PLANNED} == set(State)
    assert {event for _, event in TRANSITIONS} == set(Event)


def test_what_may_have_rung_is_done_by_word_of_the_carrier_or_where_it_was_not_asked() -> None:
    for (at, event), to in TRANSITIONS.items():
        if at in {State.DIALING, State.UNKNOWN} and to in FINAL:
            assert event in {
                Event.TOO_MANY,
                Event.CALLED_OFF,
                Event.REFUSED,
                Event.ENDED,
                Event.FELL_THROUGH,
                Event.MISSING,
            }


def test_a_stopped_drive_suppresses_only_what_has_not_been_dialled() -> None:
    stopped = {at for (at, event) in TRANSITIONS if event in {Event.SUPPRESS, Event.EXPIRE}}
    assert stopped == {State.PLANNED, State.CLAIMED}


def test_a_repeated_hook_moves_nothing() -> None:
    for event in (Event.HEARD, Event.ACCEPTED, Event.FOUND):
        assert after(State.PLACED, event) is None


def test_a_person_is_freed_only_when_the_attempt_is_over() -> None:
    for event in Event:
        if frees(event) is not Frees.NOTHING:
            assert {to for (_, by), to in TRANSITIONS.items() if by is event} <= FINAL
            assert all(after(state, event) is None or state in IN_FLIGHT for state in State)


def test_what_the_carrier_never_heard_of_frees_the_person_when_the_drive_allows() -> None:
    assert frees(Event.MISSING) is Frees.BY_RULES
    assert frees(Event.MISSING, redial_missing=False) is Frees.NOTHING
    assert frees(Event.LOST) is Frees.NOTHING
    assert frees(Event.TOO_MANY) is Frees.AT_ONCE
    assert frees(Event.CALLED_OFF) is Frees.AT_ONCE


def test_the_carrier_is_asked_at_the_set_times_and_the_last_one_settles() -> None:
    schedule = (30, 120, 600)
    asked = [next_check(START, done=done, schedule=schedule) for done in range(4)]
    assert asked == [
        Check(at=START + timedelta(seconds=30), last=False),
        Check(at=START + timedelta(seconds=120), last=False),
        Check(at=START + timedelta(seconds=600), last=True),
        None,
    ]
