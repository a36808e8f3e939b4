"""`up` for real: everything started, one call placed, everything stopped."""

from __future__ import annotations

import json
import signal
import stat
import time
import urllib.error
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_children import free_port
from tests.up import Up


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Up]]:
    """Start everything as often as is wanted, and see that it is gone after the test."""
    all_ = []

    def one() -> Up:
        all_.append(Up(tmp_path))
        all_[-1].wait()
        return all_[-1]

    try:
        yield one
    finally:
        for each in all_:
            each.stop()


def steps(said: list[str]) -> list[str]:
    """Return the first words of what was done."""
    return [" ".join(line.split()[1:3]) for line in said if line.startswith("✓")]


def test_up_serves_a_call_stops_starts_again_and_ends_with_a_part_that_dies(
    start: Callable[[], Up], cli: Cli, tmp_path: Path
) -> None:
    first = start()
    serves_a_call(first, cli, tmp_path)
    assert any("people add you@example.org --role admin" in line for line in first.said)
    assert cli("people", "add", "ada@example.org", "--role", "admin").code == 0
    stops(first, tmp_path)
    keys = (tmp_path / "instance/keys.env").read_text()

    again = start()
    assert (tmp_path / "instance/keys.env").read_text() == keys
    assert any("0 published, 3 unchanged" in line for line in again.said), again.said
    assert any("up to date already" in line for line in again.said)
    assert any("/console" in line for line in again.said)
    assert not any("people add" in line for line in again.said), again.said
    ends_with_a_part_that_dies(again)


def serves_a_call(up: Up, cli: Cli, tmp_path: Path) -> None:
    """See that everything is ready, and place and follow a call by the command line."""
    assert steps(up.said) == [
        "Keys ready:",
        "Database ready:",
        "Directory ready:",
        "Campaigns ready:",
        "Started the",
        "Started the",
        "Started the",
    ]
    assert b"<html" in up.get("/")
    assert b"<html" in up.get("/", port=up.exchange_port)

    keys = tmp_path / "instance/keys.env"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600

    campaign = cli("campaigns", "list", "--json").json[0]["slug"]
    called = cli("call", campaign, "--phone", "202-555-0147", "--zip", "05401", "--json")
    assert called.code == 0, called.err
    body = called.json
    assert sorted(body) == ["call", "from", "links", "needs_district", "targets", "wait_seconds"]
    assert body["links"]["self"].startswith(f"http://127.0.0.1:{up.port}/api/v1/calls/")
    state = json.loads(up.get(body["links"]["self"].removeprefix(f"http://127.0.0.1:{up.port}")))
    assert state["call"] == body["call"]
    assert state["stage"] in {"placing", "greeting"}

    again = cli("call", campaign, "--phone", "(202) 555-0147", "--json")
    assert again.code == 6
    assert again.json["type"] == "call-in-progress"

    out = tmp_path / "out"
    assert cli("export", campaign, "--format", "csv", "--out", str(out)).code == 0
    assert (out / "answers.csv").read_text().startswith('"call","campaign","target","supporter"')


def stops(up: Up, tmp_path: Path) -> None:
    """See that all parts stop in order and leave nothing behind."""
    assert up.stop(signal.SIGTERM) == 0, up.said
    assert [line for line in up.said if line.startswith("✓ Stopped")] == [
        "✓ Stopped the dialer.",
        "✓ Stopped the web.",
        "✓ Stopped the exchange.",
    ]
    assert not (tmp_path / "instance/running.env").exists()
    assert "2025550147" not in "".join(up.said)


def ends_with_a_part_that_dies(up: Up) -> None:
    """Kill the exchange and see that the rest stops with a sentence."""
    children = Path(f"/proc/{up.process.pid}/task/{up.process.pid}/children").read_text().split()
    for pid in map(int, children):
        if b"exchange" in Path(f"/proc/{pid}/cmdline").read_bytes():
            signal_to(pid, signal.SIGKILL)
    until = time.monotonic() + 60
    while up.process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    assert up.stop() == 1
    assert any("The exchange stopped by itself" in line for line in up.said), up.said
    with pytest.raises(urllib.error.URLError):
        up.get("/")


def test_a_broken_campaign_stops_the_start_with_every_problem(program: Cli, tmp_path: Path) -> None:
    (tmp_path / "documents/broken").mkdir(parents=True)
    (tmp_path / "documents/broken/campaign.toml").write_text("titel = 3\n")
    ports = ["--port", str(free_port()), "--exchange-port", str(free_port())]
    ran = program("up", *ports, CALLBRIDGE_CAMPAIGNS=str(tmp_path / "documents"))
    assert ran.code == 1
    assert "Did you mean 'title'?" in ran.err
    assert "page.md" in ran.err
    assert "Traceback" not in ran.err
    assert "Stopped the exchange." in ran.out


def signal_to(pid: int, number: signal.Signals) -> None:
    """Send a signal to one process."""
    import os

    os.kill(pid, number)
