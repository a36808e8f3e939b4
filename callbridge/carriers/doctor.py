"""Whether calls would work, found out without placing one; changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from callbridge.carriers.none import NoCarrier
from callbridge.carriers.twilio_carrier import TwilioCarrier
from callbridge.errors import CarrierError, CarrierRefusedError
from callbridge.settings import is_loopback

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `good` None: it could not be told. `advice` says what to do, or ""."""

    what: str
    good: bool | None
    sentence: str
    advice: str = ""


def examine(carrier: TwilioCarrier | NoCarrier, *, public_url: str) -> tuple[Finding, ...]:
    """Look at credentials, number and public address; at most two cheap requests."""
    if isinstance(carrier, NoCarrier):
        return (
            Finding(
                what="carrier",
                good=False,
                sentence="No telephone company is set up; calls are refused.",
                advice="Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM.",
            ),
        )
    credentials = _credentials(carrier)
    findings = [credentials]
    if credentials.good:
        findings.append(_number(carrier))
    findings.append(_address(carrier, public_url))
    return tuple(findings)


def _credentials(carrier: TwilioCarrier) -> Finding:
    try:
        carrier.client.probe()
    except CarrierRefusedError as refused:
        advice = "Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN against the carrier's console."
        return Finding(what="credentials", good=False, sentence=refused.sentence, advice=advice)
    except CarrierError as failed:
        return Finding(
            what="credentials",
            good=None,
            sentence=failed.sentence,
            advice="Try again; check TWILIO_API_URL and the way out to the network.",
        )
    return Finding(what="credentials", good=True, sentence=f"{carrier.name} accepts them.")


def _number(carrier: TwilioCarrier) -> Finding:
    what = "number"
    if not _E164.fullmatch(carrier.number):
        return Finding(
            what=what,
            good=False,
            sentence="TWILIO_FROM is no whole number.",
            advice="Write it with + and country code, no spaces: +1 and ten digits.",
        )
    try:
        owned = carrier.client.owns(carrier.number)
    except CarrierError as failed:
        return Finding(what=what, good=None, sentence=failed.sentence, advice="Try again.")
    if owned is None:
        return Finding(what=what, good=None, sentence=f"{carrier.name} cannot be asked about it.")
    if owned:
        return Finding(what=what, good=True, sentence="The account owns TWILIO_FROM.")
    return Finding(
        what=what,
        good=False,
        sentence="The account does not own TWILIO_FROM.",
        advice="Set it to a number of this account. A verified caller id can place calls, "
        "but cannot be rung.",
    )


def _address(carrier: TwilioCarrier, public_url: str) -> Finding:
    what = "public address"
    if not carrier.real:
        good = is_loopback(public_url)
        sentence = "Hooks stay on this machine." if good else "PUBLIC_URL is not on this machine."
        advice = "" if good else "Set PUBLIC_URL to http://127.0.0.1 and the port for the exchange."
        return Finding(what=what, good=good, sentence=sentence, advice=advice)
    parts = urlsplit(public_url)
    if is_loopback(public_url):
        sentence = "PUBLIC_URL is this machine only: the carrier cannot reach it."
    elif parts.scheme != "https":
        sentence = "PUBLIC_URL is not https: hooks would cross the network in the clear."
    elif "_" in (parts.hostname or ""):
        sentence = "PUBLIC_URL has an underscore in its host; the carrier refuses such addresses."
    else:
        return Finding(what=what, good=True, sentence="PUBLIC_URL can be reached by a carrier.")
    advice = "Set PUBLIC_URL to the https address at which the carrier reaches this service."
    return Finding(what=what, good=False, sentence=sentence, advice=advice)
