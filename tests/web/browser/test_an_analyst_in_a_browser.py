"""An analyst in Chromium: filters, reads, takes the data away, opens it; every total is the data's.

The export is the measure: each figure on the figures, board and signals pages equals a plain SQL
count over the exported SQLite file.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas
import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from benchmarks.generate import SLUG, generate
from callbridge.store import Database
from callbridge.web.people import add_person
from tests.chromium import look, watched
from tests.web.browser.conftest import Served
from tests.web.setting import PASSWORD, site_on

pytestmark = pytest.mark.browser

EMAIL = "ida@example.org"
POSITIONS = ("supports", "leans-supports", "undecided", "leans-opposes", "opposes")
RUNG = "calls.door != 'self-dialled'"
STANDING = "NOT answers.superseded"
LIST = ",".join(f"'{one}'" for one in (*POSITIONS, "would-not-say"))
ON_CALLS = "JOIN calls ON calls.call = legs.call"
TOLD = "FROM answers JOIN calls ON calls.call = answers.call WHERE " + STANDING + " AND " + RUNG


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a site with a made-up world of calls in it."""
    path = tmp_path_factory.mktemp("analyst") / "callbridge.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    generate(database, count=600, seed=7)
    site = site_on(database, f"sqlite:///{path}")
    add_person(site.app, email=EMAIL, password=PASSWORD, roles=["analyst"])
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(site=site, url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    database.close()


def cells(page: Page, table: str) -> list[list[str]]:
    """Read a table's body, closed details too; figures without their commas."""
    found = page.locator(f"{table} tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )
    return [[cell.replace(",", "") for cell in row] for row in found]


def take(page: Page, words: str, folder: Path) -> Path:
    """Press a button that takes the data away; return the folder that it unpacks to."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=words, exact=True).click()
    packed = folder / f"{words}.zip"
    waiting.value.save_as(packed)
    with zipfile.ZipFile(packed) as file:
        file.extractall(folder)
    return folder / SLUG


def one(run: sqlite3.Connection, query: str) -> int:
    """Return the number that a query counts."""
    return int(run.execute(query).fetchone()[0])


def funnel(run: sqlite3.Connection) -> list[int]:
    """Count every step of the funnel over the export."""
    calls = f"SELECT count(*) FROM calls WHERE {RUNG}"
    legs = f"SELECT count(DISTINCT legs.call) FROM legs {ON_CALLS} WHERE {RUNG}"
    told = f"SELECT count(DISTINCT answers.call) {TOLD}"
    steps = (calls, f"{calls} AND placed", f"{calls} AND answered IS NOT NULL")
    steps += (f"{calls} AND key_pressed", legs, f"{legs} AND outcome = 'connected'")
    return [one(run, query) for query in (*steps, told, f"{told} AND meaning IN ({LIST})")]


def texts(run: sqlite3.Connection, query: str) -> list[list[str]]:
    """Return what a query finds, as a page shows it."""
    return [[str(cell) for cell in row] for row in run.execute(query)]


def the_figures_are_the_datas(page: Page, run: sqlite3.Connection) -> None:
    """Hold every table of the figures page to the export."""
    steps = [int(row[1]) for row in cells(page, "#funnel-table")]
    assert steps == funnel(run)
    assert steps[-1] > 0, "there is something to compare"
    by_day = "SELECT substr(created, 1, 10) AS day, count(*), count(answered) FROM calls"
    by_day += f" WHERE {RUNG} GROUP BY day ORDER BY day"
    assert cells(page, "#days-table") == texts(run, by_day)
    reach = "SELECT office, count(*), count(CASE WHEN outcome = 'connected' THEN 1 END) FROM legs"
    reach += f" {ON_CALLS} WHERE {RUNG} GROUP BY office"
    shown = sorted(row[:3] for row in cells(page, "#desks-table"))
    assert shown == sorted(texts(run, reach))
    dialled = sum(int(row[1]) for row in cells(page, "#reach-table"))
    assert dialled == sum(int(row[1]) for row in shown)
    said = "SELECT substr(revision, 1, 8) AS r, language, replace(meaning, '-', ' ') AS m, count(*)"
    said += " FROM answers JOIN calls ON calls.call = answers.call WHERE " + STANDING
    assert sorted(cells(page, "#answers-table")) == sorted(texts(run, f"{said} GROUP BY r, 2, m"))
    long = "SELECT count(*) FROM legs WHERE outcome = 'connected' AND seconds IS NOT NULL"
    assert sum(int(row[1]) for row in cells(page, "#lengths-table")) == one(run, long)
    maps = [*cells(page, "#senate-table"), *cells(page, "#house-table")]
    positions = f"SELECT count(*) FROM answers WHERE {STANDING} AND meaning IN ({LIST})"
    assert sum(int(row[3]) + int(row[9]) for row in maps) == one(run, positions)


def test_an_analyst_filters_reads_and_takes_the_data_away(
    browser: Browser, world: Served, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, said = watched(context)
    page.goto(f"{world.url}/console/{SLUG}/figures")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Figures")
    assert not look(page)
    whole = tmp_path / "whole"
    with closing(sqlite3.connect(take(page, "SQLite", whole) / f"{SLUG}.sqlite")) as run:
        the_figures_are_the_datas(page, run)
        page.goto(f"{world.url}/console/{SLUG}/board")
        the_board_is_the_datas(page, run)
        page.goto(f"{world.url}/console/{SLUG}/signals")
        legs = f"SELECT count(*) FROM legs {ON_CALLS} WHERE {RUNG}"
        combinations = cells(page, "[aria-label='All combinations'] table")
        assert sum(int(row[3]) for row in combinations) == one(run, legs)
    page.goto(f"{world.url}/console/{SLUG}/figures")
    page.locator("details.filter > summary").click()
    page.get_by_label("State").select_option("CA")
    page.get_by_label("From day (UTC)").fill("2026-10-01")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/figures?since=2026-10-01&state=CA")
    narrow = take(page, "SQLite", tmp_path / "narrow")
    with closing(sqlite3.connect(narrow / f"{SLUG}.sqlite")) as run:
        the_figures_are_the_datas(page, run)
        told = [int(row[1]) for row in cells(page, "#funnel-table")]
        opened_by_others(run, take(page, "CSV", tmp_path / "narrow"), told)
    context.close()
    assert not said


def the_board_is_the_datas(page: Page, run: sqlite3.Connection) -> None:
    """Hold every member's n to a plain count: one a supporter, member and day, the latest."""
    counted = f"""
        SELECT target, count(*) FROM (
            SELECT answers.target, answers.meaning, row_number() OVER (
                PARTITION BY answers.target, substr(legs.started, 1, 10), answers.supporter
                ORDER BY answers.at DESC, answers.answer DESC
            ) AS place
            FROM answers JOIN legs ON legs.call = answers.call AND legs.leg = answers.leg {ON_CALLS}
            WHERE {STANDING} AND {RUNG} AND answers.meaning IN ({LIST})
        ) WHERE place = 1 AND meaning != 'would-not-say' GROUP BY target"""
    members = page.locator("table.board tbody th a").evaluate_all(
        "links => links.map(link => link.pathname.split('/').pop())"
    )
    shown = [int(row[5]) for row in cells(page, "table.board")]
    found = {target: n for target, n in zip(members, shown, strict=True) if n}
    assert found == dict(run.execute(counted))


def opened_by_others(run: sqlite3.Connection, folder: Path, steps: list[int]) -> None:
    """Open the export in pandas and Datasette: they count what the page counted."""
    calls = pandas.read_csv(folder / "calls.csv")
    assert int((calls["door"] != "self-dialled").sum()) == steps[0]
    answers = pandas.read_csv(folder / "answers.csv")
    assert len(answers) == one(run, "SELECT count(*) FROM answers")
    command = [sys.executable, "-m", "datasette", str(folder / f"{SLUG}.sqlite")]
    command += ["-m", str(folder / "metadata.json"), "--get"]
    query = f"/{SLUG}.json?_shape=array&sql=select+count(*)+as+n+from+calls"
    done = subprocess.run([*command, query], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [{"n": len(calls)}]
