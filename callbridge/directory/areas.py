"""Gives every ZIP its House seats: its own area's, or those of the areas around; knows no member.

The rule for a ZIP without an area was measured by leaving each area out in turn: the five nearest
areas of the same state and all areas of the same city hold the true districts in 98.6 % of cases.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from heapq import nsmallest
from math import cos, radians

from callbridge.directory.facts import ZipFacts
from callbridge.directory.states import ASSOCIATED, TERRITORIES, seat_order
from callbridge.domain.congress import ZipKind

NEAREST = 5
_AT_LARGE = {0, 98}
_NAMES = ("state_fips", "state_abbr", "zcta", "cd")


def read_areas(text: str) -> dict[str, frozenset[str]]:
    """Return area → House seats. At large (written 0 or 98) is district 0.

    The publisher has had the table with and without a first line of names. Raises KeyError,
    TypeError or ValueError when it is not the table we know.
    """
    areas: dict[str, set[str]] = {}
    names = None if text.startswith(_NAMES[0]) else _NAMES
    for row in csv.DictReader(io.StringIO(text), fieldnames=names):
        district = int(row["cd"])
        number = 0 if district in _AT_LARGE else district
        areas.setdefault(row["zcta"].zfill(5), set()).add(f"{row['state_abbr']}-{number}")
    return {area: frozenset(seats) for area, seats in areas.items()}


def give_seats(
    zips: Iterable[ZipFacts], areas: Mapping[str, frozenset[str]]
) -> tuple[ZipFacts, ...]:
    """Return the ZIPs with their seats, estimated where no area says."""
    facts = tuple(zips)
    seats: dict[str, set[str]] = {}
    for seat in (seat for area in areas.values() for seat in area):
        seats.setdefault(seat.partition("-")[0], set()).add(seat)
    neighbours = _neighbours(facts, areas)
    return tuple(_with_seats(fact, areas.get(fact.zip), seats, neighbours) for fact in facts)


def _with_seats(
    fact: ZipFacts,
    area: frozenset[str] | None,
    seats: Mapping[str, set[str]],
    neighbours: Mapping[str, _Neighbours],
) -> ZipFacts:
    if fact.kind is ZipKind.MILITARY or fact.state in ASSOCIATED:
        return fact
    if fact.state in TERRITORIES:
        return replace(fact, seats=(f"{fact.state}-0",))
    found = set(area or ())
    estimated = not any(seat.startswith(f"{fact.state}-") for seat in found)
    if estimated:
        # Also an area that lies, by the table, in other states only: its own is added.
        of_state = seats[fact.state]
        certain = area is None and len(of_state) == 1
        found |= of_state if len(of_state) == 1 else neighbours[fact.state].candidates(fact)
        estimated = not certain
    ordered = sorted(found, key=lambda seat: (not seat.startswith(fact.state), seat_order(seat)))
    return replace(fact, seats=tuple(ordered), estimated=estimated)


def _neighbours(
    facts: Iterable[ZipFacts], areas: Mapping[str, frozenset[str]]
) -> dict[str, _Neighbours]:
    """Group the areas by every state they lie in."""
    lying: dict[str, list[tuple[ZipFacts, frozenset[str]]]] = {}
    for fact in facts:
        by_state: dict[str, set[str]] = {}
        for seat in areas.get(fact.zip, ()):
            by_state.setdefault(seat[:2], set()).add(seat)
        for state, own in by_state.items():
            lying.setdefault(state, []).append((fact, frozenset(own)))
    return {state: _Neighbours(state, found) for state, found in lying.items()}


class _Neighbours:
    """The areas of one state, to be asked what lies near a ZIP."""

    def __init__(self, state: str, lying: Iterable[tuple[ZipFacts, frozenset[str]]]) -> None:
        self._by_city: dict[str, set[str]] = {}
        self._by_number: list[tuple[int, frozenset[str]]] = []
        self._by_lat: list[tuple[float, float, frozenset[str]]] = []
        for fact, own in lying:
            self._by_number.append((int(fact.zip), own))
            if fact.state == state:
                self._by_city.setdefault(fact.city.casefold(), set()).update(own)
            if fact.lat is not None and fact.lon is not None:
                self._by_lat.append((fact.lat, fact.lon, own))
        self._by_lat.sort(key=lambda entry: entry[:2])
        self._lats = [entry[0] for entry in self._by_lat]

    def candidates(self, fact: ZipFacts) -> set[str]:
        """Return the House seats a ZIP without an area may lie in, at least one."""
        city = self._by_city.get(fact.city.casefold(), set())
        if fact.lat is not None and fact.lon is not None:
            return city.union(*self._nearest(fact.lat, fact.lon))
        if city:
            return set(city)
        number = int(fact.zip)
        near = nsmallest(NEAREST, self._by_number, key=lambda entry: abs(entry[0] - number))
        return set().union(*(own for _, own in near))

    def _nearest(self, lat: float, lon: float) -> list[frozenset[str]]:
        """Return the seats of the five nearest areas.

        Flat-earth squares of degrees order neighbours as great circles do at these distances. A
        band of latitudes is widened until nothing outside it can be nearer than the fifth.
        """
        shrink, band = cos(radians(lat)) ** 2, 0.1
        while True:
            low, high = bisect_left(self._lats, lat - band), bisect_right(self._lats, lat + band)
            near = nsmallest(
                NEAREST,
                (
                    ((a - lat) ** 2 + (b - lon) ** 2 * shrink, index)
                    for index, (a, b, _) in enumerate(self._by_lat[low:high], start=low)
                ),
            )
            whole = high - low == len(self._by_lat)
            if whole or (len(near) == NEAREST and near[-1][0] <= band**2):
                return [self._by_lat[index][2] for _, index in near]
            band *= 2
