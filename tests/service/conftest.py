"""A service on a fresh database of each kind."""

from __future__ import annotations

import pytest

from callbridge.store import Database
from tests.service.setting import Service, service_on


@pytest.fixture
def service(database: Database, database_url: str) -> Service:
    """Return a service with one campaign published."""
    made = service_on(database, database_url)
    made.publish()
    return made
