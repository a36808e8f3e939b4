"""What a request says about its sender and its raw form; knows no page."""

from __future__ import annotations

import ipaddress
from typing import cast
from urllib.parse import parse_qsl

from flask import current_app, request

from callbridge.domain.campaign import Campaign
from callbridge.domain.telephony import RawHook
from callbridge.errors import ForgedHookError
from callbridge.service.context import Context
from callbridge.service.ports import Interpreter


def context() -> Context:
    """Return what the use cases need, as composed in `app.py`."""
    return cast(Context, current_app.extensions["callbridge"])


def interpreter() -> Interpreter:
    """Return who reads and answers hooks; raise ForgedHookError where no carrier is set up."""
    found = context().interpreter
    if found is None:
        raise ForgedHookError("No telephone company is set up here, so none can have sent this.")
    return found


def number_of(ctx: Context, campaign: Campaign) -> str:
    """Return the number that a supporter's phone will show, "" without a carrier."""
    return campaign.number or (ctx.carrier.number if ctx.carrier else "")


def network_of(address: str | None) -> str | None:
    """Return the /24 (IPv4) or /56 (IPv6) of an address as text, None when it is no address."""
    try:
        ip = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    length = 24 if ip.version == 4 else 56
    return str(ipaddress.ip_network((ip, length), strict=False))


def network() -> str:
    """Return the network the request came from; those without an address share one limit."""
    return network_of(request.remote_addr) or "unknown"


def referral() -> str:
    """Return what brought the person here (`?ref=`), printable and short, "" when unsaid."""
    given = request.values.get("ref") or ""
    return "".join(letter for letter in given if letter.isprintable())[:200]


def raw_target() -> str:
    """Return the request target as it stood on the wire, percent-encoding kept.

    gunicorn gives RAW_URI, werkzeug's server and test client REQUEST_URI.
    """
    environ = request.environ
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if not raw:
        return request.full_path.rstrip("?")
    text = str(raw)
    if text.startswith(("http://", "https://")):  # absolute form
        text = "/" + text.split("/", 3)[3] if text.count("/") > 2 else "/"
    return text


def raw_hook() -> RawHook:
    """Return the request as a hook that is not yet verified; blanks and order are kept."""
    body = request.get_data(cache=False)
    return RawHook(
        method=request.method,
        target=raw_target(),
        headers={
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in request.environ.items()
            if name.startswith("HTTP_")
        },
        form=parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=200,
        ),
    )
