"""A create or an update as it came over REST, read and checked; places nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from callbridge.exchange import codes
from callbridge.exchange.codes import Refusal
from callbridge.exchange.delivery import is_loopback
from callbridge.exchange.legs import Progress, Target

Form = Mapping[str, Sequence[str]]
"""Every value of each parameter; a repeated key is how a list is sent."""

LONGEST_TWIML = 4000
_DIGITS = re.compile(r"[0-9A-D#*wW]{1,32}")
_SID = {"ApplicationSid": "AP", "Byoc": "BY"}
_ADDRESSES = (
    "Url",
    "FallbackUrl",
    "StatusCallback",
    "AsyncAmdStatusCallback",
    "RecordingStatusCallback",
)
_METHODS = (
    "Method",
    "FallbackMethod",
    "StatusCallbackMethod",
    "AsyncAmdStatusCallbackMethod",
    "RecordingStatusCallbackMethod",
)
_WHOLE = {
    "Timeout": (1, 600, 21208),
    "TimeLimit": (1, 86_400, 20001),
    "MachineDetectionTimeout": (3, 120, 21234),
    "MachineDetectionSpeechThreshold": (1000, 6000, 21234),
    "MachineDetectionSpeechEndThreshold": (500, 5000, 21234),
    "MachineDetectionSilenceTimeout": (2000, 10_000, 21234),
}
_WORDS = {
    "Record": {"true", "false"},
    "AsyncAmd": {"true", "false"},
    "MachineDetection": {"Enable", "DetectMessageEnd"},
    "Status": {"canceled", "completed"},
}
_CREATE = {
    *("To", "From", "Twiml", "StatusCallbackEvent", "SendDigits", "RecordingChannels"),
    *("RecordingStatusCallbackEvent", "SipAuthUsername", "SipAuthPassword", "Trim", "CallerId"),
    *("CallReason", "CallToken", "RecordingTrack", "ClientNotificationUrl"),
    *(set(_SID) | set(_ADDRESSES) | set(_METHODS) | set(_WHOLE) | set(_WORDS)) - {"Status"},
}
_UPDATE = {
    *("Url", "Method", "Status", "FallbackUrl", "FallbackMethod", "StatusCallback"),
    *("StatusCallbackMethod", "Twiml", "TimeLimit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """A call to place. Times are seconds; `callback` is (url, method, events) or None."""

    to: str
    from_: str
    voice: Target
    fallback: Target | None = None
    callback: tuple[str, str, frozenset[Progress]] | None = None
    ring_seconds: float = 60.0
    time_limit: float = 14_400.0
    send_digits: str = ""
    amd: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A change to a call: an end, another document, another callback, another limit."""

    status: str | None = None
    voice: Target | None = None
    fallback: Target | None = None
    callback: tuple[str, str] | None = None
    time_limit: float | None = None


def one(form: Form, name: str) -> str:
    """Return a parameter's last value, empty when it is not there."""
    values = form.get(name)
    return values[-1] if values else ""


def read_create(form: Form) -> Create | Refusal:
    """Read a create; the first thing that is wrong refuses it."""
    refusal = next(_create_faults(form), None)
    if refusal is not None:
        return refusal
    events = frozenset(Progress(word) for word in form.get("StatusCallbackEvent", ()) if word)
    callback = one(form, "StatusCallback")
    fallback = one(form, "FallbackUrl")
    return Create(
        to=one(form, "To"),
        from_=one(form, "From"),
        voice=_voice(form),
        fallback=Target(url=fallback, method=_method(form, "FallbackMethod")) if fallback else None,
        callback=(
            callback,
            _method(form, "StatusCallbackMethod"),
            events or frozenset({Progress.COMPLETED}),
        )
        if callback
        else None,
        ring_seconds=float(one(form, "Timeout") or 60),
        time_limit=float(one(form, "TimeLimit") or 14_400),
        send_digits=one(form, "SendDigits"),
        amd=bool(one(form, "MachineDetection"))
        and one(form, "AsyncAmd") != "true"
        and not one(form, "SendDigits"),
    )


def read_update(form: Form) -> Update | Refusal:
    """Read an update; the first thing that is wrong refuses it."""
    refusal = next(_update_faults(form), None)
    if refusal is not None:
        return refusal
    callback, fallback = one(form, "StatusCallback"), one(form, "FallbackUrl")
    limit = one(form, "TimeLimit")
    return Update(
        status=one(form, "Status") or None,
        voice=_voice(form) if one(form, "Url") or one(form, "Twiml") else None,
        fallback=Target(url=fallback, method=_method(form, "FallbackMethod")) if fallback else None,
        callback=(callback, _method(form, "StatusCallbackMethod")) if callback else None,
        time_limit=float(limit) if limit else None,
    )


def _voice(form: Form) -> Target:
    if url := one(form, "Url"):
        return Target(url=url, method=_method(form, "Method"))
    return Target(inline=one(form, "Twiml"))


def _method(form: Form, name: str) -> str:
    return one(form, name) or "POST"


def _create_faults(form: Form) -> Iterator[Refusal]:
    yield from _unknown(form, _CREATE)
    if not one(form, "To"):
        yield codes.no_to()
    if not one(form, "From"):
        yield codes.no_from()
    yield from _bad_values(form)
    for word in form.get("StatusCallbackEvent", ()):
        if word not in set(Progress):
            yield codes.bad_value("StatusCallbackEvent", word)
    digits = one(form, "SendDigits")
    if digits and not _DIGITS.fullmatch(digits):
        yield codes.bad_value("SendDigits", digits, code=21206)
    if one(form, "ApplicationSid"):
        yield codes.bad_value("ApplicationSid", one(form, "ApplicationSid"), code=21218)
    if not one(form, "Url") and not one(form, "Twiml"):
        yield codes.bad_url("", why="Url parameter is required")
    if len(one(form, "Twiml")) > LONGEST_TWIML and not one(form, "Url"):
        yield codes.bad_value("Twiml", "over 4000 characters", code=32018)


def _update_faults(form: Form) -> Iterator[Refusal]:
    yield from _unknown(form, _UPDATE)
    yield from _bad_values(form)
    if one(form, "Url") and one(form, "Twiml"):
        yield codes.bad_value("Twiml", "Url and Twiml are mutually exclusive")
    if len(one(form, "Twiml")) > LONGEST_TWIML:
        yield codes.bad_value("Twiml", "over 4000 characters", code=32018)


def _unknown(form: Form, known: set[str]) -> Iterator[Refusal]:
    for name in form:
        if name not in known:
            yield codes.bad_value("parameter name", name)


def _bad_values(form: Form) -> Iterator[Refusal]:
    for name in _ADDRESSES:
        if url := one(form, name):
            if "_" in (_host(url) or ""):
                yield codes.bad_url(url, why=f"{name}: a hostname has no underscore")
            elif not is_loopback(url):
                yield codes.bad_url(url, why=f"{name} must stay on loopback: this is the exchange")
    for name in _METHODS:
        if one(form, name) not in {"", "GET", "POST"}:
            yield codes.bad_value(name, one(form, name), code=21209)
    for name, (low, high, code) in _WHOLE.items():
        value = one(form, name)
        if value and not (value.isascii() and value.isdecimal() and low <= int(value) <= high):
            yield codes.bad_value(name, value, code=code)
    for name, words in _WORDS.items():
        if one(form, name) and one(form, name) not in words:
            yield codes.bad_value(name, one(form, name))
    for name, prefix in _SID.items():
        if (sid := one(form, name)) and not re.fullmatch(prefix + "[0-9a-fA-F]{32}", sid):
            yield codes.bad_value(name, sid)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
