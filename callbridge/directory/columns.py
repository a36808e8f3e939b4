"""Columns of small numbers to and from bytes, little-endian on every machine; knows no meaning.

A column is its first value in four bytes, then differences of sixteen bits, all low bytes before
all high bytes: neighbouring ZIPs are alike, so both halves compress well.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise

_FIRST = 4


def pack_deltas(values: Sequence[int]) -> bytes:
    """Return the column. Raises OverflowError where neighbours differ by 32,768 or more."""
    if not values:
        return b""
    deltas = array("h", (b - a for a, b in pairwise(values)))
    if sys.byteorder == "big":
        deltas.byteswap()
    raw = deltas.tobytes()
    return values[0].to_bytes(_FIRST, "little", signed=True) + raw[0::2] + raw[1::2]


def unpack_deltas(data: bytes) -> array[int]:
    """Return the values that `pack_deltas` took."""
    if not data:
        return array("i")
    rest = data[_FIRST:]
    half = len(rest) // 2
    raw = bytearray(len(rest))
    raw[0::2], raw[1::2] = rest[:half], rest[half:]
    deltas = array("h", bytes(raw))
    if sys.byteorder == "big":
        deltas.byteswap()
    first = int.from_bytes(data[:_FIRST], "little", signed=True)
    # By way of a list: an array fed by an iterator grows one entry at a time, four times slower.
    return array("i", list(accumulate(deltas, initial=first)))
