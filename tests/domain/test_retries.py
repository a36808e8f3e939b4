"""When a person is tried again, and when never more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain.retries import (
    USUAL,
    Final,
    Reason,
    Result,
    Rule,
    Rules,
    Try,
    next_attempt,
)

NOON = datetime(2026, 9, 16, 16, tzinfo=UTC)
AGAIN = [result for result in Result if result not in {Result.REACHED, Result.OPTED_OUT}]


def tries(*results: Result | None) -> list[Try]:
    return [Try(result=result, ended=NOON) for result in results]


def test_who_was_never_tried_may_be_tried_now() -> None:
    assert next_attempt([], USUAL, now=NOON, chance=0.9) == NOON


def test_while_the_last_try_is_open_nothing_is_decided() -> None:
    assert next_attempt(tries(Result.BUSY, None), USUAL, now=NOON, chance=0) is None


@pytest.mark.parametrize("result", [Result.REACHED, Result.OPTED_OUT])
def test_who_was_reached_or_opted_out_is_never_tried_again(result: Result) -> None:
    done = next_attempt(tries(result, Result.BUSY), USUAL, now=NOON, chance=0)
    assert done == Final(reason=Reason(result.value), last=Result.BUSY)


def test_an_opt_out_weighs_more_than_having_been_reached() -> None:
    done = next_attempt(tries(Result.REACHED, Result.OPTED_OUT), USUAL, now=NOON, chance=0)
    assert isinstance(done, Final)
    assert done.reason is Reason.OPTED_OUT


def test_a_busy_line_is_tried_after_its_pause_and_a_bit_by_chance() -> None:
    assert next_attempt(tries(Result.BUSY), USUAL, now=NOON, chance=0) == NOON + timedelta(
        minutes=15
    )
    assert next_attempt(tries(Result.BUSY), USUAL, now=NOON, chance=0.8) == NOON + timedelta(
        minutes=18
    )


def test_a_pause_that_is_over_means_now() -> None:
    late = NOON + timedelta(days=3)
    assert next_attempt(tries(Result.NO_ANSWER), USUAL, now=late, chance=0.5) == late


def test_a_number_that_cannot_be_rung_is_not_rung_again() -> None:
    done = next_attempt(tries(Result.FAILED_NUMBER), USUAL, now=NOON, chance=0)
    assert done == Final(reason=Reason.LIMIT, last=Result.FAILED_NUMBER)


def test_a_try_that_never_rang_counts_as_no_ring() -> None:
    rules = Rules(
        by_result={
            Result.BUSY: Rule(pause=timedelta(minutes=1), limit=9),
            Result.NOT_PLACED: Rule(pause=timedelta(0), limit=9),
        },
        most=2,
    )
    never = tries(Result.BUSY, Result.NOT_PLACED, Result.NOT_PLACED)
    assert next_attempt(never, rules, now=NOON, chance=0) == NOON
    rung = tries(Result.BUSY, Result.NOT_PLACED, Result.BUSY)
    done = next_attempt(rung, rules, now=NOON, chance=0)
    assert done == Final(reason=Reason.MOST, last=Result.BUSY)


def test_a_result_without_a_rule_is_final() -> None:
    done = next_attempt(tries(Result.BUSY), Rules(by_result={}), now=NOON, chance=0)
    assert done == Final(reason=Reason.LIMIT, last=Result.BUSY)


@given(st.data())
def test_every_person_comes_to_an_end_and_no_pause_is_cut_short(data: st.DataObject) -> None:
    history: list[Try] = []
    now = NOON
    for _ in range(100):
        chance = data.draw(st.floats(0, 1, exclude_max=True))
        when = next_attempt(history, USUAL, now=now, chance=chance)
        if isinstance(when, Final):
            break
        assert when is not None
        assert when >= now
        if history:
            last = history[-1]
            assert last.result is not None
            assert when - last.ended >= USUAL.by_result[last.result].pause
        now = when + timedelta(seconds=30)
        history.append(Try(result=data.draw(st.sampled_from(AGAIN)), ended=now))
    else:
        pytest.fail("a person was tried for ever")
    rung = [one for one in history if one.result is not Result.NOT_PLACED]
    assert len(rung) <= USUAL.most
    for result, rule in USUAL.by_result.items():
        assert sum(one.result is result for one in history) <= rule.limit
