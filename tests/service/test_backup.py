"""Backup and restore as files: nothing is replaced unasked, and what is missing is said."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from callbridge.errors import DatabaseError
from callbridge.store.backup import back_up
from callbridge.store.restore import restore
from tests.service.setting import NOON as NOW
from tests.service.setting import Service


def test_a_copy_made_by_other_means_is_held_too(service: Service, tmp_path: Path) -> None:
    if service.database.kind != "sqlite":
        return
    service.start()
    file = tmp_path / "by-hand.sqlite3"
    source = service.ctx.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(source)) as given, closing(sqlite3.connect(file)) as by_hand:
        given.backup(by_hand)
    url = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    found = restore(url, file, at=NOW + timedelta(days=1))
    assert found.held
    # It does not say when it was taken: then it is as old as what it heard last.
    assert found.copied == NOW
    assert found.copied_to == 1


def test_a_restore_replaces_nothing_unasked_and_keeps_what_was_there(
    service: Service, tmp_path: Path
) -> None:
    if service.database.kind != "sqlite":
        with pytest.raises(DatabaseError, match=r"not a PostgreSQL|the other"):
            file = tmp_path / "x.sqlite3"
            file.write_bytes(b"SQLite format 3\x00")
            restore(service.ctx.settings.database_url, file, at=NOW)
        dump = tmp_path / "x.sql"
        dump.write_text("SELECT 1;")
        with pytest.raises(DatabaseError, match="Make an empty one"):
            restore(service.ctx.settings.database_url, dump, at=NOW)
        return
    url, file = service.ctx.settings.database_url, tmp_path / "copy.backup"
    back_up(url, file, at=NOW)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DatabaseError, match="name a new file"):
        back_up(url, file, at=NOW)
    with pytest.raises(DatabaseError, match="--replace"):
        restore(url, file, at=NOW)
    with service.database.writing() as unit:
        unit.jobs.beat("d")
    with pytest.raises(DatabaseError, match="stop everything first"):
        restore(url, file, at=NOW, replace=True)
    with service.database.writing() as unit:
        unit.jobs.leave("d")
    service.database.close()
    restore(url, file, at=NOW, replace=True)
    kept = [path.name for path in tmp_path.iterdir() if ".before-" in path.name]
    assert "callbridge.sqlite3.before-20261117-170000" in kept
    damaged = tmp_path / "damaged"
    whole = file.read_bytes()
    damaged.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    with pytest.raises(DatabaseError, match=r"damaged|could not be read"):
        restore(f"sqlite:///{tmp_path / 'new.sqlite3'}", damaged, at=NOW)
    assert not (tmp_path / "new.sqlite3").exists()


def test_what_restoring_needs_is_said_when_it_is_missing(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if service.database.kind == "sqlite":
        with pytest.raises(DatabaseError, match="There is no database"):
            back_up(f"sqlite:///{tmp_path}/none.sqlite3", tmp_path / "b", at=NOW)
        return
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DatabaseError, match="pg_dump is not on the PATH"):
        back_up(service.ctx.settings.database_url, tmp_path / "b", at=NOW)
    assert not (tmp_path / "b").exists()
