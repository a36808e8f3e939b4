"""Reads what people type as a phone number and says which may be rung; rings nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers
from cryptography.fernet import InvalidToken
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers.timezone import time_zones_for_number

from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Place
from callbridge.domain.records import AppointmentRecord, CallRecord
from callbridge.errors import PhoneError
from callbridge.logs import log
from callbridge.service.context import Context

_log = log(__name__)

_ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)
_ALLOWED = frozenset("0123456789+-.() ")
_NOT_A_NUMBER = "That is no phone number we can read. Write it like (202) 555-0147."
_COSTS = "That number is not an ordinary phone, so we do not ring it."
_NOWHERE = "That number does not exist in the United States. Please check the digits."
DEFAULT_ZONE = "America/New_York"


def read_phone(text: str, *, regions: Collection[str], loopback: bool) -> str:
    """Return a number in E.164.

    Only numbers of `regions`, no premium, toll-free, shared-cost, 976 or N11 ones; any 555 number
    while the carrier is on `loopback`. Raises PhoneError with a sentence.
    """
    number = _parse(text)
    national = str(number.national_number)
    if number.country_code == 1 and len(national) == 10:
        area, exchange = national[:3], national[3:6]
        if loopback and "555" in {area, exchange}:
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
        if exchange == "555":
            raise PhoneError("555 numbers are examples; write your own number.")
        # libphonenumber counts pay-per-call exchanges as ordinary.
        if exchange == "976" or exchange[1:] == "11" or area[1:] == "11":
            raise PhoneError(_COSTS)
    if not phonenumbers.is_valid_number(number):
        raise PhoneError(_NOWHERE)
    if phonenumbers.number_type(number) not in _ORDINARY:
        raise PhoneError(_COSTS)
    if phonenumbers.region_code_for_number(number) not in regions:
        raise PhoneError("We ring numbers in the United States only.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parse(text: str) -> PhoneNumber:
    # Letters, full-width digits, extensions and parameters are refused, never guessed at.
    if not text.strip() or not set(text.strip()) <= _ALLOWED:
        raise PhoneError(_NOT_A_NUMBER)
    try:
        return phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException as problem:
        raise PhoneError(_NOT_A_NUMBER) from problem


def zone_of(phone: str) -> str:
    """Return an IANA zone of the number's area, Eastern time where it tells nothing."""
    zones = time_zones_for_number(phonenumbers.parse(phone, None))
    named = [zone for zone in zones if "/" in zone and not zone.startswith("Etc/")]
    return str(named[0]) if named else DEFAULT_ZONE


def masked(phone: str) -> str:
    """Return a number with all but its last two digits hidden, for logs and pages."""
    return f"•••{phone[-2:]}"


def phone_of(ctx: Context, record: CallRecord | AppointmentRecord) -> str | None:
    """Return the number of a call or an appointment, None once it was erased or its key is gone."""
    if record.phone_enc is None:
        return None
    try:
        return ctx.vault.decrypt(record.phone_enc)
    except InvalidToken:
        _log.warning("phone_key_gone", of=record.id)
        return None


def local_time_of(campaign: Campaign, place: Place | None, phone: str, now: datetime) -> datetime:
    """Return the time by which the campaign's own hours are judged."""
    zone = campaign.hours.zone if campaign.hours else None
    name = zone or (place.zone if place else zone_of(phone))
    return now.astimezone(ZoneInfo(name))
