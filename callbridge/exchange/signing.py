"""The signature of a hook, as Twilio computes it; knows nothing of HTTP.

Source: Twilio's security page and the SDKs' request validators.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from enum import StrEnum

SIGNATURE_HEADER = "X-Twilio-Signature"
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"


class Scheme(StrEnum):
    """Which key and hash sign a hook."""

    SHA1 = "sha1"
    """HMAC-SHA1 with the account's primary token."""
    SHA256 = "sha256"
    """HMAC-SHA256 with a shared key, named in a header."""


def signed_text(url: str, form: Iterable[tuple[str, str]]) -> str:
    """Return what is signed: the URL, then each name and value, sorted, without duplicates."""
    values: dict[str, set[str]] = {}
    for name, value in form:
        values.setdefault(name, set()).add(value)
    return url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))


def signature(
    url: str, form: Iterable[tuple[str, str]], *, key: str, scheme: Scheme = Scheme.SHA1
) -> str:
    """Sign a request: `url` without fragment exactly as requested, `form` empty for GET."""
    digest = hashlib.sha1 if scheme is Scheme.SHA1 else hashlib.sha256
    mac = hmac.new(key.encode(), signed_text(url, form).encode(), digest)
    return base64.b64encode(mac.digest()).decode()


def headers(
    url: str, form: Iterable[tuple[str, str]], *, key: str, scheme: Scheme, key_id: str
) -> dict[str, str]:
    """Return the headers that carry the signature; `key_id` names the shared key."""
    signed = {SIGNATURE_HEADER: signature(url, form, key=key, scheme=scheme)}
    if scheme is Scheme.SHA256:
        signed[SETTINGS_HEADER] = f"key={key_id},algorithm=HMAC_SHA256"
    return signed
