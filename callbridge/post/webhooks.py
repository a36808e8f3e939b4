"""Sends one message to an address somebody else named: bounded, never inwards, never redirected."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from callbridge.errors import DeliveryError, RefusedError
from callbridge.post.deadline import within

EACH_SECONDS, WHOLE_SECONDS = 5.0, 15.0
LONGEST_URL = 500
_GONE = 410
_PORTS = {"https": 443, "http": 80}


class WebPoster:
    """Posts to https addresses of the public internet; on loopback only to loopback as well.

    `loopback`: this server itself is on loopback, so its own machine may be told, over http too.
    `seconds` bound each wait and the whole exchange.
    """

    def __init__(
        self,
        *,
        loopback: bool,
        seconds: tuple[float, float] = (EACH_SECONDS, WHOLE_SECONDS),
    ) -> None:
        self._loopback = loopback
        self._each, self._whole = seconds

    def check(self, url: str) -> None:
        """Raise RefusedError for an address that must not be told anything."""
        parts = _parts(url)
        try:
            found = self._resolved(parts)
        except DeliveryError as trouble:
            raise RefusedError(trouble.sentence) from trouble
        if parts.scheme != "https" and not found.is_loopback:
            raise RefusedError("Webhooks go to https addresses only.")

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> None:
        """Send it once; the name is looked up anew and the address found is the one dialled.

        Raises DeliveryError unless the receiver answered 2xx. Its answer is not read further.
        """
        try:
            parts = _parts(url)
        except RefusedError as refusal:
            raise DeliveryError(refusal.sentence, final=True) from refusal
        address = self._resolved(parts)
        if parts.scheme != "https" and not address.is_loopback:
            raise DeliveryError("Webhooks go to https addresses only.", final=True)
        try:
            code = self._exchange(parts, address, headers, body)
        except (OSError, http.client.HTTPException) as trouble:
            # The kind alone: a receiver's words may be anything.
            raise DeliveryError(f"No answer ({type(trouble).__name__}).") from trouble
        if not 200 <= code < 300:
            words = "a redirect, which is not followed" if 300 <= code < 400 else "not taken"
            raise DeliveryError(f"Answered {code}: {words}.", final=code == _GONE, alone=False)

    def _exchange(
        self,
        parts: SplitResult,
        address: IPv4Address | IPv6Address,
        headers: Mapping[str, str],
        body: bytes,
    ) -> int:
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        line = socket.create_connection((str(address), port), timeout=self._each)
        try:
            if parts.scheme == "https":
                # The certificate is judged by the name, the line goes to the address judged.
                line = ssl.create_default_context().wrap_socket(
                    line, server_hostname=host, do_handshake_on_connect=False
                )
            with within(self._whole, lambda: line):
                if isinstance(line, ssl.SSLSocket):
                    line.do_handshake()
                asked = http.client.HTTPConnection(host, port)
                asked.sock = line
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                asked.request("POST", target, body, {**headers, "host": _netloc(parts)})
                return asked.getresponse().status
        finally:
            line.close()

    def _resolved(self, parts: SplitResult) -> IPv4Address | IPv6Address:
        """Return the address to dial. Raises DeliveryError when any found leads inwards."""
        port = parts.port or _PORTS[parts.scheme]
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as trouble:
            raise DeliveryError("Its name is not known.") from trouble
        addresses = [_judged(str(entry[4][0])) for entry in found]
        allowed = [one for one in addresses if one.is_global and not one.is_multicast]
        if self._loopback:
            allowed += [one for one in addresses if one.is_loopback]
        # A name that leads to the world and inwards too is a trick or a mistake.
        if not addresses or len(allowed) != len(addresses):
            raise DeliveryError("It leads to an address that is not on the public internet.")
        return allowed[0]


def _judged(text: str) -> IPv4Address | IPv6Address:
    """Return an address as what it leads to: IPv4 inside IPv6 counts as IPv4."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        teredo = address.teredo
        nat64 = int(address) >> 32 == 0x0064FF9B << 64
        if nat64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        elif teredo is not None:
            inner = teredo[1]
        if inner is not None and not inner.is_global:
            return inner
    return address


def _parts(url: str) -> SplitResult:
    """Split an address. Raises RefusedError."""
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    try:
        parts = urlsplit(url)
        well = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        well = False
    if not plain or not well:
        raise RefusedError("Write a whole address, such as https://example.org/hooks.")
    if parts.username or parts.password or parts.fragment:
        raise RefusedError("An address has no name, password or # in it here.")
    return parts


def _netloc(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    standard = parts.port is None or parts.port == _PORTS[parts.scheme]
    return host if standard else f"{host}:{parts.port}"
