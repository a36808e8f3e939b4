"""Every ZIP in use with its place, from the `zipcodes` package; knows no district and no member."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from zoneinfo import available_timezones

from callbridge.directory.facts import Source, ZipFacts
from callbridge.directory.geometry import miles
from callbridge.directory.states import ASSOCIATED, MILITARY, MILITARY_CITIES, TERRITORIES
from callbridge.domain.congress import ZipKind

FAR_MILES = 25.0

# A military ZIP says no more than the region of the post office; most of its mail goes here.
_MILITARY_ZONES = {"AA": "America/New_York", "AE": "Europe/Berlin", "AP": "Asia/Tokyo"}
# Where the package has the clock of a neighbour: found by laying each ZIP's place over a map of the
# zones, and held here where it is common knowledge which clock that county or town keeps. The text
# of the law (49 CFR 71; for Arizona the state's own) was not compared.
_ZONES = {
    "37405": "America/New_York",  # Chattanooga
    "67857": "America/Denver",  # Kendall in Hamilton County, Kansas
    "79942": "America/Denver",  # El Paso
    "83522": "America/Los_Angeles",  # Cottonwood, Idaho, north of the Salmon River
    "86003": "America/Phoenix",  # Flagstaff
    "86040": "America/Phoenix",  # Page
    "89883": "America/Denver",  # West Wendover, Nevada
}
_KINDS = {
    "STANDARD": ZipKind.AREA,
    "PO BOX": ZipKind.PO_BOX,
    "UNIQUE": ZipKind.ORGANIZATION,
    "MILITARY": ZipKind.MILITARY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an office stands: zone and, when known, degrees."""

    zone: str
    lat: float | None
    lon: float | None


def load_package() -> tuple[list[Mapping[str, Any]], Source]:
    """Return the package's rows and where they come from. Slow: only the importer calls it."""
    import zipcodes

    source = Source(
        name="zipcodes",
        url="https://pypi.org/project/zipcodes/",
        licence="MIT; coordinates by GeoNames, CC BY 4.0",
        as_of=None,
        version=version("zipcodes"),
    )
    rows: list[Mapping[str, Any]] = zipcodes.list_all()  # type: ignore[no-untyped-call]
    return rows, source


def read_zips(rows: Iterable[Mapping[str, Any]], *, areas: Set[str]) -> tuple[ZipFacts, ...]:
    """Return every ZIP in order, without seats; `areas` are the ZIPs that have one of their own.

    A ZIP with an area is of kind area, whatever the post office does there.
    """
    rows = sorted(rows, key=lambda row: row["zip_code"])
    zones = available_timezones()
    usual = _usual_zones(rows, zones)
    return tuple(_zip(row, zones, usual, areas) for row in rows)


def _usual_zones(rows: Iterable[Mapping[str, Any]], zones: Set[str]) -> dict[str, str]:
    """Return the commonest real time zone of each state (one row's zone is a town's name)."""
    counts = dict[str, Counter[str]]()
    for row in rows:
        if row["timezone"] in zones:
            counts.setdefault(row["state"], Counter())[row["timezone"]] += 1
    usual = {state: min(c, key=lambda zone: (-c[zone], zone)) for state, c in counts.items()}
    return usual | _MILITARY_ZONES


def _zip(
    row: Mapping[str, Any], zones: Set[str], usual: Mapping[str, str], areas: Set[str]
) -> ZipFacts:
    code, state = row["zip_code"], row["state"]
    military = state in MILITARY or row["city"].lower() in MILITARY_CITIES
    if military and state not in MILITARY:
        # Six are listed under New Jersey, whose post office sorts for Europe and Africa.
        state = {"3": "AA", "0": "AE", "9": "AP"}[code[0]]
    lat, lon = float(row["lat"] or 0), float(row["long"] or 0)
    known = not military and (lat, lon) != (0, 0)
    return ZipFacts(
        zip=code,
        city=row["city"],
        state=state,
        kind=_kind(row, state=state, military=military, area=code in areas),
        zone=_ZONES.get(code) or (row["timezone"] if row["timezone"] in zones else usual[state]),
        lat=lat if known else None,
        lon=lon if known else None,
    )


def _kind(row: Mapping[str, Any], *, state: str, military: bool, area: bool) -> ZipKind:
    if military:
        return ZipKind.MILITARY
    if state in TERRITORIES or state in ASSOCIATED:
        return ZipKind.TERRITORY
    return ZipKind.AREA if area else _KINDS[row["zip_code_type"]]


class Gazetteer:
    """Answers where an office stands, from its own ZIP, its coordinates and its state."""

    def __init__(self, zips: Iterable[ZipFacts]) -> None:
        self._by_zip = {fact.zip: fact for fact in zips}
        self._by_state: dict[str, list[ZipFacts]] = {}
        for fact in self._by_zip.values():
            self._by_state.setdefault(fact.state, []).append(fact)

    def spot(
        self, *, zip_text: str, city: str, state: str, point: tuple[float, float] | None
    ) -> Spot:
        """Return the zone and the best known degrees of an office.

        A point more than 25 miles from the office's own ZIP is a slip of the source: the ZIP's
        is taken, as it is when there is no point. Without either, the city's.
        """
        fact = self._by_zip.get(zip_text.strip()[:5])
        if fact is None or fact.state != state:
            fact = None if point else self._in_city(city, state)
        own = _point(fact)
        if own is not None and (point is None or miles(own, point) > FAR_MILES):
            point = own
        if fact is None:
            fact = self._nearest(state, point)
        lat, lon = point or (None, None)
        return Spot(zone=fact.zone, lat=lat, lon=lon)

    def _in_city(self, city: str, state: str) -> ZipFacts | None:
        """Return the first ZIP of a city that has a place."""
        name = city.strip().casefold()
        found = (f for f in self._by_state[state] if f.city.casefold() == name and _point(f))
        return next(found, None)

    def _nearest(self, state: str, point: tuple[float, float] | None) -> ZipFacts:
        """Return the nearest ZIP of the state, or one in the state's commonest zone."""
        facts = self._by_state[state]
        if point is not None:
            placed = [(miles(own, point), f.zip, f) for f in facts if (own := _point(f))]
            if placed:
                return min(placed, key=lambda entry: entry[:2])[2]
        counts = Counter(fact.zone for fact in facts)
        return min(facts, key=lambda fact: (-counts[fact.zone], fact.zip))


def _point(fact: ZipFacts | None) -> tuple[float, float] | None:
    if fact is None or fact.lat is None or fact.lon is None:
        return None
    return fact.lat, fact.lon
