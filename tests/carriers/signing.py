"""Hooks as a carrier would send them, signed by its own package."""

from __future__ import annotations

from collections.abc import Sequence

from twilio.request_validator import RequestValidator

from callbridge.carriers.addresses import Addresses
from callbridge.carriers.hooks import Form, HookReader
from callbridge.domain.telephony import RawHook
from tests.carriers.playback import ACCOUNT, NUMBER, SUPPORTER, TOKEN

PUBLIC = "https://calls.example.org"
SID = "CA" + "1" * 32
KEY_ID = "webhooks_sharedkey_1"
Pairs = Sequence[tuple[str, str]]

ANSWERED: Pairs = (
    ("CallSid", SID),
    ("AccountSid", ACCOUNT),
    ("From", NUMBER),
    ("To", SUPPORTER),
    ("CallStatus", "in-progress"),
    ("ApiVersion", "2010-04-01"),
    ("Direction", "outbound-api"),
    ("Caller", NUMBER),
    ("Called", SUPPORTER),
    ("ToZip", ""),
    ("ToCity", ""),
    ("FromCity", "WASHINGTON"),
)


def reader(
    *tokens: str, public: str = PUBLIC, account: str = ACCOUNT, **shared_keys: str
) -> HookReader:
    return HookReader(
        account=account,
        tokens=tokens,
        shared_keys=shared_keys,
        addresses=Addresses(public_url=public),
    )


def sign(url: str, form: Pairs, *, secret: str = TOKEN, algorithm: str = "HMAC_SHA1") -> str:
    """Sign as the carrier does, with its own package."""
    signature: str = RequestValidator(secret).compute_signature(url, Form(form), algorithm)
    return signature


def raw(
    form: Pairs = ANSWERED,
    *,
    target: str = "/voice/opaque/3",
    method: str = "POST",
    signature: str | None = None,
    **headers: str,
) -> RawHook:
    signed = sign(PUBLIC + target, form) if signature is None else signature
    return RawHook(
        method=method,
        target=target,
        headers={"x-twilio-signature": signed} | headers,
        form=form,
    )


def with_changes(form: Pairs, **changes: str | None) -> Pairs:
    kept = [(name, value) for name, value in form if name not in changes]
    return (*kept, *((name, value) for name, value in changes.items() if value is not None))
