"""Shares that were measured, with how sure they are; knows not what was counted."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_Z = 1.96  # 95 of 100 such intervals hold the truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """`hits` of `of`; 0 of 0 means never measured."""

    hits: int = 0
    of: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of:
            raise ValueError("a share counts some of all, never more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A quantity that is not known for sure."""

    low: float
    likely: float
    high: float


def interval(count: Count) -> Range:
    """Return the share and its 95 % Wilson interval; 0 to 1 when never measured."""
    if count.of == 0:
        return Range(low=0.0, likely=0.5, high=1.0)
    n, share = count.of, count.hits / count.of
    middle = (share + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z / (1 + _Z * _Z / n) * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    return Range(
        low=min(share, max(0.0, middle - half)),
        likely=share,
        high=max(share, min(1.0, middle + half)),
    )
