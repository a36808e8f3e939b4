"""What `up` will start, where, and with which settings; starts nothing."""

from __future__ import annotations

import hashlib
import hmac
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from callbridge import settings as table
from callbridge.errors import SettingsError
from callbridge.settings import Settings, is_loopback

WEB_PORT = 8080
EXCHANGE_PORT = 8081
EXCHANGE_NUMBER = "+12025550100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`exchange_port` is None when calls are real. `carrier` is what was made up for it."""

    settings: Settings
    environment: Mapping[str, str]
    carrier: Mapping[str, str]
    port: int
    exchange_port: int | None

    @property
    def web(self) -> str:
        """Return the address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def exchange(self) -> str:
        """Return the address of the exchange."""
        return f"http://127.0.0.1:{self.exchange_port}"


def make(given: Mapping[str, str], *, port: int | None, exchange_port: int | None) -> Plan:
    """Plan a start from what settings are read from.

    Raises SettingsError when a setting is wrong, when the exchange would have to serve a public
    address, or when a port is taken.
    """
    public = given.get("PUBLIC_URL", "").strip()
    port = port or _port_of(public) or WEB_PORT
    carrier = {} if public else {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
    settings = table.load({**given, **carrier})
    if settings.real_calls:
        exchange_port = None
    else:
        exchange_port = exchange_port or _port_of(settings.twilio_api_url) or EXCHANGE_PORT
        carrier |= account(settings, exchange_port)
        settings = table.load({**given, **carrier})
        refuse_public(settings)
    refuse_taken(port, "--port")
    if exchange_port:
        refuse_taken(exchange_port, "--exchange-port")
    return Plan(
        settings=settings,
        environment={**given, **carrier},
        carrier=carrier,
        port=port,
        exchange_port=exchange_port,
    )


def account(settings: Settings, exchange_port: int) -> dict[str, str]:
    """Return the exchange's account as settings: the one that is set, else one made up.

    The made-up one is the same each time and, with a key, known to nobody without it.
    """
    secret = "".join(settings.secret_key[-1:]).encode()
    sid = "AC" + hashlib.sha256(b"exchange account" + secret).hexdigest()[:32]
    token = hmac.new(secret, b"exchange token", hashlib.sha256).hexdigest()[:32]
    return {
        "TWILIO_API_URL": f"http://127.0.0.1:{exchange_port}",
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid or sid,
        "TWILIO_AUTH_TOKEN": ",".join(settings.twilio_auth_token) or token,
        "TWILIO_FROM": settings.twilio_from or EXCHANGE_NUMBER,
    }


def _port_of(url: str) -> int | None:
    return urlsplit(url).port if url and is_loopback(url) else None


def refuse_public(settings: Settings) -> None:
    """Raise SettingsError when hooks would go to an address beyond this machine."""
    if not is_loopback(settings.public_url):
        raise SettingsError(
            f"PUBLIC_URL is {settings.public_url}, and the exchange serves this machine only. For "
            "real calls set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (and no loopback "
            "TWILIO_API_URL); to try callbridge here, take PUBLIC_URL away."
        )


def refuse_taken(port: int, option: str) -> None:
    """Raise SettingsError when another program listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} cannot be used ({error.strerror}): is callbridge running already? "
                f"Stop what is there, or choose another: {option} {port + 10} "
                f'(make run ARGS="{option} {port + 10}").'
            ) from error
