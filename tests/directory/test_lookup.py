"""From a ZIP to the right offices, on the shipped snapshot."""

from __future__ import annotations

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.directory import Directory
from callbridge.directory.lookup import read_zip
from callbridge.domain.congress import Chamber, ZipKind
from callbridge.errors import NobodyThereError, NotAZipError, UnknownZipError

DAY = date(2026, 6, 15)
AFTER = date(2026, 11, 4)


def test_a_plain_zip_leads_to_two_senators_and_one_representative(directory: Directory) -> None:
    place = directory.lookup("05401", on=DAY)
    assert [m.name for m in place.senators] == ["Bernard Sanders", "Peter Welch"]
    assert [m.district for m in place.representatives] == ["VT-0"]
    assert (place.city, place.state, place.states) == ("Burlington", "VT", ("VT",))
    assert (place.kind, place.split, place.estimated) == (ZipKind.AREA, False, False)
    assert (place.zone, place.reason, place.vacant) == ("America/New_York", None, ())
    assert place.lat == pytest.approx(44.484, abs=0.01)
    assert place.lon == pytest.approx(-73.2199, abs=0.01)


@pytest.mark.parametrize("text", ["05401", " 05401 ", "05401-1234", "\t05401-0000\n"])
def test_the_same_place_is_found_however_the_zip_is_written(
    directory: Directory, text: str
) -> None:
    assert directory.lookup(text, on=DAY) == directory.lookup("05401", on=DAY)


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "5401", "054011", "0540l", "05401-", "05401-12", "05 401", "+5401", "05401-12345",
        "K1A 0B1", "05401\x00", "²5401", "\uff10\uff15\uff14\uff10\uff11", "٠٥٤٠١",
    ],
)  # fmt: skip
def test_what_is_not_a_zip_is_refused_in_a_sentence(directory: Directory, text: str) -> None:
    with pytest.raises(NotAZipError, match=r"five digits"):
        directory.lookup(text, on=DAY)


@pytest.mark.parametrize("code", ["00000", "00002", "99999", "96939"[:2] + "000"])
def test_five_digits_that_are_not_in_use_are_unknown(directory: Directory, code: str) -> None:
    with pytest.raises(UnknownZipError, match=code):
        directory.lookup(code, on=DAY)


@pytest.mark.parametrize(
    ("code", "nation"),
    [("96939", "Palau"), ("96941", "Micronesia"), ("96960", "Marshall Islands")],
)
def test_a_nation_in_free_association_sends_nobody(
    directory: Directory, code: str, nation: str
) -> None:
    with pytest.raises(NobodyThereError, match=nation):
        directory.lookup(code, on=DAY)


@pytest.mark.parametrize("code", ["09012", "09905", "09980", "09984", "34002", "96201"])
def test_a_military_zip_asks_where_the_person_votes(directory: Directory, code: str) -> None:
    place = directory.lookup(code, on=DAY)
    assert place.kind is ZipKind.MILITARY
    assert place.state in {"AA", "AE", "AP"}
    assert (place.states, place.districts, place.senators, place.representatives) == ((),) * 4
    assert place.vacant == ()
    assert not place.split
    assert not place.estimated
    assert place.reason is not None
    assert "where you vote" in place.reason


def test_a_zip_across_a_state_line_lists_the_postal_state_first(directory: Directory) -> None:
    place = directory.lookup("30165", on=DAY)
    assert place.states == ("GA", "AL")
    assert place.districts == ("GA-14", "AL-3")
    assert [m.state for m in place.senators] == ["GA", "GA", "AL", "AL"]
    assert place.split


@pytest.mark.parametrize(
    ("code", "districts"),
    [("57717", ("SD-0", "MT-2", "WY-0")), ("81120", ("CO-3", "NM-3")), ("57638", ("SD-0", "ND-0"))],
)
def test_a_zip_whose_own_state_is_missing_gets_it_estimated(
    directory: Directory, code: str, districts: tuple[str, ...]
) -> None:
    place = directory.lookup(code, on=DAY)
    assert place.districts == districts
    assert place.states[0] == place.state
    assert place.estimated
    assert place.split


def test_a_po_box_is_estimated_from_the_areas_around(directory: Directory) -> None:
    place = directory.lookup("78711", on=DAY)
    assert (place.kind, place.estimated, place.split) == (ZipKind.PO_BOX, True, True)
    assert "TX-37" in place.districts
    assert len(place.senators) == 2


