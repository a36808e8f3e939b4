"""A command line in a folder of its own: every test runs the real program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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
    """Run `python -m callbridge …` in an empty folder."""

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


@pytest.fixture
def tables(tmp_path: Path, sqlite_template: Path) -> Path:
    """Put a database with the newest tables where the command line looks for it."""
    instance = tmp_path / "instance"
    instance.mkdir()
    return Path(shutil.copyfile(sqlite_template, instance / "callbridge.sqlite3"))
