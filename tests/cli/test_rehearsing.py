"""The command `drive rehearse`, on a server that is set up for real calls."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from tests.cli.conftest import Cli
from tests.cli.test_driving import SETTINGS

ZIPS = ("05401", "94110", "10001", "60601", "77001", "33101", "98101", "30301")
REAL = {
    "TWILIO_API_URL": "",
    "PUBLIC_URL": "https://calls.example.org",
    "ORGANIZATION": "the Prairie League",
    "ORGANIZATION_PHONE": "+12025550177",
}


def test_a_drive_is_rehearsed_on_a_server_set_up_for_real_calls(
    cli: Cli, program: Cli, tmp_path: Path
) -> None:
    rows = [f"202-555-01{n:02},{ZIPS[n % len(ZIPS)]},en,,rally,2026-05-04" for n in range(6)]
    head = "phone,zip,language,group,consent_source,consent_at"
    (tmp_path / "people.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    database = tmp_path / "real.sqlite3"
    given = SETTINGS | {"DATABASE_URL": f"sqlite:///{database}"}
    assert cli("db", "upgrade", **given).code == 0
    assert cli("campaigns", "publish", "attorney-general", **given).code == 0
    made = cli("drive", "create", "attorney-general", "--people", "people.csv", "--json", **given)
    drive = made.json["drive"]
    before = hashlib.sha256(database.read_bytes()).hexdigest()

    ran = program(
        "drive", "rehearse", drive, "--seed", "4", "--at", "2026-06-15T13:30", "--json",
        **given | REAL,
    )  # fmt: skip

    assert ran.code == 0, ran.err
    found = ran.json
    assert found["complete"] is True
    assert found["people"] == 6
    assert sum(found["by_state"].values()) == 6
    assert set(found["by_state"]) <= {"done", "failed", "suppressed", "expired"}
    assert found["rings"] >= 6
    assert found["first"].startswith("2026-06-15T13:30")
    assert found["offices_above"] == 0
    assert found["cost"] > 0
    assert sum(found["by_cause"].values()) == 6
    assert found["unsettled"] == 0
    assert found["warnings"] == []
    # The real database was read and nothing else; no number of the list is in what is kept.
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    status = cli("drive", "status", drive, "--json", **given)
    assert status.json["by_state"] == {"planned": 6}
    kept = (tmp_path / "instance" / "rehearsals" / f"{found['rehearsal']}.json").read_text("utf-8")
    assert not re.search(r"202\D?555\D?01\d\d", kept)
