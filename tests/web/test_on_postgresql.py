"""The web on PostgreSQL: the whole way once, and what only that database minds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callbridge.store import Database
from tests import databases
from tests.web.setting import Site, csrf_of, signed_in, site_on

pytestmark = pytest.mark.postgres


@pytest.fixture
def site(postgres_server: databases.PostgresServer) -> Iterator[Site]:
    """Return the whole web on PostgreSQL."""
    with databases.postgres_database(postgres_server) as url:
        database = Database(url)
        yield site_on(database, url)
        database.close()


def test_a_call_goes_its_whole_way(site: Site) -> None:
    answer = site.ask()
    assert answer.status_code == 303
    site.voice(0)
    site.voice(1, Digits="1")
    site.voice(2, Digits="1")
    form = {"leg": "1", "q.happened": "voicemail"}
    assert site.reader().post(answer.location, data=form).status_code == 303
    reader = signed_in(site, "admin")
    assert "left a message" in reader.get("/console/attorney-general").text
    token = csrf_of(reader.get("/console").text)
    path = "/console/attorney-general/pause"
    assert reader.post(path, data={"csrf_token": token}).status_code == 303
    assert site.ask(phone="(202) 555-0148").status_code == 409


@pytest.mark.parametrize(
    "path",
    ["/calls/%00", "/c/%00", "/c/a%00b/script", "/api/v1/calls/%00", "/media/%00/a.png"],
)
def test_a_zero_byte_leads_nowhere(site: Site, path: str) -> None:
    assert site.reader(check=False).get(path).status_code == 404


def test_a_zero_byte_typed_is_no_fault_of_ours(site: Site) -> None:
    assert site.ask(phone="202\0555").status_code == 422
    assert site.ask(zip="054\0").status_code == 422
    assert site.ask(ref="a\0b").status_code == 303
    body = {"phone": "(202) 555-0149", "referral": "a\0b", "language": "\0", "consent": True}
    answer = site.app.test_client().post("/api/v1/campaigns/attorney-general/calls", json=body)
    assert answer.status_code in {201, 422}
