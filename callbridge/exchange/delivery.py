"""How a hook is delivered: its address, its retry rule and what may be retried; sends nothing.

Source: Twilio's connection overrides (the fragment of a hook URL). Times are wall-clock seconds.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from urllib.parse import parse_qsl, quote_plus, urldefrag, urlsplit, urlunsplit

LARGEST_BODY = 64 * 1024
MOST_REDIRECTS = 10


class Retry(StrEnum):
    """A reason to deliver again, in the words of the fragment."""

    CONNECT = "ct"
    READ = "rt"
    CLIENT_ERROR = "4xx"
    SERVER_ERROR = "5xx"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRule:
    """The fragment's rule, with Twilio's defaults: only a failed connect is tried again, once."""

    count: int = 1
    reasons: frozenset[Retry] = frozenset({Retry.CONNECT})
    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0

    def allows(self, reason: Retry) -> bool:
        """Tell whether a failure of this kind is tried again."""
        return reason in self.reasons or Retry.ALL in self.reasons


_RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}


def retry_rule(url: str) -> RetryRule | None:
    """Read the rule in a URL's fragment; None when it is malformed (error 11243)."""
    return _rule_of(url.partition("#")[2])


# An application writes few rules and has few addresses; each is read once.
@lru_cache(maxsize=256)
def _rule_of(fragment: str) -> RetryRule | None:
    rule = RetryRule()
    for name, value in parse_qsl(fragment, keep_blank_values=True):
        if name == "rp":
            if not set(value.split(",")) <= set(Retry):
                return None
            rule = replace(rule, reasons=frozenset(Retry(word) for word in value.split(",")))
        elif name in _RANGES:
            low, high = _RANGES[name]
            if not (value.isascii() and value.isdecimal() and low <= int(value) <= high):
                return None
            rule = _with(rule, name, int(value))
        elif name not in {"sni", "e"}:
            return None
    return rule


def _with(rule: RetryRule, name: str, value: int) -> RetryRule:
    match name:
        case "rc":
            return replace(rule, count=value)
        case "ct":
            return replace(rule, connect=value / 1000)
        case "rt":
            return replace(rule, read=value / 1000)
        case _:
            return replace(rule, total=value / 1000)


def is_loopback(url: str) -> bool:
    """Tell whether a URL stays on this machine: http(s) to localhost, 127.0.0.0/8 or ::1."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not host:
        return False
    return _is_own(host)


@lru_cache(maxsize=256)
def _is_own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=8192)
def _quoted(text: str) -> str:
    return quote_plus(text)


def form_encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Encode a form. Names and most values recur in every hook of a call, so they are kept."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def request_url(url: str, *, query: Iterable[tuple[str, str]] = ()) -> str:
    """Return the address as it is requested and signed: no fragment, a path, `query` appended."""
    parts = urlsplit(urldefrag(url).url)
    extra = form_encoded(query)
    joined = "&".join(part for part in (parts.query, extra) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", joined, ""))
