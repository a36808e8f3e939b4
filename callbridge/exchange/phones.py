"""Phone numbers as the exchange reads them: form, country, magic numbers; no library, no I/O."""

from __future__ import annotations

import re

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCAL_US = re.compile(r"1?([2-9][0-9]{9})")
_SHORT = re.compile(r"\+?1?[2-9]11")
_PREMIUM = ("+1900", "+1976")

ANONYMOUS = frozenset({"anonymous", "unknown", "restricted", "unavailable"})
MAGIC_TO = {
    "+15005550001": 21217,
    "+15005550002": 21214,
    "+15005550003": 21215,
    "+15005550004": 21216,
}
MAGIC_FROM_INVALID = "+15005550001"
MAGIC_FROM_VALID = "+15005550006"


def is_e164(number: str) -> bool:
    """Tell whether a text is a number in E.164."""
    return _E164.fullmatch(number) is not None


def is_premium(number: str) -> bool:
    """Tell whether a number is a short code such as 911, or premium rate."""
    return _SHORT.fullmatch(number) is not None or number.startswith(_PREMIUM)


def as_dialled(text: str) -> str | None:
    """Read what stands in a `<Number>`: E.164, or a US number in local form; None if neither."""
    number = re.sub(r"[\s().-]", "", text)
    if is_e164(number):
        return number
    local = _LOCAL_US.fullmatch(number)
    return f"+1{local.group(1)}" if local else None


def grouped(number: str) -> str:
    """Group a US number as Twilio's `to_formatted` does; leave others as they are."""
    if len(number) == 12 and number.startswith("+1"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def country(number: str) -> str:
    """Return `US` for a number with country code 1, else an empty text (the geography is blank)."""
    return "US" if number.startswith("+1") else ""
