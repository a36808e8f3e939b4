"""When to try a person again after what happened last time; knows no window and no pace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Result(StrEnum):
    """How one try to ring a person came out.

    `machine-like`: somebody or something answered and pressed no key. `hung-up`: put down before
    a key. `failed-number`: the carrier says the number cannot be rung. `not-placed`: at the last
    check the carrier knew of no call.
    """

    REACHED = "reached"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    MACHINE_LIKE = "machine-like"
    HUNG_UP = "hung-up"
    FAILED_NUMBER = "failed-number"
    NOT_PLACED = "not-placed"
    OPTED_OUT = "opted-out"


class Reason(StrEnum):
    """Why a person is not tried again."""

    REACHED = "reached"
    OPTED_OUT = "opted-out"
    LIMIT = "limit"
    MOST = "most"


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try. `result` None: not known yet."""

    result: Result | None
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """After this result: at least `pause`, and no more once it happened `limit` times."""

    pause: timedelta
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of a drive. `most` bounds the rings of one person whatever they came to.

    `jitter` is the share of a pause that chance may add, so that a list that was rung at one
    minute does not come back at one minute.
    """

    by_result: Mapping[Result, Rule]
    most: int = 4
    jitter: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Final:
    """The person is not tried again; `last` is what the last try came to."""

    reason: Reason
    last: Result


# Who answered and pressed nothing is tried once more only, another day: a voicemail box has our
# number by then, and a person who hung up has said something.
USUAL = Rules(
    by_result={
        Result.BUSY: Rule(pause=timedelta(minutes=15), limit=4),
        Result.NO_ANSWER: Rule(pause=timedelta(hours=4), limit=3),
        Result.MACHINE_LIKE: Rule(pause=timedelta(hours=20), limit=2),
        Result.HUNG_UP: Rule(pause=timedelta(hours=20), limit=2),
        Result.FAILED_NUMBER: Rule(pause=timedelta(0), limit=1),
        Result.NOT_PLACED: Rule(pause=timedelta(minutes=5), limit=3),
    }
)


def next_attempt(
    history: Sequence[Try], rules: Rules, *, now: datetime, chance: float
) -> datetime | Final | None:
    """Say when a person may be tried next: a time from `now` on, or never more, and why.

    None while the last try is still open. `chance` is in [0, 1). Order in `history` is time's.
    Tries that never rang (`not-placed`) have a limit of their own and count as no ring.
    """
    if not history:
        return now
    last = history[-1].result
    if last is None:
        return None
    results = [one.result for one in history]
    for result, reason in (
        (Result.OPTED_OUT, Reason.OPTED_OUT),
        (Result.REACHED, Reason.REACHED),
    ):
        if result in results:
            return Final(reason=reason, last=last)
    rule = rules.by_result.get(last)
    if rule is None or results.count(last) >= rule.limit:
        return Final(reason=Reason.LIMIT, last=last)
    if len(results) - results.count(Result.NOT_PLACED) >= rules.most:
        return Final(reason=Reason.MOST, last=last)
    pause = rule.pause * (1 + rules.jitter * chance)
    return max(now, history[-1].ended + pause)
