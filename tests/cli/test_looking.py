"""`lookup` and `directory`, run for real."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.source import ROOT

SOURCES = ROOT / ".." / "shared" / "congress"

KEYS = "zip state states kind districts split estimated senators representatives vacant as_of"
MEMBER_KEYS = "bioguide name chamber state district party phone offices"
OFFICE_KEYS = "id city phone hours lat lon"


def test_lookup_gives_a_program_every_key_it_was_promised(cli: Cli) -> None:
    ran = cli("lookup", "05401", "--json")
    assert ran.code == 0
    assert list(ran.json) == KEYS.split()
    member = ran.json["senators"][0]
    assert list(member) == MEMBER_KEYS.split()
    assert list(member["offices"][0]) == OFFICE_KEYS.split()
    assert member["offices"][0]["id"] == f"{member['bioguide']}-washington"


def test_lookup_shows_a_person_grouped_numbers_and_no_colour_in_a_pipe(cli: Cli) -> None:
    ran = cli("lookup", "05401")
    assert ran.code == 0
    assert ran.out.startswith("05401 Burlington, VT: VT-0")
    assert "(202) " in ran.out
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("zip_code", "code", "word"),
    [("nonsense", 2, "not-a-zip"), ("00000", 5, "unknown-zip"), ("96960", 6, "nobody-there")],
)
def test_a_zip_without_members_says_why_and_has_an_exit_code_of_its_own(
    cli: Cli, zip_code: str, code: int, word: str
) -> None:
    ran = cli("lookup", zip_code, "--json")
    assert ran.code == code
    assert ran.json["type"] == word
    assert ran.json["detail"] in ran.err
    assert "Traceback" not in ran.err


def test_directory_show_counts_what_the_directory_holds(cli: Cli) -> None:
    shown = cli("directory", "show", "--json").json
    assert shown["zips"] == 42_789
    members = shown["senators"] + shown["representatives"]
    assert members + len(shown["vacant"]) == shown["seats"] == 541
    assert all(source["licence"] for source in shown["sources"])


def test_directory_update_reads_a_folder_shows_the_difference_and_swaps(
    cli: Cli, tmp_path: Path
) -> None:
    if not SOURCES.is_dir():
        pytest.skip("the public sources are not there: ../shared/congress is missing")
    ran = cli("directory", "update", "--from", str(SOURCES), "--json")
    assert ran.code == 0, ran.err
    assert ran.json["applied"] is True
    assert (tmp_path / "instance/directory/snapshot.bin").is_file()


def test_a_bad_source_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    ran = cli("directory", "update", "--from", str(tmp_path))
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert not (tmp_path / "instance").exists()
