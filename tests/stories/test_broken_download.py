"""A download that breaks off behind a real gunicorn: nobody can take what came for whole."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import requests
from sqlalchemy import insert

from callbridge.app import create_app
from callbridge.compose import build_context
from callbridge.library.files import files_of
from callbridge.service import publishing
from callbridge.service.streaming import STREAMED
from callbridge.settings import load
from callbridge.store.database import Database
from callbridge.store.tables import revisions
from callbridge.web.people import add_person
from tests.stories.served import Web, free_port
from tests.stories.stage import CAMPAIGNS

SLUG = "safety-valve"
ANALYST, PASSWORD = "ada@example.org", "a long enough password"


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[tuple[Web, Database]]:
    """Serve one campaign that was never called."""
    url = f"http://127.0.0.1:{free_port()}"
    given = {
        "DATABASE_URL": database_url,
        "PUBLIC_URL": url,
        "SECRET_KEY": "s" * 32,
        "PHONE_KEYS": "p" * 32,
        "CENSUS_URL": "",
        "WEB_CONCURRENCY": "1",
    }
    ctx = build_context(load(given))
    publishing.publish(ctx, SLUG, files_of(CAMPAIGNS / SLUG))
    add_person(create_app(context=ctx), email=ANALYST, password=PASSWORD, roles=["analyst"])
    web = Web(url=url, environ=os.environ | given, log=folder / "web.log")
    assert isinstance(ctx.store, Database)
    try:
        web.start()
        yield web, ctx.store
    finally:
        web.kill()
        ctx.store.close()


@contextmanager
def analyst(web: Web) -> Iterator[requests.Session]:
    """Sign in as a browser does."""
    with requests.Session() as http:
        http.trust_env = False
        page = http.get(f"{web.url}/sign-in", timeout=20).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        form = {"email": ANALYST, "password": PASSWORD, "csrf_token": token[1]}
        http.post(f"{web.url}/sign-in", data=form, timeout=20).raise_for_status()
        yield http


def expect_broken(answer: requests.Response) -> bytes:
    """Read on until the connection breaks; return what came by then, which has no end."""
    came = b""
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        for piece in answer.iter_content(None):
            came += piece
    assert came.startswith(b"PK")
    assert not zipfile.is_zipfile(io.BytesIO(came))
    return came


@pytest.mark.sqlite_by_day
def test_a_row_that_cannot_be_told_breaks_the_connection_and_the_log_says_why(
    database_url: str, tmp_path: Path
) -> None:
    with served(database_url, tmp_path) as (web, database), analyst(web) as http:
        for kind in sorted(STREAMED):
            whole = http.get(f"{web.url}/console/{SLUG}/export/{kind}", timeout=20)
            assert zipfile.ZipFile(io.BytesIO(whole.content)).testzip() is None
        with database.writing() as unit:
            # A revision whose documents are lost: the last table cannot be told.
            lost = {"digest": "f" * 64, "slug": SLUG, "published": datetime(2020, 1, 1, tzinfo=UTC)}
            unit.connection.execute(insert(revisions).values(lost))
        for kind in sorted(STREAMED):
            address = f"{web.url}/console/{SLUG}/export/{kind}"
            with http.get(address, stream=True, timeout=20) as answer:
                assert answer.status_code == 200  # it began well
                assert f"{SLUG}/codebook.md".encode() in expect_broken(answer)
        assert http.get(f"{web.url}/console/{SLUG}", timeout=20).status_code == 200
    why = "CampaignProblemsError: Campaign safety-valve: campaign.toml: This file is missing"
    assert web.log.read_text(encoding="utf-8").count(why) == len(STREAMED)


@pytest.mark.nightly
@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_breaks_the_connection_and_the_log_says_why(
    database_url: str, tmp_path: Path
) -> None:
    with (
        served(database_url, tmp_path) as (web, _),
        analyst(web) as http,
        psycopg.connect(database_url.replace("+psycopg", "")) as elsewhere,
    ):
        # Whoever reads the answers waits: by then the reader has the first bytes.
        elsewhere.execute("LOCK TABLE answers IN ACCESS EXCLUSIVE MODE")
        address = f"{web.url}/console/{SLUG}/export/csv"
        with http.get(address, stream=True, timeout=20) as answer:
            assert answer.status_code == 200
            elsewhere.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            expect_broken(answer)
    why = "terminating connection due to administrator command"
    assert why in web.log.read_text(encoding="utf-8")
