"""Verifying and reading the carrier's hooks; knows no call and trusts nothing unsigned.

Verification: voice facts 4.2. The URL is built from the configured public address and the raw
request target; Host and X-Forwarded headers are never looked at.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from callbridge.carriers.addresses import Addresses
from callbridge.carriers.statuses import read_dialled, read_status
from callbridge.domain.telephony import DialResult, Hook, RawHook, TextHook
from callbridge.errors import ForgedHookError

# The second is a compatible carrier's name for the same thing (voice facts 6).
_SIGNATURES = (SIGNATURE_HEADER.lower(), "x-signalwire-signature")
_KEYS = frozenset("0123456789*#ABCD")


class Form(dict[str, list[str]]):
    """A form's values by name, in the shape that the vendor's validator reads."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        for name, value in pairs:
            self.setdefault(name, []).append(value)

    def getlist(self, name: str) -> list[str]:
        """Return every value of a name."""
        return self[name]

    def text(self, name: str) -> str:
        """Return the first value of a name without outer spaces, "" where there is none."""
        return self[name][0].strip() if name in self else ""


class HookReader:
    """Reads the hooks of one account.

    `tokens` are all that may sign at the moment; `shared_keys` are secrets by id, for hooks signed
    with HMAC-SHA256. With neither, every hook is refused.
    """

    def __init__(
        self,
        *,
        account: str,
        tokens: Sequence[str],
        shared_keys: Mapping[str, str],
        addresses: Addresses,
    ) -> None:
        self._account = account
        self._by_token = tuple(RequestValidator(token) for token in tokens if token)
        self._by_key = {name: RequestValidator(secret) for name, secret in shared_keys.items()}
        self._addresses = addresses

    def read(self, raw: RawHook) -> Hook:
        """Return the hook in our words.

        Raises ForgedHookError, whose `extra["why"]` is a word for the operator's log: method,
        signature, account or call. The sender is told none of them.
        """
        form = Form(raw.form)
        if why := self._objection(raw, form):
            raise ForgedHookError("This request does not come from our telephone company.", why=why)
        return _read(form)

    def read_text(self, raw: RawHook) -> TextHook:
        """Return a hook about a text message in our words. Raises ForgedHookError, as `read`."""
        form = Form(raw.form)
        if why := self._objection(raw, form, name="MessageSid"):
            raise ForgedHookError("This request does not come from our telephone company.", why=why)
        return TextHook(
            sid=form.text("MessageSid"),
            from_=form.text("From"),
            to=form.text("To"),
            body=form.text("Body"),
            status=form.text("MessageStatus"),
            error_code=form.text("ErrorCode") or None,
            opt_out=form.text("OptOutType").upper(),
        )

    def _objection(self, raw: RawHook, form: Form, *, name: str = "CallSid") -> str | None:
        if raw.method != "POST" or not raw.target.startswith("/"):
            return "method"
        if not self._signed(raw, form):
            return "signature"
        if not self._account or form.get("AccountSid") != [self._account]:
            return "account"
        return None if form.text(name) else "call"

    def _signed(self, raw: RawHook, form: Form) -> bool:
        signature = next((raw.headers[name] for name in _SIGNATURES if name in raw.headers), "")
        if not signature or not signature.isascii():
            return False
        url = self._addresses.requested(raw.target)
        settings = raw.headers.get(SIGNATURE_SETTINGS_HEADER.lower(), "")
        validators, algorithm = self._scheme(settings)
        try:
            return any(
                _verifies(validator, url, form, signature=signature, algorithm=algorithm)
                for validator in validators
            )
        except UnicodeEncodeError:
            return False  # a text that is no Unicode cannot have been signed

    def _scheme(self, settings: str) -> tuple[Sequence[RequestValidator], str]:
        """Choose who may have signed: a shared key by HMAC-SHA256 alone, a token by SHA-1 alone."""
        if not settings:
            return self._by_token, HMAC_SHA1
        named = dict(part.strip().split("=", 1) for part in settings.split(",") if "=" in part)
        validator = self._by_key.get(named.get("key", ""))
        if validator is None or get_signature_algorithm(settings).upper() != HMAC_SHA256:
            return (), HMAC_SHA256
        return (validator,), HMAC_SHA256


def _verifies(
    validator: RequestValidator, url: str, form: Form, *, signature: str, algorithm: str
) -> bool:
    """Compare with the signature of the URL as it is, then as the vendor does.

    The vendor always computes two signatures, with and without the port; one is enough for a
    genuine hook whose URL is the public one.
    """
    expected: str = validator.compute_signature(url, form, algorithm)
    if hmac.compare_digest(expected, signature):
        return True
    return bool(validator.validate(url, form, signature, algorithm))


def _read(form: Form) -> Hook:
    return Hook(
        sid=form.text("CallSid"),
        parent_sid=form.text("ParentCallSid") or None,
        from_=form.text("From"),
        to=form.text("To"),
        status=read_status(form.text("CallStatus")),
        digits=_digits(form),
        dialled=_dialled(form),
        seconds=_whole(form.text("CallDuration")),
        error_code=form.text("ErrorCode") or None,
        inbound=form.text("Direction") == "inbound",
    )


def _digits(form: Form) -> str | None:
    """Return the keys pressed: None where the hook says nothing of keys, "" for silence."""
    if "Digits" not in form:
        return None
    return "".join(key for key in form.text("Digits") if key in _KEYS)


def _dialled(form: Form) -> DialResult | None:
    word = form.text("DialCallStatus")
    if not word:
        return None
    bridged = form.text("DialBridged").lower()
    return DialResult(
        status=read_dialled(word),
        sid=form.text("DialCallSid") or None,
        seconds=_whole(form.text("DialCallDuration")),
        bridged={"true": True, "false": False}.get(bridged),
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
