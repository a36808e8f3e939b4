"""Says how many there are of something, as people write it; counts nothing."""

from __future__ import annotations


def many(count: int, one: str, more: str = "") -> str:
    """Return a count with its noun: "1 call", "2,345 calls", "1 person", "0 people".

    `more` is the plural where it is not the singular with an s.
    """
    return f"{count:,} {one if count == 1 else more or one + 's'}"
