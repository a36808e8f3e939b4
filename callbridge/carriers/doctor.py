"""Whether the carrier would place our calls, found out without placing one; changes nothing."""

from __future__ import annotations

import re

from callbridge.carriers.twilio_client import TwilioClient
from callbridge.domain.findings import Finding
from callbridge.errors import CarrierError, CarrierRefusedError

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_CREDENTIALS, _NUMBER = "credentials", "number"


def examine(client: TwilioClient, *, name: str, number: str, real: bool) -> tuple[Finding, ...]:
    """Look at the credentials and, where they are accepted, at the number: two cheap requests.

    Whose the number is matters where telephones ring only.
    """
    credentials = _credentials(client, name)
    if not (credentials.well and real):
        return (credentials,)
    return (credentials, *_number(client, number))


def _credentials(client: TwilioClient, name: str) -> Finding:
    try:
        client.probe()
    except CarrierRefusedError as refused:
        advice = "Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN against the carrier's console."
        return Finding(subject=_CREDENTIALS, well=False, sentence=refused.sentence, advice=advice)
    except CarrierError as failed:
        advice = "Try again; check TWILIO_API_URL and the way out to the network."
        return Finding(subject=_CREDENTIALS, well=False, sentence=failed.sentence, advice=advice)
    return Finding(subject=_CREDENTIALS, well=True, sentence=f"{name} accepts them.")


def _number(client: TwilioClient, number: str) -> tuple[Finding, ...]:
    """Look at the number; nothing is said where this carrier cannot be asked about it."""
    if not _E164.fullmatch(number):
        return (_bad("TWILIO_FROM is no whole number.", "Write + and country code, no spaces."),)
    try:
        owned = client.owns(number)
    except CarrierError as failed:
        return (_bad(failed.sentence, "Try again."),)
    if owned is None:
        return ()
    if owned:
        sentence = "The account owns TWILIO_FROM."
        return (Finding(subject=_NUMBER, well=True, sentence=sentence),)
    advice = (
        "Set it to a number of this account. A verified caller id can place calls, "
        "but cannot be rung."
    )
    return (_bad("The account does not own TWILIO_FROM.", advice),)


def _bad(sentence: str, advice: str) -> Finding:
    return Finding(subject=_NUMBER, well=False, sentence=sentence, advice=advice)
