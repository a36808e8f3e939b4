"""Rebuilding the directory: from a folder, from the web, and what a bad source may not do."""

from __future__ import annotations

import copy
import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from callbridge.directory import Directory
from callbridge.directory.difference import compare
from callbridge.directory.download import Addresses, Limits
from callbridge.directory.lookup import FILE_NAME, SHIPPED
from callbridge.directory.sanity import judge
from callbridge.directory.snapshot import unpack
from callbridge.directory.sources import read_folder
from callbridge.directory.summary import summarize
from callbridge.directory.update import Update, dated, swap, update
from callbridge.errors import DirectoryError
from tests.directory.web import Answer, serving

TODAY = date(2026, 7, 1)
PATHS = ("/legislators-current.json", "/legislators-district-offices.json", "/zccd.csv")
Pages = dict[str, Answer]
Entries = list[dict[str, Any]]


@pytest.fixture(scope="session")
def published(congress_folder: Path) -> tuple[Entries, Entries, bytes]:
    """The three sources as the web has them."""
    raw = read_folder(congress_folder)
    return list(map(dict, raw.legislators.entries())), list(map(dict, raw.offices.entries())), (
        raw.areas.data
    )  # fmt: skip


def pages(legislators: Entries, offices: Entries, areas: bytes, *, day: date = TODAY) -> Pages:
    """Return what a web server would answer."""
    changed = format_datetime(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), usegmt=True)
    bodies = (json.dumps(legislators).encode(), json.dumps(offices).encode(), areas)
    return {
        path: Answer(body=body, headers={"Last-Modified": changed})
        for path, body in zip(PATHS, bodies, strict=True)
    }


def update_from(served: Pages, target: Path, **options: Any) -> Update:
    """Update from a web server that answers with `served`."""
    with serving(lambda path, _: served[path]) as web:
        addresses = Addresses(**dict(zip(_NAMES, (web.url + p for p in PATHS), strict=True)))
        return update(source=None, target=target, today=TODAY, addresses=addresses, **options)


_NAMES = ("legislators", "offices", "areas")


