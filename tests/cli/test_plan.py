"""What `up` decides before it starts anything."""

from __future__ import annotations

import socket

import pytest

from callbridge.cli import plan
from callbridge.errors import SettingsError
from tests.cli.test_children import free_port

KEYS = {"SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32}
REAL = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "t" * 32,
    "TWILIO_FROM": "+12025550100",
    "ORGANIZATION": "The Prairie League",
    "ORGANIZATION_PHONE": "+12025550199",
    "PUBLIC_URL": "https://calls.example.org",
}


def make(given: dict[str, str]) -> plan.Plan:
    """Plan on two ports that are free."""
    return plan.make(KEYS | given, port=free_port(), exchange_port=free_port())


def test_without_an_account_the_exchange_plays_the_carrier() -> None:
    planned = make({})
    assert planned.exchange_port
    assert planned.settings.twilio_api_url == planned.exchange
    assert planned.settings.has_carrier
    assert not planned.settings.real_calls
    assert planned.settings.public_url == planned.web


def test_the_made_up_account_is_the_same_each_time_and_differs_between_instances() -> None:
    account = [
        plan.make(
            KEYS | {"SECRET_KEY": letter * 32}, port=free_port(), exchange_port=free_port()
        ).settings.twilio_auth_token
        for letter in ("a", "a", "b")
    ]
    assert account[0] == account[1] != account[2]


def test_with_an_account_calls_are_real_and_no_exchange_starts() -> None:
    planned = make(REAL)
    assert planned.exchange_port is None
    assert planned.settings.real_calls
    assert planned.carrier == {}


def test_the_exchange_refuses_a_public_address() -> None:
    with pytest.raises(SettingsError, match="serves this machine only"):
        make({"PUBLIC_URL": "https://calls.example.org"})


def test_the_pages_listen_where_a_loopback_public_address_says() -> None:
    port = free_port()
    given = KEYS | {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
    assert plan.make(given, port=None, exchange_port=free_port()).port == port


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"Port {port} .*--port {port + 10}"):
            plan.make(KEYS, port=port, exchange_port=free_port())
