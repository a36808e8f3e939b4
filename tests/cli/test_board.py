"""`board` and `rollups` as a person and a program use them."""

from __future__ import annotations

from pathlib import Path

from callbridge.cli.exits import Exit
from tests.cli.conftest import Cli


def test_the_board_of_a_new_campaign_lists_every_member_without_a_position(
    cli: Cli, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'one.sqlite3'}"
    keys = {"SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32, "DATABASE_URL": url}
    assert cli("db", "upgrade", **keys).code == Exit.FINE
    assert cli("campaigns", "publish", "attorney-general", **keys).code == Exit.FINE
    rows = cli("board", "attorney-general", "--json", **keys).json
    assert len(rows) > 90
    assert set(rows[0]) == {
        "target",
        "n",
        "answers",
        "position",
        "probability",
        "interval",
        "evidence",
    }
    assert all(row["position"] is None and row["n"] == 0 for row in rows)
    shown = cli("board", "attorney-general", **keys)
    assert shown.code == Exit.FINE
    assert "0 positions reported about 0 of" in shown.out
    assert "not known" in cli("board", "attorney-general", "--all", **keys).out
    assert cli("board", "nothing-like-it", "--json", **keys).code == Exit.NOT_FOUND
    rebuilt = cli("rollups", "rebuild", **keys)
    assert "0 rows of positions, 0 of office legs; 0 calls entered." in rebuilt.out
