"""Whether two shares differ by more than chance: exact test, interval, warnings; reads nothing.

The test is Fisher's exact one, two-sided (the sum of the tables no likelier than the one seen).
The interval of the difference is Newcombe's (1998, method 10), built from two Wilson intervals.
Several shares tested at once are adjusted by Holm's step-down rule.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

Z_95 = 1.959963984540054
SMALL = 30
# Tables as likely as the one seen, but for rounding.
_SLACK = 1 + 1e-9
# What is less than this part of a sum does not change it.
_NOTHING = 1e-17


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} of {self.whole} is no share")

    @property
    def value(self) -> float | None:
        """Return the share, None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Second share minus first, with its 95 % interval and the exact test's p."""

    first: Share
    second: Share
    value: float | None
    low: float | None
    high: float | None
    p: float
    small: bool


def compare(first: Share, second: Share) -> Difference:
    """Compare two shares; `small` where fewer than SMALL are in one, or hardly any differ."""
    one, two = first.value, second.value
    edge = min(first.whole, second.whole)
    rare = min(first.part + second.part, first.whole + second.whole - first.part - second.part)
    small = edge < SMALL or rare < 10
    p = fisher(first, second)
    if one is None or two is None:
        return Difference(
            first=first, second=second, value=None, low=None, high=None, p=p, small=True
        )
    (low1, high1), (low2, high2) = wilson(first), wilson(second)
    gap = two - one
    return Difference(
        first=first,
        second=second,
        value=gap,
        # Rounding alone takes them past what a difference of shares can be.
        low=max(-1.0, gap - sqrt((two - low2) ** 2 + (high1 - one) ** 2)),
        high=min(1.0, gap + sqrt((high2 - two) ** 2 + (one - low1) ** 2)),
        p=p,
        small=small,
    )


def wilson(share: Share, z: float = Z_95) -> tuple[float, float]:
    """Return Wilson's interval of a share; everything where there is nothing."""
    n = share.whole
    if not n:
        return 0.0, 1.0
    p = share.part / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def fisher(first: Share, second: Share) -> float:
    """Return the two-sided p of Fisher's exact test, 1 where there is nothing to compare."""
    hits, total = first.part + second.part, first.whole + second.whole
    if not first.whole or not second.whole:
        return 1.0
    low, high = max(0, hits - second.whole), min(hits, first.whole)
    every = _choose(total, hits)

    def log_chance(part: int) -> float:
        return _choose(first.whole, part) + _choose(second.whole, hits - part) - every

    # Chances rise up to the likeliest table and fall after it. So what is no likelier than the one
    # seen lies at both ends; where such an end begins is found by halving.
    likeliest = min(max((hits + 1) * (first.whole + 1) // (total + 2), low), high)
    seen = log_chance(first.part) + log(_SLACK)
    if log_chance(likeliest) <= seen:
        return 1.0
    below = bisect_left(range(low, likeliest), 1, key=lambda part: log_chance(part) > seen) + low
    above = bisect_left(range(likeliest, high + 1), 1, key=lambda part: log_chance(part) <= seen)
    ends = []
    if below > low:
        ends.append(_end(exp(log_chance(below - 1)), _falls(first, second, below - 1, low)))
    if likeliest + above <= high:
        rises = _rises(first, second, likeliest + above, high)
        ends.append(_end(exp(log_chance(likeliest + above)), rises))
    return min(1.0, sum(ends))


def _end(chance: float, ratios: Iterator[float]) -> float:
    """Add up the chances of an end, each the one before times a ratio, while that says anything."""
    total = chance
    for ratio in ratios:
        chance *= ratio
        if chance <= total * _NOTHING:
            break
        total += chance
    return total


def _falls(first: Share, second: Share, part: int, low: int) -> Iterator[float]:
    """Yield by what the chance of each smaller part differs from the one before."""
    hits = first.part + second.part
    for k in range(part, low, -1):
        yield k * (second.whole - hits + k) / ((first.whole - k + 1) * (hits - k + 1))


def _rises(first: Share, second: Share, part: int, high: int) -> Iterator[float]:
    """Yield by what the chance of each greater part differs from the one before."""
    hits = first.part + second.part
    for k in range(part, high):
        yield (first.whole - k) * (hits - k) / ((k + 1) * (second.whole - hits + k + 1))


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def holm(ps: Sequence[float]) -> list[float]:
    """Return p-values adjusted for being several, in the order given."""
    order = sorted(range(len(ps)), key=lambda at: ps[at])
    adjusted, largest = [1.0] * len(ps), 0.0
    for place, at in enumerate(order):
        largest = max(largest, min(1.0, (len(ps) - place) * ps[at]))
        adjusted[at] = largest
    return adjusted
