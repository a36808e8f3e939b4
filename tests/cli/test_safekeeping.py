"""The commands `backup`, `restore` and `dialing`, in the order in which an operator needs them."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli

KEYS = {"SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32}


def test_a_backup_comes_back_held_and_is_let_go(cli: Cli, tables: Path, tmp_path: Path) -> None:
    made = cli("backup", "--out", "copy.backup", **KEYS)
    assert made.code == 0, made.err
    assert made.out.startswith("✓ Backup written: copy.backup")
    there = cli("restore", "copy.backup", **KEYS)
    assert (there.code, "--replace" in there.err) == (1, True)
    back = cli("restore", "copy.backup", "--replace", **KEYS)
    assert back.code == 0, back.err
    assert "nobody is rung by itself" in back.err
    assert cli("dialing", "show", "--json", **KEYS).json["held"] is True
    assert "nobody is rung by itself" in cli("check", **KEYS).out
    assert cli("dialing", "resume", **KEYS).out == "✓ The dialers ring what is due.\n"
    assert cli("dialing", "show", **KEYS).out == "✓ The dialers ring what is due.\n"
    assert len(list((tmp_path / "instance").glob("*.before-*"))) >= 1
    assert cli("dialing", "hold", **KEYS).code == 0
    assert cli("dialing", "show", "--json", **KEYS).json["copied"] is not None
