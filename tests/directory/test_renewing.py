"""The directory that renews itself: sane differences are taken up, others wait to be looked at."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path

import pytest

from callbridge.directory.download import Addresses
from callbridge.directory.lookup import FILE_NAME
from callbridge.directory.renewing import Renewing, held
from callbridge.directory.update import HELD, update
from callbridge.errors import DirectoryError
from tests.directory.test_update import _NAMES, PATHS, TODAY, Entries, Pages, pages, published
from tests.directory.web import serving

__all__ = ["published"]


def renew(served: Pages, target: Path, *, today: date = TODAY) -> str:
    """Renew from a web server that answers with `served`."""
    with serving(lambda path, _: served[path]) as web:
        addresses = Addresses(**dict(zip(_NAMES, (web.url + p for p in PATHS), strict=True)))
        return Renewing(target=target, addresses=addresses).renew(today=today)


def test_a_strange_difference_is_kept_to_look_at_until_a_sane_one_overtakes_it(
    published: tuple[Entries, Entries, bytes], tmp_path: Path
) -> None:
    legislators, offices, areas = copy.deepcopy(published)
    for entry in legislators[200:230]:
        entry["id"]["bioguide"] += "X"
    said = renew(pages(legislators, offices, areas), tmp_path)
    assert said.startswith("Held for you: 30 members left, more than 15")
    assert [path.name for path in tmp_path.iterdir()] == [HELD]
    kept = held(tmp_path)
    assert kept is not None
    assert not kept["applied"]
    assert len(kept["changes"]["Left"]) == 30
    assert set(kept["changes"]["Left"][0]) == {"member", "seat", "party"}
    legislators, offices, areas = copy.deepcopy(published)
    said = renew(pages(legislators, offices, areas), tmp_path)
    assert said == "Members as of 2026-07-01: nothing changed."
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert held(tmp_path) is None


def test_an_operator_takes_up_what_was_held(
    published: tuple[Entries, Entries, bytes], congress_folder: Path, tmp_path: Path
) -> None:
    legislators, offices, areas = copy.deepcopy(published)
    for entry in legislators[200:230]:
        entry["id"]["bioguide"] += "X"
    renew(pages(legislators, offices, areas), tmp_path)
    assert held(tmp_path) is not None
    assert update(source=congress_folder, target=tmp_path, today=TODAY).applied
    assert held(tmp_path) is None


def test_publishers_out_of_reach_change_nothing(tmp_path: Path) -> None:
    closed = "http://127.0.0.1:9/x"
    away = Renewing(target=tmp_path, addresses=Addresses(**dict.fromkeys(_NAMES, closed)))
    with pytest.raises(DirectoryError):
        away.renew(today=TODAY)
    assert list(tmp_path.iterdir()) == []
