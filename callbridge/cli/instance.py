"""The folder `instance/`: keys made once and kept, and where a running `up` can be found."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from callbridge import settings as table
from callbridge.settings import Settings

INSTANCE = Path("instance")
DOTENV = Path(".env")
KEYS = INSTANCE / "keys.env"
RUNNING = INSTANCE / "running.env"


def environment(*, running: bool = False) -> dict[str, str]:
    """Return what settings are read from: the environment, then `.env`, then kept keys.

    With `running`, the carrier of an `up` that runs here now comes last: a command in a second
    window reaches the same exchange.
    """
    given: dict[str, str] = {}
    if running and (found := _running()):
        given |= found
    for file in (KEYS, DOTENV):
        given |= _values(file)
    return given | dict(os.environ)


def read_settings(*, complete: bool = True, running: bool = False) -> Settings:
    """Read every setting. Raises SettingsError."""
    return table.load(environment(running=running), complete=complete)


def make_keys() -> bool:
    """Make the two keys that are missing, once, readable by their owner only; tell if any was."""
    INSTANCE.mkdir(exist_ok=True)
    given = environment()
    missing = [name for name in ("SECRET_KEY", "PHONE_KEYS") if not given.get(name, "").strip()]
    if missing:
        lines = _values(KEYS) | {name: secrets.token_urlsafe(32) for name in missing}
        _write(KEYS, lines)
    return bool(missing)


def announce(values: Mapping[str, str]) -> None:
    """Leave a note of a running `up`: its process and where its carrier and pages are."""
    _write(RUNNING, {"CALLBRIDGE_PID": str(os.getpid())} | dict(values))


def withdraw() -> None:
    """Take the note away."""
    RUNNING.unlink(missing_ok=True)


def _running() -> dict[str, str]:
    values = _values(RUNNING)
    pid = values.pop("CALLBRIDGE_PID", "")
    # A note whose process is gone was left by one that was killed.
    return values if pid and Path(f"/proc/{pid}").exists() else {}


def _values(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    return {name: value for name, value in dotenv_values(file).items() if value is not None}


def _write(file: Path, values: Mapping[str, str]) -> None:
    text = "".join(f"{name}={value}\n" for name, value in values.items())
    scratch = file.with_suffix(".new")
    scratch.touch(mode=0o600)
    scratch.chmod(0o600)
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(file)
