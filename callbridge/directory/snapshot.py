"""A directory in memory as the snapshot file holds it, and the reading of that file's bytes.

Layout: magic, version (one byte), SHA-256 of all that follows, length of the head (four bytes,
little-endian), head (JSON that a person can read: sources, licences, dates, sizes), body (zlib:
people as JSON, cities as text, columns of numbers with one entry a ZIP).
"""

from __future__ import annotations

import hashlib
import json
import zlib
from array import array
from dataclasses import dataclass
from datetime import date
from typing import Any

from callbridge.directory.columns import unpack_deltas
from callbridge.directory.facts import Source
from callbridge.directory.rows import Row, row_source
from callbridge.domain.congress import ZipKind
from callbridge.errors import DirectoryError

MAGIC = b"CALLBRIDGE-DIR"
VERSION = 1
KINDS = tuple(ZipKind)
ESTIMATED, PLACED = 0x10, 0x20
_KIND_MASK = 0x0F
SCALE = 100

_DIGEST_AT = len(MAGIC) + 1
_REST_AT = _DIGEST_AT + 32
_MOST_BYTES = 64 * 1024 * 1024
_DAMAGED = "This directory is damaged. Run `python -m callbridge directory update`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Small tables, and columns with one entry a ZIP in ascending order.

    `flags` holds the kind's index with ESTIMATED and PLACED; `lat` and `lon` are hundredths of a
    degree (600 yards), `lon` east of the date line, which no place is far from. `people` are rows
    of `rows.py`.
    """

    as_of: date
    map_congress: int
    sources: tuple[Source, ...]
    people: list[Row]
    house_seats: tuple[str, ...]
    states: list[str]
    zones: list[str]
    seat_sets: list[tuple[str, ...]]
    cities: list[str]
    zips: array[int]
    flags: bytes
    state: bytes
    zone: bytes
    city: array[int]
    seats: array[int]
    lat: array[int]
    lon: array[int]

    def house_seats_by_zip(self) -> dict[str, tuple[str, ...]]:
        """Return each ZIP in use with its House seats; () for military and associated ones."""
        return {
            f"{code:05d}": self.seat_sets[seats]
            for code, seats in zip(self.zips, self.seats, strict=True)
        }


def kind_of(flags: int) -> ZipKind:
    """Return the kind in a ZIP's flags."""
    return KINDS[flags & _KIND_MASK]


def degrees(lat: int, lon: int) -> tuple[float, float]:
    """Return latitude and longitude in degrees from their columns' numbers."""
    half = 180 * SCALE
    return lat / SCALE, (lon - half if lon > 0 else lon + half) / SCALE


def unpack(data: bytes) -> Snapshot:
    """Read a snapshot file. Raises DirectoryError when it is not one, or is damaged."""
    if not data.startswith(MAGIC) or len(data) < _REST_AT + 4:
        raise DirectoryError("This file is not a callbridge directory.")
    if data[len(MAGIC)] != VERSION:
        raise DirectoryError(
            f"This directory has format {data[len(MAGIC)]}, but format {VERSION} is read here. "
            "Run `python -m callbridge directory update`."
        )
    rest = memoryview(data)[_REST_AT:]
    if hashlib.sha256(rest).digest() != data[_DIGEST_AT:_REST_AT]:
        raise DirectoryError(_DAMAGED)
    end = 4 + int.from_bytes(rest[:4], "little")
    try:
        return _build(json.loads(bytes(rest[4:end])), _inflate(bytes(rest[end:])))
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise DirectoryError(_DAMAGED) from error


def _inflate(data: bytes) -> memoryview:
    inflater = zlib.decompressobj()
    body = inflater.decompress(data, _MOST_BYTES)
    if not inflater.eof:
        raise DirectoryError("This directory is larger than any Congress.")
    return memoryview(body)


def _build(head: dict[str, Any], body: memoryview) -> Snapshot:
    parts: dict[str, bytes] = {}
    start = 0
    for name, size in head["sections"].items():
        parts[name] = bytes(body[start : start + size])
        start += size
    return Snapshot(
        as_of=date.fromisoformat(head["as_of"]),
        map_congress=head["map_congress"],
        sources=tuple(map(row_source, head["sources"])),
        people=json.loads(parts["people"]),
        house_seats=tuple(json.loads(parts["house_seats"])),
        states=json.loads(parts["states"]),
        zones=json.loads(parts["zones"]),
        seat_sets=[tuple(seats) for seats in json.loads(parts["seat_sets"])],
        cities=parts["cities"].decode().split("\n"),
        zips=unpack_deltas(parts["zips"]),
        flags=parts["flags"],
        state=parts["state"],
        zone=parts["zone"],
        city=unpack_deltas(parts["city"]),
        seats=unpack_deltas(parts["seats"]),
        lat=unpack_deltas(parts["lat"]),
        lon=unpack_deltas(parts["lon"]),
    )
