"""Settings on the command line, and errors as every command gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from callbridge.cli.exits import MEANINGS, Exit
from callbridge.cli.settings_text import HIDDEN, as_env, as_markdown
from callbridge.settings import SETTINGS
from tests.cli.conftest import Cli
from tests.source import ROOT


def test_the_settings_page_is_written_from_the_table() -> None:
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == as_markdown()


def test_the_example_file_is_written_from_the_table() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == as_env()


def test_settings_shows_what_is_in_force_and_never_a_secret(cli: Cli) -> None:
    secret = "s3cret-" + "x" * 32
    ran = cli("settings", "--json", SECRET_KEY=secret, CALLS_PER_SECOND="2.5")
    rows = {row["name"]: row for row in ran.json}
    assert list(rows) == [setting.name for setting in SETTINGS]
    assert rows["CALLS_PER_SECOND"]["value"] == "2.5"
    assert rows["SECRET_KEY"]["value"] == HIDDEN
    assert secret not in ran.out + ran.err + cli("settings", SECRET_KEY=secret).out


def test_the_environment_beats_the_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CALLS_PER_SECOND=3\nRING_SECONDS=30\n")
    rows = {row["name"]: row["value"] for row in cli("settings", "--json", RING_SECONDS="20").json}
    assert (rows["CALLS_PER_SECOND"], rows["RING_SECONDS"]) == ("3.0", "20")


def test_a_wrong_setting_stops_in_one_sentence_that_names_it(cli: Cli) -> None:
    ran = cli("lookup", "05401", PUBLIC_URL="nowhere", CALLS_PER_SECOND="-1")
    assert ran.code == Exit.SETTINGS
    assert ran.out == ""
    assert "PUBLIC_URL is 'nowhere'" in ran.err
    assert "CALLS_PER_SECOND" in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("settings", "--nonsense"), ("no-such-command",)])
def test_a_command_written_wrongly_ends_with_code_two(cli: Cli, arguments: tuple[str, ...]) -> None:
    ran = cli(*arguments)
    assert ran.code == Exit.WRONG_USE
    assert "Traceback" not in ran.err


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert set(MEANINGS) == set(Exit)
    for code, meaning in MEANINGS.items():
        assert f"| {code.value} | {meaning} |" in page
