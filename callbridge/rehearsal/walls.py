"""Shuts a process in: from then on no code of it, ours or a library's, reaches beyond loopback."""

from __future__ import annotations

import sys
from ipaddress import ip_address
from typing import Any

# What Python announces before it connects, binds, sends or looks a name up (PEP 578).
_GOING = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})
_LOOKING = "socket.getaddrinfo"


class WallError(OSError):
    """Something tried to leave this machine."""


def shut_in() -> None:
    """Refuse every address but loopback's, and local sockets, until the process ends."""
    sys.addaudithook(_guard)


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _GOING:
        address = arguments[1]
        if isinstance(address, tuple) and address and not _is_here(address[0]):
            raise WallError(f"A rehearsal reaches nothing beyond loopback, not {address[0]}.")
    elif event == _LOOKING and not _is_here(arguments[0]):
        raise WallError(f"A rehearsal looks no name up, not {arguments[0]}.")


def _is_here(host: object) -> bool:
    if host is None or host in {"localhost", b"localhost"}:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