def test_the_published_sources_rebuild_the_shipped_snapshot(
    congress_folder: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    done = update(source=congress_folder, target=tmp_path, today=TODAY, tell=told.append)
    assert done.applied
    assert done.difference.empty
    assert done.difference.sections() == ()
    assert done.sanity.sane
    assert len(told) == 2
    rebuilt = tmp_path / FILE_NAME
    assert unpack(rebuilt.read_bytes()) == unpack(SHIPPED.read_bytes())
    assert rebuilt.read_bytes() == SHIPPED.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_copy_of_known_files_is_no_newer_than_they_are(
    congress_folder: Path, tmp_path: Path, directory: Directory
) -> None:
    for path in congress_folder.glob("[lz]*"):
        shutil.copyfile(path, tmp_path / path.name)
    copied = read_folder(tmp_path)
    assert copied.legislators.as_of > date(2026, 6, 15)
    known = dated(copied, known=directory.sources)
    assert (known.legislators.as_of, known.areas.as_of) == (date(2026, 6, 15), date(2024, 11, 12))
    assert dated(copied, known=()) == copied


def test_the_difference_names_who_left_who_came_and_what_changed(
    published: tuple[Entries, Entries, bytes], tmp_path: Path
) -> None:
    legislators, offices, areas = copy.deepcopy(published)
    gone = next(e for e in legislators if e["id"]["bioguide"] == "W000800")
    gone["id"]["bioguide"], gone["name"] = "N000999", {"first": "Nora", "last": "New"}
    moved = next(e for e in legislators if e["id"]["bioguide"] == "A000148")
    moved["terms"][-1]["party"] = "Independent"
    office = next(o for e in offices for o in e["offices"] if o["id"] == "A000148-newton")
    office["phone"] = "617-555-0123"
    areas = areas.replace(b"50,VT,05401,0\r\n", b"50,VT,05401,0\r\n36,NY,05401,21\r\n")
    served = pages(legislators, offices, areas)
    # A publisher may move a file about on its own host.
    served["/moved.csv"] = served[PATHS[2]]
    served[PATHS[2]] = Answer(status=301, headers={"Location": "/moved.csv"})
    done = update_from(served, tmp_path)
    found = done.difference
    assert [m.name for m in found.left] == ["Peter Welch"]
    assert [m.name for m in found.came] == ["Nora New"]
    assert [(m.before, m.after) for m in found.moved] == [
        ("MA-4, Democrat", "MA-4, Independent")
    ]  # fmt: skip
    assert {n.office: n.after for n in found.numbers}["A000148-newton"] == "+16175550123"
    assert {d.zip: d.after for d in found.districts}["05401"] == ("VT-0", "NY-21")
    assert [section.title for section in found.sections()] == [
        "Left", "Came", "Changed seat or party", "Changed numbers", "ZIPs with other districts",
    ]  # fmt: skip
    assert all(len(row) == len(s.columns) for s in found.sections() for row in s.rows)
    assert (done.applied, done.sanity.sane) == (True, True)
    opened = Directory.open_best(tmp_path)
    assert opened.as_of == TODAY
    assert opened.lookup("05401", on=TODAY).states == ("VT", "NY")


def test_a_suspicious_difference_is_held_for_an_operator(
    published: tuple[Entries, Entries, bytes], tmp_path: Path
) -> None:
    legislators, offices, areas = copy.deepcopy(published)
    for entry in legislators[200:230]:
        entry["id"]["bioguide"] += "X"
    done = update_from(pages(legislators, offices, areas), tmp_path, only_if_sane=True)
    assert not done.applied
    assert not done.sanity.sane
    assert "30 members left, more than 15" in done.sanity.reasons
    assert list(tmp_path.iterdir()) == []


def test_a_new_congress_is_applied_by_itself_however_much_changes(
    published: tuple[Entries, Entries, bytes], tmp_path: Path
) -> None:
    legislators, offices, areas = copy.deepcopy(published)
    for entry in legislators:
        term = entry["terms"][-1]
        if term["end"] < "2027-01-04":
            entry["terms"].append(term | {"start": "2027-01-03", "end": "2029-01-03"})
    for entry in legislators[100:180]:
        entry["id"]["bioguide"] += "X"
    day = date(2027, 1, 5)
    served = pages(legislators, offices, areas, day=day)
    with serving(lambda path, _: served[path]) as web:
        addresses = Addresses(**dict(zip(_NAMES, (web.url + p for p in PATHS), strict=True)))
        done = update(
            source=None, target=tmp_path, today=day, addresses=addresses, only_if_sane=True
        )
    assert done.applied
    assert len(done.difference.left) == 80
    fresh = Directory.open_best(tmp_path)
    assert (fresh.congress, fresh.expires) == (120, date(2029, 1, 3))
    # The table of districts is still the old Congress's, and the directory says so.
    assert "119th" in (fresh.warning(day) or "")


def test_lines_of_a_congress_that_has_not_begun_are_held(directory: Directory) -> None:
    same = compare(directory, directory, on=TODAY)
    early = judge(replace(same, map_congress=120))
    assert not early.sane
    assert "Congress 120" in early.reasons[0]
    snapshot = replace(directory.snapshot, map_congress=120)
    assert "begins on 3 January 2027" in (Directory(snapshot).warning(TODAY) or "")


def _cut(table: bytes) -> bytes:
    return table[: table.index(b"\n", len(table) // 2) + 1]


def _spoil(path: str, answer: Callable[[Answer], Answer]) -> Callable[[Pages], Pages]:
    return lambda good: {**good, path: answer(good[path])}


BAD = {
    "server error": (_spoil(PATHS[0], lambda _: Answer(status=500)), "answered 500"),
    "not there": (_spoil(PATHS[2], lambda _: Answer(status=404)), "answered 404"),
    "another host": (
        _spoil(PATHS[1], lambda _: Answer(status=302, headers={"Location": "http://example.org/"})),
        "another host",
    ),
    "a circle": (
        _spoil(PATHS[0], lambda _: Answer(status=301, headers={"Location": PATHS[0]})),
        "circle",
    ),
    "a web page": (_spoil(PATHS[0], lambda _: Answer(body=b"<html>hello")), "cannot be read"),
    "cut short": (_spoil(PATHS[0], lambda a: Answer(body=a.body[:-50])), "cannot be read"),
    "broken off": (
        _spoil(PATHS[1], lambda a: Answer(body=a.body[:-50], length=len(a.body))),
        "cannot be reached|broke off",
    ),
    "half the members": (
        _spoil(PATHS[0], lambda a: Answer(body=json.dumps(json.loads(a.body)[::2]).encode())),
        "not the whole Congress",
    ),
    "no offices": (_spoil(PATHS[1], lambda _: Answer(body=b"[]")), "0 district offices"),
    "strange people": (_spoil(PATHS[0], lambda _: Answer(body=b'[{"id": 7}]')), "lacks what"),
    "another table": (_spoil(PATHS[2], lambda _: Answer(body=b"a,b\n1,2\n")), "not the table"),
    "half a table": (
        _spoil(PATHS[2], lambda a: Answer(body=_cut(a.body))), "says nothing of .*NY",
    ),
    "not text": (_spoil(PATHS[2], lambda _: Answer(body=b"\xff\xfe")), "not text"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_download_changes_nothing(
    published: tuple[Entries, Entries, bytes], tmp_path: Path, case: str
) -> None:
    spoil, words = BAD[case]
    kept = tmp_path / FILE_NAME
    kept.write_bytes(SHIPPED.read_bytes())
    with pytest.raises(DirectoryError, match=words):
        update_from(spoil(pages(*published)), tmp_path)
    assert kept.read_bytes() == SHIPPED.read_bytes()
    assert list(tmp_path.iterdir()) == [kept]


def test_a_download_has_limits_of_size_and_time(
    published: tuple[Entries, Entries, bytes], tmp_path: Path
) -> None:
    good = pages(*published)
    with pytest.raises(DirectoryError, match="larger than 1,000 bytes"):
        update_from(good, tmp_path, limits=Limits(size=1000))
    slow = {**good, PATHS[0]: Answer(body=b"[]", wait=60)}
    with pytest.raises(DirectoryError, match="cannot be reached"):
        update_from(slow, tmp_path, limits=Limits(read=0.2))
    with pytest.raises(DirectoryError, match="took longer"):
        update_from(good, tmp_path, limits=Limits(whole=0))


def test_an_unreachable_web_is_a_sentence(tmp_path: Path) -> None:
    with serving(lambda *_: Answer()) as web:
        gone = web.url
    addresses = Addresses(**dict.fromkeys(_NAMES, gone))
    with pytest.raises(DirectoryError, match=r"cannot be reached \(ConnectionError\)\.$"):
        update(source=None, target=tmp_path, today=TODAY, addresses=addresses)


def test_sources_older_than_what_is_in_use_change_nothing(
    published: tuple[Entries, Entries, bytes], tmp_path: Path
) -> None:
    with pytest.raises(DirectoryError, match="older than the directory in use"):
        update_from(pages(*published, day=date(2026, 5, 1)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_sees_the_old_file_whole_or_the_new_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / FILE_NAME
    old, new = b"o" * 400_000, b"n" * 300_000
    swap(path, old)
    seen: set[bytes] = set()
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(25):
        swap(path, new)
        swap(path, old)
    over.set()
    reader.join()
    assert seen <= {old, new}
    assert [entry.name for entry in path.parent.iterdir()] == [FILE_NAME]


def test_a_disk_that_refuses_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DirectoryError, match="cannot be written"):
        swap(tmp_path / "file" / FILE_NAME, b"")
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(DirectoryError, match="cannot be written"):
        swap(tmp_path / FILE_NAME, b"")
    assert {entry.name for entry in tmp_path.iterdir()} == {"file", FILE_NAME}


def test_the_best_directory_is_the_updated_one_unless_it_is_older_or_broken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert Directory.open_best(tmp_path / "none").as_of == date(2026, 6, 15)
    (tmp_path / FILE_NAME).write_bytes(b"broken")
    assert Directory.open_best(tmp_path).as_of == date(2026, 6, 15)
    assert "the shipped one serves" in caplog.text


def test_a_member_whose_term_ended_has_not_just_left(directory: Directory) -> None:
    same = compare(directory, directory, on=date(2026, 12, 1))
    assert same.empty
    assert judge(same).sane


def test_the_summary_counts_what_there_is(directory: Directory) -> None:
    found = summarize(directory, on=date(2026, 11, 21))
    assert (found.senators, found.representatives, found.seats) == (98, 437, 541)
    assert found.vacant == ("CA-14", "FL-SEN", "FL-20", "GA-13", "OH-SEN", "TX-23")
    assert [m.name for m in found.without_phone] == ["James Gallagher"]
    assert len(summarize(directory, on=date(2026, 6, 15)).without_district_phone) >= 4
    assert (found.zips, found.zips_estimated) == (42_789, 7_702)
    assert sum(found.zips_by_kind.values()) == 42_789
    assert found.age_days == 159
    assert found.warning is not None
    assert {source.name for source in found.sources} >= {"zipcodes", "zccd.csv"}
