"""The web on a fresh SQLite database, with the shipped campaigns."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from callbridge.store import Database
from tests.web.setting import Site, site_on


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Return the address of a fresh SQLite file; the store's tests run on both kinds."""
    path = tmp_path / "callbridge.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def site(database: Database, database_url: str) -> Site:
    """Return the whole web."""
    return site_on(database, database_url)
