"""Loads at offices, counted from what was on the wire."""

from __future__ import annotations

import pytest

from callbridge.rehearsal.tally import Span, most_at_once, most_in_a_minute


@pytest.mark.parametrize(
    ("spans", "most"),
    [
        ([], 0),
        ([(0, 10)], 1),
        ([(0, 10), (10, 20)], 1),
        ([(0, 10), (5, 20), (9, 9.5)], 3),
        ([(0, 100), (1, 2), (3, 4), (5, 6)], 2),
    ],
)
def test_the_most_at_one_instant(spans: list[tuple[float, float]], most: int) -> None:
    assert most_at_once(Span(*one) for one in spans) == most


@pytest.mark.parametrize(
    ("starts", "most"),
    [([], 0), ([0, 59.9], 2), ([0, 60], 1), ([0, 30, 60, 61, 90], 3), ([0, 1, 2, 200], 3)],
)
def test_the_most_that_began_within_a_minute(starts: list[float], most: int) -> None:
    assert most_in_a_minute(Span(start, start + 1) for start in starts) == most
