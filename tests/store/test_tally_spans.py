"""Any stretch of days is few spans: each day once, and no other."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from callbridge.store.tally_spans import stretches


@given(
    start=st.integers(730_000, 731_000), days=st.integers(0, 400), day=st.integers(729_900, 731_500)
)
def test_stretches_are_each_day_once_and_no_other(start: int, days: int, day: int) -> None:
    since, until = date.fromordinal(start), date.fromordinal(start + days)
    hits = sum(first <= day // span <= last for span, first, last in stretches(since, until))
    assert hits == (start <= day <= start + days)
    open_ends = stretches(None, until), stretches(since, None)
    hits = [sum(a <= day // span <= b for span, a, b in some) for some in open_ends]
    assert hits == [day <= start + days, day >= start]
    assert len(stretches(since, until)) <= 5
