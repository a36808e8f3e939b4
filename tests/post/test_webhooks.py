"""Where webhooks may go: the public internet, and nowhere inwards."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from callbridge.errors import DeliveryError, RefusedError
from callbridge.post.webhooks import WebPoster
from tests.post.receivers import web_server

INWARDS = (
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Return what names lead to: this test's own directory of names."""
    known: dict[str, list[str]] = {}

    def look(host: str, port: int, **_: Any) -> list[Any]:
        found = known.get(host, [host])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return known


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the addresses that were dialled; none answers."""
    found: list[Any] = []

    def dial(address: Any, **_: Any) -> socket.socket:
        found.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", dial)
    return found


@pytest.mark.parametrize("address", INWARDS)
def test_nothing_inwards_is_dialled_however_it_is_written(
    names: dict[str, list[str]], dialled: list[Any], address: str
) -> None:
    poster = WebPoster(loopback=False)
    literal = f"[{address}]" if ":" in address else address
    names["inwards.example"] = [address]
    names["both.example"] = ["93.184.215.14", address]
    for host in (literal, "inwards.example", "both.example"):
        for scheme in ("https", "http"):
            url = f"{scheme}://{host}/hooks"
            with pytest.raises(RefusedError):
                poster.check(url)
            with pytest.raises(DeliveryError):
                poster.post(url, headers={}, body=b"{}")
    assert dialled == []


def test_the_address_that_was_judged_is_the_one_dialled(
    names: dict[str, list[str]], dialled: list[Any]
) -> None:
    names["world.example"] = ["93.184.215.14"]
    poster = WebPoster(loopback=False)
    poster.check("https://world.example/hooks")
    with pytest.raises(DeliveryError, match="No answer"):
        poster.post("https://world.example/hooks", headers={}, body=b"{}")
    assert dialled == [("93.184.215.14", 443)]
    # It was judged well once and leads inwards by now.
    names["world.example"] = ["127.0.0.1"]
    with pytest.raises(DeliveryError):
        poster.post("https://world.example/hooks", headers={}, body=b"{}")
    assert len(dialled) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://world.example/hooks",
        "ftp://world.example/",
        "file:///etc/passwd",
        "https://",
        "https://name:word@world.example/",
        "https://world.example/#part",
        "https://world.example:99999/",
        "https://world.example/\r\nX-More: 1",
        "https://wörld.example/",
        "hooks",
        "https://world.example/" + "a" * 500,
    ],
)
def test_only_whole_https_addresses_are_taken(names: dict[str, list[str]], url: str) -> None:
    names["world.example"] = ["93.184.215.14"]
    with pytest.raises(RefusedError):
        WebPoster(loopback=False).check(url)


def test_a_receiver_that_drips_its_answer_is_cut_off_in_time() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        poster = WebPoster(loopback=True, seconds=(5.0, 0.3))
        begun = time.monotonic()
        with pytest.raises(DeliveryError, match="No answer"):
            poster.post(url, headers={}, body=b"{}")
    # Its own timeout would have been five seconds for every wait.
    assert time.monotonic() - begun < 5


def test_on_loopback_this_machine_may_be_told_and_a_redirect_is_an_end() -> None:
    poster = WebPoster(loopback=True, seconds=(2.0, 4.0))
    with web_server() as server:
        poster.check(server.url)
        poster.post(server.url, headers={"webhook-id": "msg_1"}, body=b"{}")
        server.answers = [302]
        with pytest.raises(DeliveryError, match="redirect"):
            poster.post(server.url, headers={}, body=b"{}")
    assert len(server.told) == 2
    assert server.told[0][0]["host"] == f"127.0.0.1:{server.port}"
