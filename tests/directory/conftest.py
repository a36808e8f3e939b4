"""The shipped directory, the published sources and the days the tests stand on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from callbridge.directory import Directory

DATA_DAY = date(2026, 6, 15)


@pytest.fixture(scope="session")
def directory() -> Directory:
    return Directory.open()


@pytest.fixture(scope="session")
def congress_folder() -> Path:
    folder = Path(__file__).parents[2] / ".." / "shared" / "congress"
    if not (folder / "zccd.csv").is_file():
        pytest.skip("the public sources are not beside the project (../shared/congress)")
    return folder.resolve()
