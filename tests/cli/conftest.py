"""A command line in a folder of its own: in this process for most tests, as a program for a few."""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from callbridge.cli.main import main
from tests.source import ROOT

OURS = ("TWILIO_", "CALLBRIDGE_", "LIMIT_", "OFFICE_", "ORGANIZATION", "PHONE_", "SECRET_")
OTHERS = {"DATABASE_URL", "PUBLIC_URL", "NO_COLOR", "LOG_LEVEL", "LOG_JSON"}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command went."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Read standard output, all of it, as one JSON document."""
        return json.loads(self.out)


Cli = Callable[..., Ran]


def clean_environment(**settings: str) -> dict[str, str]:
    """Return an environment without a setting of callbridge but these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS) and k not in OTHERS}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"} | settings


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Run `python -m callbridge …` in an empty folder, without a second for a new interpreter.

    The same entry point with the same words, environment, files and database; only the process is
    ours. `program` is for what a process adds: signals, children, and that it starts at all.
    """

    def run(*arguments: str, said: str | None = None, **settings: str) -> Ran:
        settings.setdefault("CALLBRIDGE_CAMPAIGNS", str(ROOT / "campaigns"))
        with _in_place_of(tmp_path, clean_environment(**settings), said or "") as (out, err):
            code = main(list(arguments))
        return Ran(code, _text(out), _text(err))

    return run


@pytest.fixture
def program(tmp_path: Path) -> Cli:
    """Run `python -m callbridge …` in an empty folder, as a process of its own."""

    def run(*arguments: str, said: str | None = None, **settings: str) -> Ran:
        settings.setdefault("CALLBRIDGE_CAMPAIGNS", str(ROOT / "campaigns"))
        done = subprocess.run(
            [sys.executable, "-m", "callbridge", *arguments],
            cwd=tmp_path,
            env=clean_environment(**settings),
            input=said or "",
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@contextmanager
def _in_place_of(
    folder: Path, environment: dict[str, str], said: str
) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """Give this process what a new one would be given, and take it back after."""
    out, err = io.BytesIO(), io.BytesIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in set(os.environ) - set(environment):
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.StringIO(said))
        patch.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8", write_through=True))
        patch.setattr(sys, "stderr", io.TextIOWrapper(err, "utf-8", write_through=True))
        try:
            yield out, err
        finally:
            for name in set(os.environ) - set(environment):
                del os.environ[name]
            # What a command sends its log to is closed with it.
            root.handlers[:] = handlers
            root.setLevel(level)
            sys.stdout.detach()  # type: ignore[attr-defined]
            sys.stderr.detach()  # type: ignore[attr-defined]


def _text(written: io.BytesIO) -> str:
    return written.getvalue().decode("utf-8")


@pytest.fixture
def tables(tmp_path: Path, sqlite_template: Path) -> Path:
    """Put a database with the newest tables where the command line looks for it."""
    instance = tmp_path / "instance"
    instance.mkdir()
    return Path(shutil.copyfile(sqlite_template, instance / "callbridge.sqlite3"))
