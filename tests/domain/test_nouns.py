"""Counts with their nouns, as people write them."""

from __future__ import annotations

import pytest

from callbridge.domain.nouns import many


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls"), (2345, "2,345 calls")]
)
def test_one_is_told_from_many(count: int, said: str) -> None:
    assert many(count, "call") == said


def test_a_plural_of_its_own() -> None:
    assert [many(n, "person", "people") for n in (1, 2)] == ["1 person", "2 people"]
