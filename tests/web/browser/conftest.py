"""A real Chromium and the site served on loopback."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from callbridge.store import Database
from tests.chromium import chromium
from tests.web.setting import Site, site_on


@dataclass
class Served:
    """The site and where it is."""

    site: Site
    url: str


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all of these tests."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the site on a port that the system gives."""
    path = tmp_path_factory.mktemp("browser") / "callbridge.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    site = site_on(database, f"sqlite:///{path}", LIMIT_NETWORK_HOUR="1000")
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(site=site, url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    database.close()
