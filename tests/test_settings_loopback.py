"""What counts as this machine: real calls and skipped checks hang on it."""

from __future__ import annotations

import pytest

from callbridge.settings import is_loopback


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8081", "http://127.9.9.9", "http://localhost:1", "http://[::1]:80"]
)
def test_an_address_of_this_machine_is_loopback(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1.example.org", "http://127.example.org", "https://api.example.org", "", "x"],
)
def test_a_name_that_looks_like_this_machine_is_not_loopback(url: str) -> None:
    assert not is_loopback(url)
