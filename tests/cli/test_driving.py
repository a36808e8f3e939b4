"""The commands `drive …`, as a person and as a program use them."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli

SETTINGS = {
    "SECRET_KEY": "s" * 32,
    "PHONE_KEYS": "p" * 32,
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "t" * 32,
    "TWILIO_FROM": "+12025550100",
    "TWILIO_API_URL": "http://127.0.0.1:9",
}
PEOPLE = """phone,zip,language,group,consent_source,consent_at
202-555-0101,05401,en,north,rally,2026-05-04
202-555-0101,05401,en,north,rally,2026-05-04
202-555-0102,05401,en,north,,2026-05-04
202-555-0103,94110,en,north,rally,2026-05-04
"""


def test_a_drive_is_made_looked_at_started_and_stopped(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    given = SETTINGS | {"DATABASE_URL": f"sqlite:///{tmp_path / 'one.sqlite3'}"}
    assert cli("db", "upgrade", **given).code == 0
    assert cli("campaigns", "publish", "attorney-general", **given).code == 0
    made = cli(
        "drive", "create", "attorney-general", "--people", "people.csv", "--rate", "2",
        "--days", "all", "--budget", "30", "--json", **given,
    )  # fmt: skip
    assert made.code == 0, made.err
    assert sorted(made.json) == ["accepted", "drive", "refused"]
    assert made.json["accepted"] == 2
    assert [one["line"] for one in made.json["refused"]] == [3, 4]
    drive = made.json["drive"]
    estimate = cli("drive", "estimate", drive, "--json", **given)
    assert estimate.json["people"] == 2
    assert estimate.json["measured"] is False
    assert estimate.json["budget_left"] == 30.0
    assert cli("drive", "change", drive, "--budget", "0.01", **given).code == 0
    assert "likely spent before" in cli("drive", "estimate", drive, **given).err
    scopes = {one["scope"]: one for one in cli("budget", "--json", **given).json}
    assert scopes[f"drive:{drive}"]["ceiling"]["total"] == 0.01
    ahead = cli("drive", "dry-run", drive, "--hours", "24", "--json", **given)
    assert (ahead.json["waiting"], ahead.json["hours"]) == (2, 24)
    assert "5550101" not in ahead.out
    first = cli("drive", "start", drive, "--as", "ada", **given, DRIVE_CONFIRM="1")
    assert first.code == 0
    assert "ada wants this drive" in first.err and "second person" in first.err
    assert cli("drive", "start", drive, **given).code == 0
    for command, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        told = cli("drive", command, drive, "--json", **given)
        assert told.json["state"] == state
    assert cli("drive", "status", drive, "--json", **given).json == {
        "drive": drive,
        "state": "stopped",
        "people": 2,
        "by_state": {"suppressed": 2},
        "unknown": 0,
    }
    assert "stopped" in cli("drive", "status", drive, **given).out
    assert cli("drive", "start", drive, **given).code == 6
    assert cli("drive", "status", "nothing", **given).code == 5
