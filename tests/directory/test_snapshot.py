"""The snapshot file: what goes in comes out, and nothing else is taken for one."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.directory import Directory
from callbridge.directory.columns import pack_deltas, unpack_deltas
from callbridge.directory.facts import Facts, Person, Source, ZipFacts
from callbridge.directory.lookup import SHIPPED
from callbridge.directory.packing import pack
from callbridge.directory.rows import washington
from callbridge.directory.snapshot import MAGIC, unpack
from callbridge.domain.congress import Chamber, Member, Office, ZipKind
from callbridge.errors import DirectoryError

DAY = date(2026, 6, 15)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
phones = st.none() | st.from_regex(r"\+1[2-9][0-9]{9}", fullmatch=True)
latitudes = st.floats(-15, 72).map(lambda x: round(x, 2))
longitudes = (st.floats(-179, -64) | st.floats(134, 179)).map(lambda x: round(x, 2))
offices = st.builds(
    Office,
    id=words,
    city=words,
    phone=phones,
    zone=words,
    hours=st.none() | words,
    lat=st.none() | latitudes,
    lon=st.none() | longitudes,
)


@st.composite
def people(draw: st.DrawFn) -> Person:
    bioguide, phone = draw(words), draw(phones)
    member = Member(
        bioguide=bioguide,
        name=draw(words),
        last_name=draw(words),
        chamber=Chamber.HOUSE,
        title="Representative",
        pronoun="they",
        state="MN",
        district=f"MN-{draw(st.integers(1, 8))}",
        party=draw(words),
        phone=phone,
        term_ends=draw(st.dates(DAY)),
        offices=(washington(bioguide, phone), *draw(st.lists(offices, max_size=3))),
    )
    return Person(member=member, starts=DAY - timedelta(days=9))


@st.composite
def zips(draw: st.DrawFn) -> ZipFacts:
    placed = draw(st.booleans())
    return ZipFacts(
        zip=f"{draw(st.integers(60_000, 92_000)):05d}",
        city=draw(words),
        state=draw(st.sampled_from(["MN", "WI", "AK"])),
        kind=draw(st.sampled_from(ZipKind)),
        zone=draw(st.sampled_from(["America/Chicago", "America/Nome"])),
        lat=draw(latitudes) if placed else None,
        lon=draw(longitudes) if placed else None,
        seats=tuple(draw(st.lists(st.sampled_from(["MN-1", "MN-2", "WI-7"]), unique=True))),
        estimated=draw(st.booleans()),
    )


@given(
    st.lists(people(), max_size=4, unique_by=lambda p: p.member.bioguide),
    st.lists(zips(), min_size=1, max_size=8, unique_by=lambda z: z.zip),
)
def test_what_is_packed_is_found_again(persons: list[Person], places: list[ZipFacts]) -> None:
    facts = Facts(
        as_of=DAY,
        map_congress=119,
        sources=(Source(name="a", url="b", licence="c", as_of=None, version="1", digest="d"),),
        people=tuple(persons),
        house_seats=("MN-1", "MN-2", "WI-7"),
        zips=tuple(sorted(places, key=lambda fact: fact.zip)),
    )
    directory = Directory.from_bytes(pack(facts))
    assert directory.sources == facts.sources
    assert list(directory.members(on=DAY)) == [person.member for person in persons]
    for fact in facts.zips:
        place = directory.lookup(fact.zip, on=DAY)
        assert (place.city, place.state, place.kind, place.zone) == (
            fact.city, fact.state, fact.kind, fact.zone,
        )  # fmt: skip
        assert (place.districts, place.estimated) == (fact.seats, fact.estimated)
        assert (place.lat, place.lon) == (fact.lat, fact.lon)


@given(st.lists(st.integers(-16_000, 16_000)))
def test_columns_survive_the_round_trip(values: list[int]) -> None:
    assert list(unpack_deltas(pack_deltas(values))) == values


def test_columns_are_little_endian_on_every_machine() -> None:
    column = [0x010203, 0x010203 + 0x0405, 0x010203 + 0x0405 + 0x0607]
    assert pack_deltas(column) == bytes([3, 2, 1, 0, 0x05, 0x07, 0x04, 0x06])


def test_a_jump_too_wide_for_a_column_is_an_error() -> None:
    with pytest.raises(OverflowError):
        pack_deltas([0, 40_000])


@given(st.data())
def test_no_damaged_byte_goes_unnoticed(data: st.DataObject) -> None:
    whole = _SHIPPED
    at = data.draw(st.integers(0, len(whole) - 1))
    flip = data.draw(st.integers(1, 255))
    with pytest.raises(DirectoryError):
        unpack(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])


@given(st.integers(0))
def test_a_file_cut_short_is_refused(length: int) -> None:
    with pytest.raises(DirectoryError, match="directory"):
        unpack(_SHIPPED[: length % len(_SHIPPED)])


@given(st.binary(max_size=200))
def test_any_other_file_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(DirectoryError, match=r"\.$"):
        unpack(data)


def test_another_version_says_what_to_do() -> None:
    other = _SHIPPED[: len(MAGIC)] + b"\x63" + _SHIPPED[len(MAGIC) + 1 :]
    with pytest.raises(DirectoryError, match=r"format 99.*directory update"):
        unpack(other)


def test_contents_that_make_no_sense_are_refused_though_the_checksum_fits() -> None:
    rest = (2).to_bytes(4, "little") + b"{}" + b"nonsense"
    with pytest.raises(DirectoryError, match="damaged"):
        unpack(MAGIC + b"\x01" + hashlib.sha256(rest).digest() + rest)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match=r"nothing\.bin"):
        Directory.open(tmp_path / "nothing.bin")


def test_the_shipped_snapshot_names_sources_licences_and_days(directory: Directory) -> None:
    by_name = {source.name: source for source in directory.sources}
    assert by_name["legislators-current.yaml"].as_of == DAY
    assert by_name["zccd.csv"].as_of == date(2024, 11, 12)
    assert all(source.licence and source.url for source in directory.sources)
    assert b"CC0" in SHIPPED.read_bytes()[:2000]


_SHIPPED = SHIPPED.read_bytes()
