"""The command `jobs`: shows how the housekeeping stands and runs one job."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli

KEYS = {"SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32}


def test_jobs_are_shown_and_one_can_be_run_now(cli: Cli, tables: Path) -> None:
    before = {one["job"]: one for one in cli("jobs", "--json", **KEYS).json}
    assert before["retention"]["state"] == "waiting"
    assert before["reconcile"]["off"] == "There is no carrier to ask."
    ran = cli("jobs", "run", "retention", **KEYS)
    assert ran.code == 0, ran.err
    assert ran.out.startswith("✓ retention: Erased 0 numbers")
    after = {one["job"]: one for one in cli("jobs", "--json", **KEYS).json}
    assert after["retention"]["state"] == "well"
    assert "retention" in cli("jobs", **KEYS).out
    unknown = cli("jobs", "run", "nothing", "--json", **KEYS)
    assert (unknown.code, unknown.json["type"]) == (5, "not-found")


def test_what_the_daily_update_holds_can_be_looked_at(cli: Cli, tmp_path: Path) -> None:
    assert cli("directory", "held").out == "✓ Nothing is held.\n"
    folder = tmp_path / "instance" / "directory"
    folder.mkdir(parents=True)
    (folder / "held.json").write_text(
        '{"before": "2026-06-15", "after": "2026-07-01", "applied": false,'
        ' "reasons": ["30 members left, more than 15"],'
        ' "changes": {"Left": [{"member": "A B", "seat": "VT-SEN", "party": "X"}]}}'
    )
    shown = cli("directory", "held")
    assert "A B" in shown.out
    assert "30 members left" in shown.err
