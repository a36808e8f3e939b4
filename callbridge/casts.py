"""How the text of a setting becomes its value; knows no setting."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def text(value: str) -> str:
    """Return text as it stands."""
    return value


def names(value: str) -> tuple[str, ...]:
    """Read a comma-separated list."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def pairs(value: str) -> tuple[tuple[str, str], ...]:
    """Read name=value, comma-separated. Raises ValueError."""
    pairs = [part.partition("=") for part in names(value)]
    if any(not (name and rest) for name, _, rest in pairs):
        raise ValueError("write name=value, comma-separated")
    return tuple((name.strip(), rest.strip()) for name, _, rest in pairs)


def whole(value: str) -> int:
    """Read a whole number from 0 up. Raises ValueError."""
    number = int(value)
    if number < 0:
        raise ValueError("write a whole number from 0 up")
    return number


def rate(value: str) -> float:
    """Read a number above 0, at most 1000. Raises ValueError."""
    number = float(value)
    if not 0 < number <= 1000:
        raise ValueError("write a number above 0, such as 1 or 0.5")
    return number


def price(value: str) -> float:
    """Read an amount from 0 up. Raises ValueError."""
    number = float(value)
    if not 0 <= number < 1000:
        raise ValueError("write an amount, such as 0.014")
    return number


def ceiling(value: str) -> float | None:
    """Read an amount from 0 up, or nothing for no ceiling. Raises ValueError."""
    number = float(value) if value else None
    if number is not None and not 0 <= number < 1e9:
        raise ValueError("write an amount, such as 25, or nothing")
    return number


def limit(value: str) -> int | None:
    """Read a whole number from 0 up, or nothing for no limit. Raises ValueError."""
    return whole(value) if value else None


def seconds(value: str) -> tuple[int, ...]:
    """Read whole seconds, comma-separated. Raises ValueError."""
    return tuple(whole(part) for part in names(value))


def url(value: str) -> str:
    """Read a whole http(s) address. Raises ValueError."""
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
        raise ValueError("write a whole address, such as https://calls.example.org")
    return value.rstrip("/")


def optional_url(value: str) -> str:
    """Read an address or nothing. Raises ValueError."""
    return url(value) if value else ""


def mail_server(value: str) -> str:
    """Read a mail server's address or nothing. Raises ValueError."""
    parts = urlsplit(value)
    if value and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise ValueError("write smtp://name:password@host:587 or smtps://…")
    return value


def folder(value: str) -> Path:
    """Read a path."""
    return Path(value)


def secrets(value: str) -> tuple[str, ...]:
    """Read keys of 32 characters or more. Raises ValueError."""
    keys = names(value)
    if any(len(key) < 32 for key in keys):
        raise ValueError("each key needs 32 characters or more")
    return keys


def whether(value: str) -> str:
    """Read a whether."""
    if value.lower() not in {"yes", "no", "real"}:
        raise ValueError("write yes, no or real")
    return value.lower()


def switch(value: str) -> bool:
    """Read yes or no. Raises ValueError."""
    words = {"1": True, "yes": True, "true": True, "on": True}
    words |= {"0": False, "no": False, "false": False, "off": False, "": False}
    if value.lower() not in words:
        raise ValueError("write yes or no")
    return words[value.lower()]


def zone(value: str) -> str:
    """Read the name of a time zone. Raises ValueError."""
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, OSError) as missing:
        raise ValueError("write a time zone, such as America/Chicago") from missing
