"""`python -m callbridge` as a process of its own: each family of commands starts and ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from callbridge.cli.exits import Exit
from tests.cli.conftest import Cli

KEYS = {"SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32}


def by_night(*values: object) -> ParameterSet:
    """Leave a row to the night: a start costs two seconds."""
    return pytest.param(*values, marks=pytest.mark.nightly)


@pytest.mark.parametrize(
    ("arguments", "code", "out", "err"),
    [
        ("settings", Exit.FINE, "CALLS_PER_SECOND", ""),
        ("codebook", Exit.FINE, "superseded", ""),
        ("lookup 00000", Exit.NOT_FOUND, "", "There is no ZIP 00000"),
        ("directory held", Exit.FINE, "✓ Nothing is held.", ""),
        ("campaigns preview attorney-general --zip 05401", Exit.FINE, "[1] greeting", ""),
        ("no-such-command", Exit.WRONG_USE, "", "No such command"),
        ("--traceback lookup 00000", Exit.PROBLEMS, "", "Traceback"),
    ],
)
def test_a_command_that_needs_no_database_runs_as_a_program(
    program: Cli, arguments: str, code: Exit, out: str, err: str
) -> None:
    ran = program(*arguments.split())
    assert ran.code == code, ran.err
    assert out in ran.out
    assert err in ran.err


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(
    ("arguments", "code", "out", "err"),
    [
        ("drive status nothing", Exit.NOT_FOUND, "", "✗ "),
        ("board nothing", Exit.NOT_FOUND, "", "✗ "),
        by_night("report nothing", Exit.NOT_FOUND, "", "✗ "),
        by_night("export nothing --out new", Exit.NOT_FOUND, "", "✗ "),
        by_night("budget", Exit.FINE, "at most", ""),
        by_night("webhooks list", Exit.FINE, "", ""),
        ("jobs run nothing", Exit.NOT_FOUND, "", "✗ "),
        ("people add ada@example.org --role king", Exit.REFUSED, "", "admin, organizer, analyst"),
        ("dialing show", Exit.FINE, "✓ The dialers ring what is due.", ""),
        ("call nothing --phone 202-555-0101", Exit.CARRIER, "", "✗ "),
    ],
)
def test_a_command_that_opens_the_database_runs_as_a_program(
    program: Cli, arguments: str, code: Exit, out: str, err: str
) -> None:
    ran = program(*arguments.split(), **KEYS)
    assert ran.code == code, ran.out + ran.err
    assert out in ran.out
    assert err in ran.err


def test_a_program_that_finds_no_tables_says_what_to_run_and_makes_nothing(
    program: Cli, tmp_path: Path
) -> None:
    ran = program("campaigns", "list", **KEYS)
    assert ran.code == Exit.PROBLEMS
    assert "db upgrade" in ran.err
    assert not (tmp_path / "instance").exists()
