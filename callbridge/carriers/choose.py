"""From settings to the carrier they name; places no call."""

from __future__ import annotations

from urllib.parse import urlsplit

from callbridge.carriers.addresses import Addresses
from callbridge.carriers.hooks import HookReader
from callbridge.carriers.none import NoCarrier
from callbridge.carriers.saying import Speaker
from callbridge.carriers.twilio_carrier import TwilioCarrier
from callbridge.carriers.twilio_client import TwilioClient
from callbridge.carriers.wire import Wire
from callbridge.settings import Settings, is_loopback


def from_settings(settings: Settings) -> TwilioCarrier | NoCarrier:
    """Return the carrier: Twilio, another by `TWILIO_API_URL`, or none; reaches no network."""
    addresses = Addresses(public_url=settings.public_url)
    number = settings.twilio_from
    speaker = Speaker(addresses=addresses, voices=dict(settings.voices), number=number)
    if not settings.has_carrier:
        return NoCarrier(speaker=speaker)
    account, tokens = settings.twilio_account_sid, settings.twilio_auth_token
    return TwilioCarrier(
        name=_name(settings.twilio_api_url),
        real=settings.real_calls,
        number=number,
        client=TwilioClient(
            account=account,
            tokens=tokens,
            addresses=addresses,
            wire=Wire(settings.twilio_api_url),
        ),
        reader=HookReader(
            account=account,
            tokens=tokens,
            shared_keys=dict(settings.twilio_shared_keys),
            addresses=addresses,
        ),
        speaker=speaker,
    )


def _name(api_url: str) -> str:
    if not api_url:
        return "Twilio"
    return "the exchange" if is_loopback(api_url) else urlsplit(api_url).hostname or api_url
