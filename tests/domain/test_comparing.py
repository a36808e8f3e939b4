"""Comparing shares: published examples, exact arithmetic, and honesty about small numbers."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain.comparing import Share, compare, fisher, holm, wilson


def share(part: int, whole: int) -> Share:
    """Return a share."""
    return Share(part=part, whole=whole)


def exact(first: Share, second: Share) -> Fraction:
    """Return Fisher's p in whole numbers."""
    hits = first.part + second.part

    def ways(part: int) -> int:
        return comb(first.whole, part) * comb(second.whole, hits - part)

    parts = range(max(0, hits - second.whole), min(hits, first.whole) + 1)
    seen = ways(first.part)
    return Fraction(
        sum(ways(p) for p in parts if ways(p) <= seen), comb(first.whole + second.whole, hits)
    )


def test_the_lady_tasting_tea_proves_nothing_with_three_of_four() -> None:
    assert fisher(share(3, 4), share(1, 4)) == pytest.approx(34 / 70)


def test_newcombes_own_example_has_newcombes_interval() -> None:
    found = compare(share(48, 80), share(56, 70))
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (
        pytest.approx(0.0524, abs=5e-5),
        pytest.approx(0.3339, abs=5e-5),
    )
    assert not found.small


def test_wilsons_interval_of_nothing_seen_is_not_empty() -> None:
    assert wilson(share(0, 10)) == (0.0, pytest.approx(0.2775, abs=1e-4))
    assert wilson(share(0, 0)) == (0.0, 1.0)


@pytest.mark.parametrize("more", [0, 1, 20, 60, 400])
def test_of_many_only_what_adds_something_is_added_up(more: int) -> None:
    first, second = share(900, 1500), share(2100 + more, 3500)
    assert fisher(first, second) == pytest.approx(float(exact(first, second)), rel=1e-6)
    assert fisher(second, first) == pytest.approx(fisher(first, second), rel=1e-6)


def test_millions_that_hardly_differ_are_told_apart_by_their_number() -> None:
    first, second = share(1_000_000, 1_700_000), share(1_003_000, 1_700_000)
    # Of so many the normal distribution says the same: z = 3.31.
    assert fisher(first, second) == pytest.approx(0.00095, abs=0.00001)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    whole = draw(st.integers(0, 40))
    return share(draw(st.integers(0, whole)), whole)


@given(shares(), shares())
def test_p_is_the_exact_sum(first: Share, second: Share) -> None:
    if first.whole and second.whole:
        assert fisher(first, second) == pytest.approx(float(exact(first, second)))
    else:
        assert fisher(first, second) == 1.0


@given(shares(), shares())
def test_the_order_of_the_two_turns_the_sign_and_nothing_else(first: Share, second: Share) -> None:
    one, two = compare(first, second), compare(second, first)
    assert one.p == pytest.approx(two.p)
    assert one.small == two.small
    if one.value is not None and one.low is not None and one.high is not None:
        assert one.value == pytest.approx(-(two.value or 0))
        assert one.low == pytest.approx(-(two.high or 0))
        assert -1 <= one.low <= one.value <= one.high <= 1


def test_large_numbers_do_not_overflow() -> None:
    found = compare(share(50_000, 100_000), share(51_000, 100_000))
    assert 0 < found.p < 1e-4
    assert not found.small


@pytest.mark.parametrize(
    ("first", "second", "small"),
    [
        (share(10, 29), share(100, 300), True),
        (share(15, 30), share(15, 30), False),
        (share(1, 300), share(2, 300), True),
        (share(299, 300), share(298, 300), True),
        (share(0, 0), share(50, 100), True),
    ],
)
def test_small_numbers_are_called_small(first: Share, second: Share, small: bool) -> None:
    assert compare(first, second).small is small


def test_several_tests_are_paid_for() -> None:
    assert holm([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([0.9, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_what_is_no_share_is_refused() -> None:
    for part, whole in ((2, 1), (-1, 4)):
        with pytest.raises(ValueError, match="no share"):
            share(part, whole)