def test_a_zip_without_coordinates_goes_by_its_city(directory: Directory) -> None:
    place = directory.lookup("90085", on=DAY)
    assert (place.lat, place.lon, place.estimated) == (None, None, True)
    assert set(place.districts) >= {"CA-34", "CA-37"}


def test_a_single_organization_is_named_so(directory: Directory) -> None:
    place = directory.lookup("00501", on=DAY)
    assert (place.kind, place.state, place.city) == (ZipKind.ORGANIZATION, "NY", "Holtsville")
    assert place.representatives


def test_a_single_seat_state_needs_no_estimate(directory: Directory) -> None:
    place = directory.lookup("05402", on=DAY)
    assert (place.kind, place.districts, place.estimated) == (ZipKind.PO_BOX, ("VT-0",), False)


@pytest.mark.parametrize(
    ("code", "district", "title", "kind"),
    [
        ("96799", "AS-0", "Delegate", ZipKind.TERRITORY),
        ("96910", "GU-0", "Delegate", ZipKind.TERRITORY),
        ("96950", "MP-0", "Delegate", ZipKind.TERRITORY),
        ("00801", "VI-0", "Delegate", ZipKind.TERRITORY),
        ("20001", "DC-0", "Delegate", ZipKind.AREA),
        ("00901", "PR-0", "Resident Commissioner", ZipKind.AREA),
    ],
)
def test_a_territory_has_a_delegate_and_no_senators(
    directory: Directory, code: str, district: str, title: str, kind: ZipKind
) -> None:
    place = directory.lookup(code, on=DAY)
    assert place.kind is kind
    assert (place.senators, place.districts, place.vacant) == ((), (district,), ())
    assert [m.title for m in place.representatives] == [title]
    assert place.reason is None


def test_a_vacant_house_seat_stays_a_district(directory: Directory) -> None:
    place = directory.lookup("33311", on=DAY)
    assert "FL-20" in place.districts
    assert "FL-20" in place.vacant
    assert place.split == (len(place.districts) > 1)
    assert "FL-20" not in {m.district for m in place.representatives}


@pytest.mark.parametrize(("code", "seat"), [("43085", "OH-SEN"), ("32301", "FL-SEN")])
def test_a_term_that_ends_early_leaves_its_seat_vacant_the_day_after(
    directory: Directory, code: str, seat: str
) -> None:
    last = directory.lookup(code, on=date(2026, 11, 3))
    assert (len(last.senators), seat in last.vacant) == (2, False)
    after = directory.lookup(code, on=AFTER)
    assert (len(after.senators), seat in after.vacant) == (1, True)


def test_terms_that_end_with_the_congress_stay_with_a_warning(directory: Directory) -> None:
    late = date(2027, 3, 1)
    assert len(directory.members(on=late)) == 535
    assert directory.lookup("05401", on=late).representatives
    warning = directory.warning(late)
    assert warning is not None
    assert "3 January 2027" in warning


def test_the_directory_knows_its_congress_and_its_age(directory: Directory) -> None:
    assert (directory.as_of, directory.congress) == (DAY, 119)
    assert directory.expires == date(2027, 1, 3)
    assert directory.warning(DAY + timedelta(days=90)) is None
    assert "91 days old" in (directory.warning(DAY + timedelta(days=91)) or "")
    assert "ended" not in (directory.warning(date(2027, 1, 2)) or "")
    assert "ended" in (directory.warning(date(2027, 1, 3)) or "")


def test_a_clock_that_runs_years_behind_does_not_empty_the_country(directory: Directory) -> None:
    assert len(directory.members(on=date(1970, 1, 1))) == 537


def test_seats_and_vacancies_add_up(directory: Directory) -> None:
    assert len(directory.seats()) == 541
    assert directory.vacant(on=DAY) == ("CA-14", "FL-20", "GA-13", "TX-23")
    assert {"FL-SEN", "OH-SEN"} <= set(directory.vacant(on=AFTER))
    house = [m for m in directory.members(on=DAY) if m.chamber is Chamber.HOUSE]
    assert len({m.district for m in house}) == len(house) == 437


