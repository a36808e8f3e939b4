"""The retry rule in a hook's fragment, and which addresses may be called at all."""

from __future__ import annotations

import pytest

from callbridge.exchange.delivery import Retry, RetryRule, is_loopback, request_url, retry_rule


def test_without_a_fragment_only_a_failed_connect_is_tried_once_more() -> None:
    rule = retry_rule("http://127.0.0.1/voice")
    assert rule == RetryRule()
    assert rule.count == 1
    assert rule.allows(Retry.CONNECT)
    assert not rule.allows(Retry.READ)
    assert not rule.allows(Retry.SERVER_ERROR)


def test_the_rule_that_our_hooks_carry_is_read() -> None:
    rule = retry_rule("http://127.0.0.1/voice/t/3?x=1#rc=3&rp=ct,rt,5xx")
    assert rule is not None
    assert rule.count == 3
    assert [reason for reason in Retry if rule.allows(reason)] == [
        Retry.CONNECT,
        Retry.READ,
        Retry.SERVER_ERROR,
    ]


def test_times_in_the_rule_are_milliseconds() -> None:
    rule = retry_rule("http://127.0.0.1/#ct=200&rt=1500&tt=4000&rp=all")
    assert rule is not None
    assert (rule.connect, rule.read, rule.total) == (0.2, 1.5, 4.0)
    assert rule.allows(Retry.CLIENT_ERROR)


@pytest.mark.parametrize("fragment", ["rc=6", "rc=x", "rp=soon", "ct=50", "tt=20000", "zz=1"])
def test_a_rule_out_of_range_is_no_rule(fragment: str) -> None:
    assert retry_rule(f"http://127.0.0.1/#{fragment}") is None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://127.3.4.5:99/x", "https://localhost/a", "http://[::1]:80/"]
)
def test_addresses_of_this_machine_may_be_called(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "http://127.0.0.1.example.org/",
        "http://127.1@example.org/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "127.0.0.1",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "",
    ],
)
def test_no_other_address_may_be_called(url: str) -> None:
    assert not is_loopback(url)


def test_the_requested_address_has_a_path_and_no_fragment_and_keeps_its_escapes() -> None:
    assert request_url("http://127.0.0.1:80#rc=1") == "http://127.0.0.1:80/"
    assert request_url("http://127.0.0.1/%2Ca?b=%7E#rc=1") == "http://127.0.0.1/%2Ca?b=%7E"
    assert request_url("http://h/a?b=1", query=[("To", "+1")]) == "http://h/a?b=1&To=%2B1"
