"""Campaigns on the command line: checked, published, listed, exported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.source import ROOT

KEYS = {"SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32}
SHIPPED = sorted(path.parent.name for path in (ROOT / "campaigns").glob("*/campaign.toml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped campaigns to break."""
    return Path(shutil.copytree(ROOT / "campaigns", tmp_path / "documents"))


def test_the_shipped_campaigns_have_nothing_to_mend(cli: Cli) -> None:
    assert cli("campaigns", "check", "--json").json == []
    ran = cli("campaigns", "check")
    assert ran.code == 0
    assert ran.out.count("nothing to mend") == len(SHIPPED) >= 3


def test_every_problem_is_told_at_once_with_file_line_and_what_to_write(
    cli: Cli, folder: Path
) -> None:
    document = folder / SHIPPED[0] / "campaign.toml"
    document.write_text("titel = 3\n" + document.read_text())
    (folder / SHIPPED[1] / "page.md").unlink()
    ran = cli("campaigns", "check", "--json", CALLBRIDGE_CAMPAIGNS=str(folder))
    assert ran.code == 1
    found = {(row["campaign"], row["file"], row["line"]) for row in ran.json}
    assert (SHIPPED[0], "campaign.toml", 1) in found
    assert (SHIPPED[1], "page.md", None) in found
    shown = cli("campaigns", "check", CALLBRIDGE_CAMPAIGNS=str(folder))
    assert f"{SHIPPED[0]}/campaign.toml:1" in shown.out
    assert "Did you mean 'title'?" in shown.out


def test_a_folder_without_campaigns_says_where_it_looked(cli: Cli, tmp_path: Path) -> None:
    ran = cli("campaigns", "check", CALLBRIDGE_CAMPAIGNS=str(tmp_path))
    assert ran.code == 5
    assert str(tmp_path) in ran.err


def test_campaigns_are_published_listed_and_exported_unchanged(
    cli: Cli, tmp_path: Path, folder: Path
) -> None:
    given = KEYS | {"CALLBRIDGE_CAMPAIGNS": str(folder)}
    assert cli("db", "upgrade", **given).code == 0
    first = cli("campaigns", "publish", "--json", **given).json
    assert first == {"published": len(SHIPPED), "unchanged": 0}
    (folder / SHIPPED[0] / "page.md").write_text("A changed page.\n")
    again = cli("campaigns", "publish", "--json", **given).json
    assert again == {"published": 1, "unchanged": len(SHIPPED) - 1}
    listed = cli("campaigns", "list", "--json", **given).json
    assert [sorted(row) for row in listed] == [["slug", "state", "title"]] * len(SHIPPED)
    assert [row["slug"] for row in listed] == SHIPPED
    assert {row["state"] for row in listed} == {"live"}
    out = tmp_path / "out"
    assert cli("campaigns", "export", SHIPPED[0], "--out", str(out), **given).code == 0
    for file in (folder / SHIPPED[0]).rglob("*"):
        if file.is_file():
            copy = out / file.relative_to(folder / SHIPPED[0])
            assert copy.read_bytes() == file.read_bytes()


def test_a_command_before_the_tables_are_made_says_what_to_run(cli: Cli, tmp_path: Path) -> None:
    ran = cli("campaigns", "list", **KEYS)
    assert ran.code == 1
    assert "db upgrade" in ran.err
    assert not (tmp_path / "instance").exists()


def test_preview_prints_every_branch_with_its_seconds(cli: Cli) -> None:
    ran = cli("campaigns", "preview", "attorney-general", "--zip", "05401")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("attorney-general from 05401, in en: ")
    assert "[1] greeting, " in ran.out
    assert "if it is busy: [" in ran.out
    assert "the call ends" in ran.out
    shown = cli("campaigns", "preview", "attorney-general", "--zip", "05401", "--json").json
    assert [turn["number"] for turn in shown["turns"]] == list(range(1, len(shown["turns"]) + 1))
    assert shown["greeting_seconds"] < 12.5


def test_a_preview_of_no_campaign_or_from_no_zip_says_so(cli: Cli) -> None:
    assert "no folder" in cli("campaigns", "preview", "nothing", "--zip", "05401").err
    assert cli("campaigns", "preview", "attorney-general", "--zip", "00000").code == 5
