"""Where a member stands, estimated from independent reports; knows no database and no clock.

The model, its assumptions, a worked example and its check by simulation: `docs/whip.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from math import exp, log, sqrt

from callbridge.domain.survey import POSITIONS, Meaning
from callbridge.domain.whip_model import (
    DEFAULT,
    OPPOSING,
    SCALE,
    SUPPORTING,
    Model,
    grid,
    heard,
    log_evidence,
)

# Two positions this near in log probability are level: no report separates them.
_LEVEL = 1e-9


class Channel(StrEnum):
    """Whether a report followed a bridge of ours; only those count towards n."""

    BRIDGED = "bridged"
    SELF_DIALLED = "self-dialled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many supporters reported one meaning on one day, after the one-a-day rule."""

    day: date
    meaning: Meaning
    count: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """All reports of one meaning: how many, what they weigh now, the heaviest, the last."""

    count: int
    weight: float
    heaviest: float
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Where one member stands, how sure that is and why.

    `answers` counts every position answer, would-not-say too; `n` leaves that one out.
    `position` is the likeliest, None without a report; `probability` its posterior. `held`: a
    position on the other side leads by a single report alone, so it is not shown. `share` and
    `interval`: the share of supporting answers and where it lies. `spread` is the standard
    deviation of the reports from -2 (opposes) to 2 (supports); `conflict` goes from 0 (all on one
    side) to 1 (as many on either side).
    """

    answers: Mapping[Meaning, int]
    n: int
    position: Meaning | None
    probability: float | None
    probabilities: Mapping[Meaning, float]
    held: Meaning | None
    share: float
    interval: tuple[float, float]
    spread: float | None
    conflict: float
    last: datetime | None


def pile(counts: Sequence[DayCount], *, today: date, model: Model = DEFAULT) -> dict[Meaning, Pile]:
    """Gather daily counts by meaning, each weighed by its age in whole days."""
    piles: dict[Meaning, Pile] = {}
    for one in counts:
        if one.meaning not in POSITIONS or one.count < 1:
            continue
        weight = model.weight((today - one.day).days)
        old = piles.get(one.meaning)
        piles[one.meaning] = Pile(
            count=one.count + (old.count if old else 0),
            weight=one.count * weight + (old.weight if old else 0.0),
            heaviest=max(weight, old.heaviest if old else 0.0),
            last=max(one.last, old.last) if old else one.last,
        )
    return piles


def estimate(piles: Mapping[Meaning, Pile], *, model: Model = DEFAULT) -> Estimate:
    """Return where the member stands by these reports; would-not-say informs nothing."""
    answers = {meaning: piles[meaning].count for meaning in Meaning if meaning in piles}
    said = {meaning: piles[meaning] for meaning in SCALE if meaning in piles}
    weights = {meaning: one.weight for meaning, one in said.items()}
    probabilities = posterior(weights, model=model)
    likeliest, shown = _positions(said, weights, probabilities, model)
    yes = sum(weight for meaning, weight in weights.items() if meaning in SUPPORTING)
    share, interval = supporting(yes, sum(weights.values()) - yes, model=model)
    return Estimate(
        answers=answers,
        n=sum(one.count for one in said.values()),
        position=shown,
        probability=None if shown is None else probabilities[shown],
        probabilities=probabilities,
        held=likeliest if likeliest is not shown else None,
        share=share,
        interval=interval,
        spread=_spread(weights),
        conflict=_conflict(weights),
        last=max((one.last for one in piles.values()), default=None),
    )


def posterior(weights: Mapping[Meaning, float], *, model: Model = DEFAULT) -> dict[Meaning, float]:
    """Return how likely each position is, given weighted reports."""
    logs = [
        log(prior) + log_evidence(weights, alpha)
        for prior, alpha in zip(model.prior, heard(model), strict=True)
    ]
    top = max(logs)
    raw = [exp(one - top) for one in logs]
    return {meaning: one / sum(raw) for meaning, one in zip(SCALE, raw, strict=True)}


def _positions(
    said: Mapping[Meaning, Pile],
    weights: Mapping[Meaning, float],
    probabilities: Mapping[Meaning, float],
    model: Model,
) -> tuple[Meaning | None, Meaning | None]:
    """Return the likeliest position and the one to show: one report alone changes no side."""
    if not said:
        return None, None
    best = max(probabilities.values())
    level = [meaning for meaning in SCALE if probabilities[meaning] >= best - _LEVEL]
    # Of level positions the one reported last is the newcomer, which must prove itself.
    leader = max(level, key=lambda m: (m in said, said[m].last.timestamp() if m in said else 0.0))
    if leader not in said:
        return leader, leader
    left = dict(weights)
    left[leader] = max(0.0, left[leader] - said[leader].heaviest)
    without = posterior(left, model=model)
    other = max(SCALE, key=lambda meaning: without[meaning])
    newcomer = other in said and said[leader].last > said[other].last
    alone = without[leader] < without[other] - _LEVEL
    if alone and newcomer and _opposite(leader, other):
        return leader, other
    return leader, leader


def _opposite(one: Meaning, other: Meaning) -> bool:
    pair = {one, other}
    return bool(pair & SUPPORTING) and bool(pair & OPPOSING)


@lru_cache(maxsize=8192)
def supporting(
    yes: float, no: float, *, model: Model = DEFAULT
) -> tuple[float, tuple[float, float]]:
    """Return the mean and the interval of the share of supporting answers.

    `yes` and `no` are weighted reports, supporting and not. The posterior is summed over the
    model's bins and read off linearly inside a bin.
    """
    bins = grid(model)
    lows, highs = bins.log_yes, bins.log_no
    logs = [yes * low + no * high for low, high in zip(lows, highs, strict=True)]
    top = max(logs)
    mass = [prior * exp(one - top) for prior, one in zip(bins.mass, logs, strict=True)]
    below = list(accumulate(mass, initial=0.0))
    # The mean is the area above the distribution function; a bin's mass lies in its middle.
    mean = 1 - (sum(below) - below[-1] / 2) / (below[-1] * model.bins)
    return mean, _shortest(below, model.level * below[-1])


def _shortest(below: Sequence[float], wanted: float) -> tuple[float, float]:
    """Return the shortest stretch that holds `wanted`; an end of the scale may be inside it.

    Equal tails would cut off the very ends, where most offices that all agree are.
    """
    best, end = (0, len(below) - 1), 0
    for start in range(len(below) - 1):
        while end < len(below) and below[end] - below[start] < wanted:
            end += 1
        if end == len(below):
            break
        if end - start < best[1] - best[0]:
            best = start, end
    low, high = best
    left, right = below[low + 1] - below[low], below[high] - below[high - 1]
    excess = below[high] - below[low] - wanted
    bins = len(below) - 1
    # What is too much comes off the thinner inner end, in proportion to its bin.
    if low > 0 and (left <= right or high == bins) and left > 0:
        return (low + excess / left) / bins, high / bins
    if high < bins and right > 0:
        return low / bins, (high - excess / right) / bins
    return low / bins, high / bins


def _spread(weights: Mapping[Meaning, float]) -> float | None:
    total = sum(weights.values())
    if not total:
        return None
    places = {meaning: 2 - index for index, meaning in enumerate(SCALE)}
    mean = sum(places[meaning] * weight for meaning, weight in weights.items()) / total
    square = sum((places[meaning] - mean) ** 2 * weight for meaning, weight in weights.items())
    return sqrt(square / total)


def _conflict(weights: Mapping[Meaning, float]) -> float:
    yes = sum(weight for meaning, weight in weights.items() if meaning in SUPPORTING)
    no = sum(weight for meaning, weight in weights.items() if meaning in OPPOSING)
    return 2 * min(yes, no) / (yes + no) if yes + no else 0.0