def test_a_member_is_found_by_bioguide_while_in_office(directory: Directory) -> None:
    welch = directory.member("W000800", on=DAY)
    assert welch is not None
    assert (welch.name, welch.last_name, welch.title, welch.pronoun) == (
        "Peter Welch", "Welch", "Senator", "he",
    )  # fmt: skip
    assert (welch.district, welch.party, welch.term_ends) == (None, "Democrat", date(2029, 1, 3))
    assert welch.offices[0].id == "W000800-washington"
    assert welch.offices[0].phone == welch.phone
    assert welch.offices[0].zone == "America/New_York"
    assert directory.member("X999999", on=DAY) is None
    husted = next(m for m in directory.members(on=DAY) if m.last_name == "Husted")
    assert directory.member(husted.bioguide, on=AFTER) is None


def test_a_name_without_an_official_form_is_first_and_last(directory: Directory) -> None:
    names = {m.name for m in directory.members(on=DAY)}
    assert {"Analilia Mejia", "James Gallagher"} <= names


def test_the_json_is_the_documented_one(directory: Directory) -> None:
    document = json.loads(json.dumps(directory.to_json(directory.lookup("30165", on=DAY))))
    assert list(document) == [
        "zip", "state", "states", "kind", "districts", "split", "estimated", "senators",
        "representatives", "vacant", "as_of",
    ]  # fmt: skip
    assert document["as_of"] == "2026-06-15"
    assert document["kind"] == "area"
    assert document["districts"] == ["GA-14", "AL-3"]
    member = document["representatives"][0]
    assert list(member) == [
        "bioguide", "name", "chamber", "state", "district", "party", "phone", "offices",
    ]  # fmt: skip
    assert (member["chamber"], member["district"]) == ("house", "GA-14")
    assert list(member["offices"][0]) == ["id", "city", "phone", "hours", "lat", "lon"]
    assert document["senators"][0]["district"] is None


def test_the_json_gives_a_reason_only_when_nobody_is_listed(directory: Directory) -> None:
    assert "vote" in directory.to_json(directory.lookup("09012", on=DAY))["reason"]
    assert "reason" not in directory.to_json(directory.lookup("33311", on=DAY))


@pytest.mark.parametrize("day", [DAY, AFTER, date(2027, 1, 3)])
def test_every_zip_in_use_gives_members_or_a_reason(directory: Directory, day: date) -> None:
    import zipcodes

    rows = zipcodes.list_all()
    assert len(rows) == 42_789
    for row in rows:
        try:
            place = directory.lookup(row["zip_code"], on=day)
        except NobodyThereError as error:
            assert row["state"] in {"FM", "MH", "PW"}
            assert str(error).endswith("Congress.")
            continue
        assert place.zip == row["zip_code"]
        assert ZoneInfo(place.zone)
        if place.kind is ZipKind.MILITARY:
            assert place.reason
            continue
        assert place.state == row["state"] == place.states[0]
        assert place.senators or place.representatives or place.reason
        assert place.split == (len(place.districts) > 1)
        open_house = {seat for seat in place.vacant if not seat.endswith("-SEN")}
        held = {member.district for member in place.representatives}
        assert held | open_house == set(place.districts)
        assert not held & open_house


@given(st.text(max_size=12))
def test_any_text_is_a_zip_or_refused(text: str) -> None:
    try:
        code = read_zip(text)
    except NotAZipError:
        return
    assert len(code) == 5
    assert code.isascii()
    assert code.isdigit()
    assert code in text


@given(st.integers(0, 99_999), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_any_five_digits_on_any_day_have_an_answer(number: int, day: date) -> None:
    directory = _SHIPPED
    try:
        place = directory.lookup(f"{number:05d}", on=day)
    except (UnknownZipError, NobodyThereError) as error:
        assert f"{number:05d}" in str(error)
        return
    assert bool(place.senators or place.representatives) == (place.reason is None)
    assert all(member.term_ends for member in place.senators)


_SHIPPED = Directory.open()


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("37405", "America/New_York"),
        ("67857", "America/Denver"),
        ("79942", "America/Denver"),
        ("83522", "America/Los_Angeles"),
        ("86003", "America/Phoenix"),
        ("86040", "America/Phoenix"),
        ("89883", "America/Denver"),
    ],
)
def test_whoever_lives_by_a_border_of_zones_has_the_clock_of_their_own_side(
    directory: Directory, code: str, zone: str
) -> None:
    assert directory.lookup(code, on=DAY).zone == zone
