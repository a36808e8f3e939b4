"""A long-running process takes up an updated directory without a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from callbridge.directory import Directory
from callbridge.directory.facts import Facts, ZipFacts
from callbridge.directory.live import EVERY_SECONDS, LiveDirectory
from callbridge.directory.lookup import FILE_NAME
from callbridge.directory.packing import pack
from callbridge.directory.update import swap
from callbridge.domain.congress import ZipKind
from callbridge.service.ports import Directory as Port

DAY = date(2026, 6, 15)
PLACE = ZipFacts(
    zip="55401",
    city="Minneapolis",
    state="MN",
    kind=ZipKind.AREA,
    zone="America/Chicago",
    lat=44.98,
    lon=-93.27,
    seats=("MN-5",),
)
SMALL = Facts(
    as_of=DAY + timedelta(days=1),
    map_congress=119,
    sources=(),
    people=(),
    house_seats=("MN-5",),
    zips=(PLACE,),
)


class Ticks:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_serves_what_the_port_asks_for(tmp_path: Path) -> None:
    live: Port = LiveDirectory(tmp_path)
    shipped = Directory.open()
    assert live.as_of == DAY
    assert live.lookup("05401", on=DAY) == shipped.lookup("05401", on=DAY)
    assert live.member("W000800", on=DAY) == shipped.member("W000800", on=DAY)
    place = live.lookup("05401", on=DAY)
    assert live.to_json(place) == shipped.to_json(place)
    assert live.warning(date(2027, 1, 3)) == shipped.warning(date(2027, 1, 3))


def test_an_update_is_taken_up_within_half_a_minute(tmp_path: Path) -> None:
    ticks = Ticks()
    live = LiveDirectory(tmp_path, ticks=ticks)
    swap(tmp_path / FILE_NAME, pack(SMALL))
    assert live.as_of == DAY
    ticks.now += EVERY_SECONDS
    assert live.as_of == SMALL.as_of
    (tmp_path / FILE_NAME).unlink()
    ticks.now += EVERY_SECONDS
    assert live.as_of == DAY


def test_a_broken_or_older_update_leaves_the_one_in_use(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    swap(tmp_path / FILE_NAME, pack(SMALL))
    ticks = Ticks()
    live = LiveDirectory(tmp_path, ticks=ticks)
    for data in (b"broken", pack(replace(SMALL, as_of=DAY))):
        swap(tmp_path / FILE_NAME, data)
        ticks.now += EVERY_SECONDS
        assert live.as_of == SMALL.as_of
    assert "the one in use stays" in caplog.text
    assert "older than the one in use" in caplog.text
