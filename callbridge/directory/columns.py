"""Columns of small numbers to and from bytes, little-endian on every machine; knows no meaning.

Sixteen-bit columns are stored as differences, all low bytes before all high bytes: neighbouring
ZIPs are alike, so both halves compress well.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise


def pack_deltas(values: Sequence[int]) -> bytes:
    """Return two bytes a value. Raises OverflowError where neighbours differ by 32,768 or more."""
    if not values:
        return b""
    deltas = array("h", [values[0], *(b - a for a, b in pairwise(values))])
    if sys.byteorder == "big":
        deltas.byteswap()
    raw = deltas.tobytes()
    return raw[0::2] + raw[1::2]


def unpack_deltas(data: bytes) -> array[int]:
    """Return the values that `pack_deltas` took."""
    half = len(data) // 2
    raw = bytearray(len(data))
    raw[0::2], raw[1::2] = data[:half], data[half:]
    deltas = array("h", bytes(raw))
    if sys.byteorder == "big":
        deltas.byteswap()
    return array("i", accumulate(deltas))
