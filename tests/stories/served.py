"""The web as an operator runs it, gunicorn in a process of its own, that a story may kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from callbridge.compose import build_context
from callbridge.exchange.running import ExchangeThread
from callbridge.library.files import files_of
from callbridge.service import publishing
from callbridge.settings import load
from callbridge.store.database import Database
from tests.stories.stage import CAMPAIGNS, LINE, SLUGS, until

ROOT = Path(__file__).parents[2]


@dataclass
class Web:
    """A gunicorn; `log` is everything it wrote, `app` another application than `wsgi:app`."""

    url: str
    environ: dict[str, str]
    log: Path
    app: str = ""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start gunicorn and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, self.app] if self.app else command,
                cwd=ROOT,
                env=self.environ | {"BIND": self.url.removeprefix("http://")},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._answers, seconds=300)

    def _answers(self) -> bool:
        try:
            return self._get("/healthz").status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            return False

    def _get(self, path: str) -> requests.Response:
        with requests.Session() as http:
            http.trust_env = False
            return http.get(self.url + path, timeout=20)

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@dataclass(kw_only=True)
class Served(Web):
    """A gunicorn with its database and an exchange."""

    exchange: ExchangeThread

    def offices(self, zip_code: str) -> list[str]:
        """Return the numbers of every office of a ZIP's members."""
        members = self._get(f"/api/v1/lookup?zip={zip_code}").json()
        return [
            office["phone"]
            for member in (*members["senators"], *members["representatives"])
            for office in member["offices"]
            if office["phone"]
        ]

    def ask(self, slug: str, *, phone: str, zip_code: str) -> str:
        """Ask for a call; return its id."""
        with requests.Session() as http:
            http.trust_env = False
            answer = http.post(
                f"{self.url}/api/v1/campaigns/{slug}/calls",
                json={"phone": phone, "zip": zip_code, "consent": True},
                timeout=20,
            )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["call"])

    def told(self, call: str) -> dict[str, Any]:
        """Return a call as the API tells it."""
        return dict(self._get(f"/api/v1/calls/{call}").json())


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port of an address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((host, 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(database_url: str, folder: Path, *, speed: float) -> Iterator[Served]:
    """Serve the shipped campaigns from a fresh database."""
    url = f"http://127.0.0.1:{free_port()}"
    with ExchangeThread(app_url=url, numbers=[LINE], speed=speed) as exchange:
        given = {
            "DATABASE_URL": database_url,
            "PUBLIC_URL": url,
            "SECRET_KEY": "s" * 32,
            "PHONE_KEYS": "p" * 32,
            "TWILIO_ACCOUNT_SID": exchange.account.sid,
            "TWILIO_AUTH_TOKEN": exchange.account.token,
            "TWILIO_FROM": LINE,
            "TWILIO_API_URL": exchange.base_url,
            "LOG_LEVEL": "debug",
            "CENSUS_URL": "",
            "WEB_CONCURRENCY": "1",
        }
        ctx = build_context(load(given))
        for slug in SLUGS:
            publishing.publish(ctx, slug, files_of(CAMPAIGNS / slug))
        assert isinstance(ctx.store, Database)
        ctx.store.close()
        environ = os.environ | given
        served = Served(url=url, exchange=exchange, environ=environ, log=folder / "web.log")
        served.start()
        try:
            yield served
        finally:
            served.kill()
