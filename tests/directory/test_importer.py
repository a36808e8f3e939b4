"""Reading the public sources: the traps a naive reader falls into."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.directory.areas import give_seats, read_areas
from callbridge.directory.facts import ZipFacts
from callbridge.directory.people import e164, read_people, spoken_name
from callbridge.directory.sources import Raw, read_folder
from callbridge.directory.zips import Gazetteer, read_zips
from callbridge.domain.congress import ZipKind
from callbridge.errors import DirectoryError

DAY = date(2026, 6, 15)
PLACE = ZipFacts(
    zip="55401",
    city="Minneapolis",
    state="MN",
    kind=ZipKind.AREA,
    zone="America/Chicago",
    lat=44.98,
    lon=-93.27,
)
LEGISLATOR = {
    "id": {"bioguide": "T000001"},
    "name": {"first": "Robert", "nickname": "Bob", "last": "Test"},
    "bio": {"gender": "M"},
    "terms": [
        {"type": "rep", "start": "2023-01-03", "end": "2025-01-03", "state": "MN", "district": 4,
         "party": "Democrat", "phone": "202-555-0104"},
        {"type": "rep", "start": "2025-01-03", "end": "2027-01-03", "state": "MN", "district": 5,
         "party": "Independent", "phone": "202-555-0105"},
    ],
}  # fmt: skip


def row(**changes: object) -> dict[str, object]:
    """Return a ZIP as the package has it."""
    usual = {
        "zip_code": "55401", "zip_code_type": "STANDARD", "city": "Minneapolis", "state": "MN",
        "timezone": "America/Chicago", "lat": "44.98", "long": "-93.27",
    }  # fmt: skip
    return usual | changes


@pytest.mark.parametrize("text", ["612-555-0123", "(612) 555-0123", "+1 612 555 0123"])
def test_every_spelling_of_a_number_becomes_e164(text: str) -> None:
    assert e164(text) == "+16125550123"


@pytest.mark.parametrize("text", [None, "", "612-555", "112-555-0123", "612-155-0123", "n/a"])
def test_what_is_no_number_is_none(text: str | None) -> None:
    assert e164(text) is None


@given(st.text())
def test_a_number_is_e164_or_none(text: str) -> None:
    found = e164(text)
    assert found is None or (found.startswith("+1") and len(found) == 12)


def test_a_name_is_the_official_one_else_the_nickname() -> None:
    assert spoken_name({"first": "Robert", "nickname": "Bob", "last": "Test"}) == "Bob Test"
    full = {"first": "A", "last": "B", "official_full": "Ann  B."}
    assert spoken_name(full) == "Ann B."


def test_only_the_last_term_counts_and_only_while_it_runs() -> None:
    (person,) = read_people([LEGISLATOR], [], gazetteer=Gazetteer([PLACE]), as_of=DAY)
    member = person.member
    assert (member.district, member.party, member.phone) == ("MN-5", "Independent", "+12025550105")
    assert (member.name, member.pronoun, person.starts) == ("Bob Test", "he", date(2025, 1, 3))
    later = date(2027, 1, 4)
    assert read_people([LEGISLATOR], [], gazetteer=Gazetteer([PLACE]), as_of=later) == ()


def test_a_point_far_from_its_own_zip_is_not_believed() -> None:
    near = Gazetteer([PLACE]).spot(zip_text="55401-1234", city="", state="MN", point=(44.9, -93.3))
    assert (near.lat, near.lon) == (44.9, -93.3)
    far = Gazetteer([PLACE]).spot(zip_text="55401", city="", state="MN", point=(44.9, 93.3))
    assert (far.lat, far.lon, far.zone) == (44.98, -93.27, "America/Chicago")


def test_an_office_without_a_zip_takes_the_zone_of_the_nearest_in_its_state() -> None:
    west = replace(PLACE, zip="79901", state="TX", zone="America/Denver", lat=31.8, lon=-106.5)
    east = replace(PLACE, zip="77001", state="TX", city="Houston", lat=29.8, lon=-95.4)
    more = replace(east, zip="77002", lat=29.7)
    spot = Gazetteer([west, east, more, PLACE]).spot
    near = (31.7, -106.0)
    assert spot(zip_text="", city="", state="TX", point=near).zone == "America/Denver"
    # A ZIP of another state is a slip of the pen, not a place.
    assert spot(zip_text="55401", city="", state="TX", point=near).lat == 31.7
    by_city = spot(zip_text="", city="HOUSTON ", state="TX", point=None)
    assert (by_city.lat, by_city.lon) == (29.8, -95.4)
    nowhere = spot(zip_text="00000", city="Else", state="TX", point=None)
    assert (nowhere.zone, nowhere.lat, nowhere.lon) == ("America/Chicago", None, None)


def test_a_zone_that_is_a_town_gives_way_to_the_states_usual_one() -> None:
    rows = [row(), row(zip_code="55402", timezone="Napakiak")]
    assert {fact.zone for fact in read_zips(rows, areas=frozenset())} == {"America/Chicago"}


def test_a_zone_that_the_package_has_wrong_is_put_right() -> None:
    wrong = row(zip_code="89883", state="NV", timezone="America/Los_Angeles")
    right = row(zip_code="89801", state="NV", timezone="America/Los_Angeles")
    elko, wendover = read_zips([wrong, right], areas=frozenset())
    assert (wendover.zone, elko.zone) == ("America/Denver", "America/Los_Angeles")


def test_military_post_offices_are_known_by_their_city() -> None:
    listed = row(zip_code="09905", city="Apo", state="NJ", zip_code_type="PO BOX", timezone="")
    (fact,) = read_zips([listed], areas=frozenset())
    assert (fact.kind, fact.state, fact.lat) == (ZipKind.MILITARY, "AE", None)


def test_zero_degrees_are_no_place() -> None:
    (fact,) = read_zips([row(lat="0.0000", long="0.0000")], areas=frozenset())
    assert (fact.lat, fact.lon) == (None, None)


def test_at_large_is_district_zero_however_it_is_written() -> None:
    text = "state_fips,state_abbr,zcta,cd\n11,DC,20001,98\n50,VT,5401,0\n"
    assert read_areas(text) == {"20001": {"DC-0"}, "05401": {"VT-0"}}


def test_a_table_without_names_is_read_too() -> None:
    assert read_areas("11,DC,20001,98\r\n50,VT,05401,0\r\n").keys() == {"20001", "05401"}


def _world() -> tuple[list[ZipFacts], dict[str, frozenset[str]]]:
    """Seven areas of Minnesota in a row from south to north, and Wisconsin beside it."""
    facts = [
        replace(PLACE, zip=f"5500{n}", city=f"Town {n}", lat=44.0 + n / 10, lon=-93.0)
        for n in range(7)
    ]
    areas = {fact.zip: frozenset({f"MN-{n}"}) for n, fact in enumerate(facts)}
    beside = replace(PLACE, zip="54001", state="WI", city="Beside", lat=44.0, lon=-92.99)
    return [*facts, beside], areas | {"54001": frozenset({"WI-1"})}


def _candidates(fact: ZipFacts) -> tuple[ZipFacts, set[str]]:
    facts, areas = _world()
    found = {given.zip: given for given in give_seats([*facts, fact], areas)}[fact.zip]
    return found, set(found.seats)


def test_a_zip_without_an_area_takes_the_five_nearest_of_its_state() -> None:
    found, seats = _candidates(replace(PLACE, zip="55990", city="Else", lat=44.0, lon=-93.0))
    assert seats == {"MN-0", "MN-1", "MN-2", "MN-3", "MN-4"}
    assert found.estimated


def test_all_areas_of_the_same_city_are_candidates_too() -> None:
    _, seats = _candidates(replace(PLACE, zip="55990", city="TOWN 6", lat=44.0, lon=-93.0))
    assert seats == {"MN-0", "MN-1", "MN-2", "MN-3", "MN-4", "MN-6"}


def test_without_coordinates_the_city_decides_else_the_nearest_numbers() -> None:
    nowhere = replace(PLACE, zip="55990", lat=None, lon=None)
    assert _candidates(replace(nowhere, city="Town 2"))[1] == {"MN-2"}
    assert _candidates(replace(nowhere, city="Else"))[1] == {f"MN-{n}" for n in range(2, 7)}


def test_an_area_that_lies_in_other_states_only_gets_its_own() -> None:
    facts, areas = _world()
    areas["55001"] = frozenset({"WI-1"})
    found = {fact.zip: fact for fact in give_seats(facts, areas)}["55001"]
    assert found.seats[-1] == "WI-1"
    assert {seat[:2] for seat in found.seats[:-1]} == {"MN"}
    assert found.estimated


def test_a_state_with_one_seat_needs_no_estimate() -> None:
    facts, areas = _world()
    box = replace(PLACE, zip="54002", state="WI", city="Box", lat=None, lon=None)
    found = give_seats([*facts, box], areas)[-1]
    assert (found.seats, found.estimated) == (("WI-1",), False)


def test_json_and_yaml_say_the_same(tmp_path: Path, congress_folder: Path) -> None:
    path = congress_folder / "legislators-district-offices.yaml"
    yaml = Raw(name=path.name, data=path.read_bytes(), as_of=DAY)
    again = Raw(name="offices.json", data=json.dumps(yaml.entries()).encode(), as_of=DAY)
    assert again.entries() == yaml.entries()


def test_a_folder_dates_its_files_by_its_readme_else_by_their_age(tmp_path: Path) -> None:
    for name in ("legislators-current.json", "legislators-district-offices.yaml", "zccd.csv"):
        (tmp_path / name).write_text("[]")
        os.utime(tmp_path / name, (1_767_225_600, 1_767_225_600))
    (tmp_path / "README.md").write_text("| `zccd.csv` | areas | 2024-11-12 |\n")
    raw = read_folder(tmp_path)
    assert raw.areas.as_of == date(2024, 11, 12)
    assert raw.legislators.as_of == date(2026, 1, 1)


def test_a_folder_that_lacks_a_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match=r"legislators-current\.json or legislators-current"):
        read_folder(tmp_path)
    with pytest.raises(DirectoryError, match="There is no folder"):
        read_folder(tmp_path / "none")


@pytest.mark.parametrize("data", [b"{", b"\xff", b"{}", b"[1]", b"- a: [", b"null"])
@pytest.mark.parametrize("name", ["x.json", "x.yaml"])
def test_a_file_that_is_no_list_is_named(name: str, data: bytes) -> None:
    with pytest.raises(DirectoryError, match=name):
        Raw(name=name, data=data, as_of=DAY).entries()
