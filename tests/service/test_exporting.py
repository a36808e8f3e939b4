"""Taking the data away: every format says the same, no phone is in it, no cell is a formula."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas
import pytest
from pyarrow import parquet
from sqlalchemy import func, insert, select, update

from callbridge.domain.selection import read_selection
from callbridge.errors import NotFoundError, RefusedError
from callbridge.service import answers, codebook, exporting
from callbridge.service.writing import plain, safe_cell
from callbridge.store import Database
from callbridge.store.drive_tables import drives
from callbridge.store.tables import attempts
from tests.service.setting import NOON, Service
from tests.service.test_answers import surveyed
from tests.source import ROOT

# On PostgreSQL by night.
pytestmark = pytest.mark.sqlite_by_day


@pytest.fixture
def corrected(service: Service) -> Service:
    """Return a service with one finished call, corrected on the web, and one never answered."""
    call = surveyed(service)
    answers.report(service.ctx, call, leg=1, question="position", meaning="supports")
    service.clock.forward(days=1)
    service.start("202-555-0148", language="en", referral="=cmd()")
    return service


def taken(service: Service, folder: Path, kind: str, where: str = "") -> exporting.Exported:
    """Export the campaign."""
    chosen = read_selection(dict(pair.split("=", 1) for pair in where.split("&") if pair))
    return exporting.export(
        service.ctx, "water", format=kind, folder=folder / kind, selection=chosen
    )


def read(folder: Path, kind: str, table: str) -> list[dict[str, Any]]:
    """Read a table back, with a plain reader of the format."""
    path = folder / kind / f"{table}.{kind}"
    match kind:
        case "csv":
            with path.open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))
        case "jsonl":
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        case "parquet":
            rows = parquet.read_table(path).to_pylist()
            return [{name: plain(value) for name, value in row.items()} for row in rows]
        case _:
            with opened(folder) as file:
                return [dict(row) for row in file.execute(f"SELECT * FROM {table}")]


def opened(folder: Path) -> closing[sqlite3.Connection]:
    """Open the exported SQLite file."""
    connection = sqlite3.connect(folder / "sqlite" / "water.sqlite")
    connection.row_factory = sqlite3.Row
    return closing(connection)


def test_an_export_has_every_answer_and_no_phone(corrected: Service, tmp_path: Path) -> None:
    done = taken(corrected, tmp_path, "csv")
    assert (done.answers, done.calls, done.legs) == (3, 2, 1)
    text = "".join(path.read_text(encoding="utf-8") for path in done.files)
    assert "5550147" not in text and "555-0147" not in text
    rows = read(tmp_path, "csv", "answers")
    contract = "call,campaign,target,supporter,question,meaning,source,superseded,at"
    assert ",".join(list(rows[0])[:9]) == contract
    assert [row["superseded"] for row in rows] == ["false", "true", "false"]
    assert rows[1]["replaced_by"] == rows[2]["answer"]
    assert rows[0]["replaced_by"] == ""
    assert len({row["supporter"] for row in rows}) == 1
    assert (rows[0]["at"], rows[0]["at_local"]) == (
        "2026-11-17T17:00:00Z",
        "2026-11-17T12:00:00-05:00",
    )
    assert [path.name for path in (tmp_path / "csv").glob(".*")] == []


def test_a_supporter_is_the_same_in_every_table_of_one_export(
    corrected: Service, tmp_path: Path
) -> None:
    taken(corrected, tmp_path, "jsonl")
    first, second = read(tmp_path, "jsonl", "calls")
    assert first["supporter"] != second["supporter"]
    assert {row["supporter"] for row in read(tmp_path, "jsonl", "answers")} == {first["supporter"]}


def test_two_exports_do_not_share_a_pseudonym(corrected: Service, tmp_path: Path) -> None:
    names = []
    for folder in ("a", "b"):
        taken(corrected, tmp_path / folder, "jsonl")
        names.append(read(tmp_path / folder, "jsonl", "answers")[0]["supporter"])
    assert names[0] != names[1]


@pytest.mark.parametrize("table", [sheet.name for sheet in codebook.SHEETS])
def test_every_format_holds_the_same_rows(corrected: Service, tmp_path: Path, table: str) -> None:
    found = {}
    for kind in exporting.FORMATS:
        taken(corrected, tmp_path, kind)
        rows = read(tmp_path, kind, table)
        assert rows
        found[kind] = [
            {name: value for name, value in row.items() if name != "supporter"} for row in rows
        ]
    sheet = next(one for one in codebook.SHEETS if one.name == table)
    assert all(set(row) | {"supporter"} >= set(sheet.names) for row in found["jsonl"])
    assert found["jsonl"] == found["parquet"]
    assert [{n: safe_cell(v) for n, v in row.items()} for row in found["jsonl"]] == found["csv"]
    assert found["sqlite"] == found["jsonl"]


def test_every_column_written_is_described_and_every_one_described_is_written(
    corrected: Service, tmp_path: Path
) -> None:
    taken(corrected, tmp_path, "csv")
    for sheet in codebook.SHEETS:
        assert tuple(read(tmp_path, "csv", sheet.name)[0]) == sheet.names
        assert len(set(sheet.names)) == len(sheet.names)
        assert all(column.meaning.endswith(".") for column in sheet.columns)


def test_the_codebooks_page_is_written_from_the_description() -> None:
    page = (ROOT / "docs/codebook.md").read_text(encoding="utf-8")
    assert page == codebook.as_markdown()
    assert codebook.CAVEAT in page


def test_what_a_column_leads_to_exists() -> None:
    there = {f"{sheet.name}.{name}" for sheet in codebook.SHEETS for name in sheet.names}
    led = {column.refers for sheet in codebook.SHEETS for column in sheet.columns if column.refers}
    assert led <= there


@pytest.mark.parametrize("kind", exporting.FORMATS)
def test_the_caveat_and_the_codebook_travel_with_the_data(
    corrected: Service, tmp_path: Path, kind: str
) -> None:
    done = taken(corrected, tmp_path, kind)
    assert tmp_path / kind / "codebook.md" in done.files
    if kind == "parquet":
        schema = parquet.read_schema(tmp_path / kind / "answers.parquet")
        assert schema.metadata[b"caveat"].decode() == codebook.CAVEAT
        assert schema.field("meaning").metadata[b"meaning"]
    if kind == "sqlite":
        with opened(tmp_path) as file:
            assert file.execute("SELECT sentence FROM about").fetchone()[0] == codebook.CAVEAT
            described = file.execute("SELECT count(*) FROM codebook").fetchone()[0]
        assert described == sum(len(sheet.columns) for sheet in codebook.SHEETS)


def test_pandas_reads_the_parquet_with_times_and_booleans(
    corrected: Service, tmp_path: Path
) -> None:
    taken(corrected, tmp_path, "parquet")
    frame = pandas.read_parquet(tmp_path / "parquet" / "answers.parquet")
    standing = frame[~frame["superseded"]]
    assert list(standing["meaning"]) == ["spoke", "supports"]
    assert frame["at"].iloc[0].to_pydatetime() == datetime(2026, 11, 17, 17, 0, tzinfo=UTC)


def test_datasette_opens_the_file_and_shows_the_codebook(
    corrected: Service, tmp_path: Path
) -> None:
    taken(corrected, tmp_path, "sqlite")
    folder = tmp_path / "sqlite"
    base = [sys.executable, "-m", "datasette", str(folder / "water.sqlite")]
    base += ["-m", str(folder / "metadata.json"), "--get"]

    def got(path: str) -> str:
        done = subprocess.run([*base, path], capture_output=True, text=True, check=True)
        return done.stdout

    rows = json.loads(got("/water/standing_answers.json?_shape=array"))
    assert [row["meaning"] for row in rows] == ["spoke", "supports"]
    page = got("/water/answers")
    assert "Every answer ever given" in page
    assert "Where it was given: keypad or web." in page


@pytest.mark.parametrize(
    ("where", "calls", "answers"),
    [
        ("", 2, 3),
        ("since=2026-11-18", 1, 0),
        ("until=2026-11-17", 1, 3),
        ("chamber=senate", 1, 3),
        ("chamber=house", 0, 0),
        ("state=CA", 1, 3),
        ("state=VT", 0, 0),
        ("party=Democrat", 1, 3),
        ("source=web", 2, 1),
        ("language=es", 0, 0),
        ("channel=api", 2, 3),
        ("channel=drive", 0, 0),
        ("referral==cmd()", 1, 0),
        ("office=nowhere", 0, 0),
        ("drive=nowhere", 0, 0),
    ],
)
def test_a_filter_narrows_what_is_taken(
    corrected: Service, tmp_path: Path, where: str, calls: int, answers: int
) -> None:
    done = taken(corrected, tmp_path, "csv", where)
    assert (done.calls, done.answers) == (calls, answers)


def test_a_drive_is_chosen_by_its_id(corrected: Service, tmp_path: Path) -> None:
    with corrected.database.writing() as unit:
        given = {"id": "d1", "slug": "water", "state": "draft", "window": "", "days": ""}
        given |= {"in_progress": 1, "created": NOON, "promised": True, "redial_missing": False}
        unit.connection.execute(insert(drives).values(given | {"weight": 1.0}))
        first = select(func.min(attempts.c.id)).scalar_subquery()
        unit.connection.execute(update(attempts).where(attempts.c.id == first).values(drive="d1"))
    done = taken(corrected, tmp_path, "csv", "drive=d1")
    assert (done.calls, done.legs, done.answers) == (1, 1, 3)


def test_a_revision_is_chosen_by_the_beginning_of_its_digest(
    corrected: Service, tmp_path: Path
) -> None:
    taken(corrected, tmp_path, "csv")
    digest = read(tmp_path, "csv", "calls")[0]["revision"]
    assert taken(corrected, tmp_path, "csv", f"revision={digest[:8]}").calls == 2
    assert taken(corrected, tmp_path, "csv", "revision=00000000").calls == 0


@pytest.mark.parametrize("kind", exporting.FORMATS)
def test_a_disk_that_takes_its_time_does_not_end_the_reading(
    corrected: Service, tmp_path: Path, kind: str
) -> None:
    # A server that ends what says nothing for a tenth of a second, and a disk that takes three.
    impatient = Database(corrected.database.url, idle_milliseconds=100)
    try:
        ctx = replace(corrected.ctx, store=impatient)
        exported = exporting.export(
            ctx,
            "water",
            format=kind,
            folder=tmp_path / kind,
            progress=lambda *_: time.sleep(0.3),
        )
    finally:
        impatient.close()
    assert exported.answers > 0
    assert not list((tmp_path / kind).glob(".*.part"))


def test_progress_counts_every_row_to_the_end(corrected: Service, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    exporting.export(
        corrected.ctx,
        "water",
        format="csv",
        folder=tmp_path,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(6, 6)]


def test_an_unknown_format_or_campaign_is_refused_and_writes_nothing(
    service: Service, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError):
        exporting.export(service.ctx, "water", format="xlsx", folder=tmp_path / "out")
    with pytest.raises(NotFoundError):
        exporting.export(service.ctx, "fire", format="csv", folder=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "  =1", "%0", "|x"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [safe_cell(one) for one in ("a=b", 7, -7, None, True, "")] == [
        "a=b", "7", "-7", "", "true", ""
    ]  # fmt: skip
