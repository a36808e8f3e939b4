"""Facts to the bytes of a snapshot file; knows no path and no lookup.

`snapshot.py` describes the layout and reads it.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from callbridge.directory.columns import pack_deltas
from callbridge.directory.facts import Facts, ZipFacts
from callbridge.directory.rows import person_row, source_row
from callbridge.directory.snapshot import ESTIMATED, KINDS, MAGIC, PLACED, SCALE, VERSION

Name = TypeVar("Name", bound=Hashable)


class _Table(Generic[Name]):
    """Distinct values in the order of their first appearance, and a column of their numbers."""

    def __init__(self, values: Iterable[Name]) -> None:
        numbers: dict[Name, int] = {}
        self.column = [numbers.setdefault(value, len(numbers)) for value in values]
        self.names = list(numbers)


def pack(facts: Facts) -> bytes:
    """Return the snapshot's bytes; the same facts give the same bytes."""
    sections = _sections(facts)
    head = _json(
        {
            "what": "Who represents which ZIP in the Congress of the United States",
            "as_of": facts.as_of.isoformat(),
            "map_congress": facts.map_congress,
            "sources": [source_row(source) for source in facts.sources],
            "sections": {name: len(data) for name, data in sections.items()},
        }
    )
    body = zlib.compress(b"".join(sections.values()), level=9)
    rest = len(head).to_bytes(4, "little") + head + body
    return MAGIC + bytes([VERSION]) + hashlib.sha256(rest).digest() + rest


def _sections(facts: Facts) -> dict[str, bytes]:
    states = _Table(fact.state for fact in facts.zips)
    zones = _Table(fact.zone for fact in facts.zips)
    seat_sets = _Table(fact.seats for fact in facts.zips)
    cities = _Table(fact.city for fact in facts.zips)
    return {
        "people": _json([person_row(person) for person in facts.people]),
        "house_seats": _json(facts.house_seats),
        "states": _json(states.names),
        "zones": _json(zones.names),
        "seat_sets": _json(seat_sets.names),
        "cities": "\n".join(cities.names).encode(),
        "zips": pack_deltas([int(fact.zip) for fact in facts.zips]),
        "flags": bytes(_flags(fact) for fact in facts.zips),
        "state": bytes(states.column),
        "zone": bytes(zones.column),
        "city": pack_deltas(cities.column),
        "seats": pack_deltas(seat_sets.column),
        "lat": pack_deltas(list(_hundredths(fact.lat for fact in facts.zips))),
        "lon": pack_deltas(list(_hundredths(_east(fact.lon) for fact in facts.zips))),
    }


def _flags(fact: ZipFacts) -> int:
    placed = fact.lat is not None and fact.lon is not None
    return KINDS.index(fact.kind) | ESTIMATED * fact.estimated | PLACED * placed


def _east(lon: float | None) -> float | None:
    # From the date line, so that no two places of the country are half a globe apart.
    return None if lon is None else lon % 360 - 180


def _hundredths(values: Iterable[float | None]) -> Iterator[int]:
    """Yield hundredths; a ZIP without a place repeats its neighbour's, which costs no space."""
    last = 0
    for value in values:
        last = last if value is None else round(value * SCALE)
        yield last


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
