"""The shipped snapshot against the public sources themselves, read without the importer."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from callbridge.directory import Directory
from callbridge.directory.geometry import miles
from callbridge.domain.congress import Chamber, ZipKind

DAY = date(2026, 6, 15)


@pytest.fixture(scope="module")
def table(congress_folder: Path) -> dict[str, set[str]]:
    areas: dict[str, set[str]] = {}
    with (congress_folder / "zccd.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            areas.setdefault(row["zcta"], set()).add(f"{row['state_abbr']}-{row['cd']}")
    return areas


@pytest.fixture(scope="module")
def listed(congress_folder: Path) -> dict[str, dict[str, Any]]:
    """Every district office in the source, by id."""
    with (congress_folder / "legislators-district-offices.yaml").open() as file:
        entries = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {office["id"]: office for entry in entries for office in entry["offices"]}


def test_every_area_leads_to_the_districts_of_the_table(
    directory: Directory, table: dict[str, set[str]]
) -> None:
    assert len(table) == 33_774
    added = []
    for code, seats in table.items():
        place = directory.lookup(code, on=DAY)
        assert place.kind is ZipKind.AREA
        if any(seat.startswith(place.state) for seat in seats):
            assert set(place.districts) == seats
            assert not place.estimated
        else:
            assert set(place.districts) > seats
            assert place.estimated
            added.append(code)
    assert len(added) == 12


def test_what_has_no_area_is_estimated_unless_there_is_one_seat_only(
    directory: Directory, table: dict[str, set[str]]
) -> None:
    one_seat = {"AK", "DE", "ND", "SD", "VT", "WY", "DC", "PR", "GU", "VI", "MP", "AS"}
    seats = directory.snapshot.house_seats_by_zip()
    counted = 0
    for code in seats.keys() - table.keys():
        if not seats[code]:
            continue
        place = directory.lookup(code, on=DAY)
        assert place.states == (place.state,)
        assert place.estimated == (place.state not in one_seat)
        counted += place.estimated
    assert counted == 9_015 - 823 - 6 - 8 - 455 - 33


def _offices(directory: Directory) -> Iterator[Any]:
    return (o for m in directory.members(on=DAY) for o in m.offices[1:])


def test_every_office_has_its_own_number_city_and_hours(
    directory: Directory, listed: dict[str, dict[str, Any]]
) -> None:
    found = {office.id: office for office in _offices(directory)}
    assert found.keys() == listed.keys()
    for key, office in found.items():
        digits = re.sub(r"\D", "", listed[key].get("phone") or "")
        assert office.phone == (f"+1{digits}" if digits else None)
        assert office.city == listed[key]["city"]
        assert (office.hours is None) == (not listed[key].get("hours"))
    assert sum(office.phone is not None for office in found.values()) == 1_280


def test_an_office_stands_where_the_source_says_unless_that_is_far_from_its_zip(
    directory: Directory, listed: dict[str, dict[str, Any]]
) -> None:
    moved, unplaced = [], []
    for office in _offices(directory):
        row = listed[office.id]
        if office.lat is None or office.lon is None:
            unplaced.append(office.id)
        elif row.get("latitude") is None:
            continue
        elif (office.lat, office.lon) != (row["latitude"], row["longitude"]):
            moved.append(miles((office.lat, office.lon), (row["latitude"], row["longitude"])))
    assert len(moved) == 5
    assert min(moved) > 25
    assert max(moved) > 2_000
    # Of three without ZIP and degrees, two are found by their city; no ZIP is named after Parma.
    assert unplaced == ["M001222-parma"]


def test_everybody_in_the_source_is_there_under_the_right_seat(
    directory: Directory, congress_folder: Path
) -> None:
    with (congress_folder / "legislators-current.yaml").open() as file:
        entries = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert len(entries) == 537
    for entry in entries:
        term, member = entry["terms"][-1], directory.member(entry["id"]["bioguide"], on=DAY)
        assert member is not None
        assert member.chamber is (Chamber.SENATE if term["type"] == "sen" else Chamber.HOUSE)
        assert (member.state, member.party) == (term["state"], term["party"])
        if member.chamber is Chamber.HOUSE:
            assert member.district == f"{term['state']}-{term['district']}"
        assert member.term_ends == date.fromisoformat(term["end"])
        assert member.pronoun == {"F": "she", "M": "he"}[entry["bio"]["gender"]]
        phone = term.get("phone")
        assert member.phone == (f"+1{phone.replace('-', '')}" if phone else None)
