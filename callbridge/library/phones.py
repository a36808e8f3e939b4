"""Telephone numbers as organizers and spreadsheets write them; knows no carrier."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from callbridge.library.problems import Problems

EXAMPLE = "+12025550123"

_SCIENTIFIC = re.compile(r"^\d[.,]?\d*[eE]\+?\d+$")
_BARE_DIGITS = re.compile(r"^1?(\d{10})(?:[.,]0+)?$")
_PREMIUM = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}


def phone_of(
    value: object, *, file: str, line: int | None, name: str, problems: Problems
) -> str | None:
    """Return a United States number as E.164, None (and a problem) when it is none.

    A number that lost its plus, or that a spreadsheet turned into a figure, is a problem that
    says what to write: guessing would dial a stranger.
    """
    text = str(value).strip().lstrip("'’").strip()
    if _SCIENTIFIC.match(text):
        what = f"A spreadsheet has turned {name} into {text}, and digits are lost."
        instead = f'Format the column as text and enter the number again, such as "{EXAMPLE}".'
        problems.error(file, line, what, instead)
        return None
    if bare := _BARE_DIGITS.match(text):
        what = f"{name} {text} has lost its plus."
        problems.error(file, line, what, f'Write "+1{bare[1]}".')
        return None
    try:
        number = phonenumbers.parse(text, "US")
    except NumberParseException:
        what = f"{name} {text!r} is not a telephone number."
        problems.error(file, line, what, f'Write it as "{EXAMPLE}".')
        return None
    if number.country_code != 1 or not phonenumbers.is_valid_number(number):
        what = f"{name} {text!r} is not a number of the United States or its territories."
        problems.error(file, line, what, f'Write it as "{EXAMPLE}".')
        return None
    if number.extension or phonenumbers.number_type(number) in _PREMIUM:
        what = f"{name} {text!r} is a premium number or has an extension, which we do not dial."
        problems.error(file, line, what, "Give a direct line.")
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def zone_of(phone: str) -> str | None:
    """Return the time zone an area code lies in, None when it lies in several or in none."""
    # A megabyte of prefixes, loaded only for a list that leaves its zones to the area codes.
    from phonenumbers.timezone import time_zones_for_number

    zones = time_zones_for_number(phonenumbers.parse(phone))
    return zones[0] if len(zones) == 1 and "/" in zones[0] else None
