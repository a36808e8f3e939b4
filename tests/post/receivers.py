"""Real receivers on loopback: a mail server and a web server that are told what to answer."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class MailServer:
    """What a mail server took, and what it says next: a reply, or `lost` (taken, line cut)."""

    port: int = 0
    replies: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, to: str, _: Any) -> str:
        reply = self.recipients.pop(0) if self.recipients else "250 OK"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(to)
        return reply

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        reply = self.replies.pop(0) if self.replies else "250 OK"
        if reply.startswith("250") or reply == "lost":
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.taken.append(found)
        if reply == "lost":
            server.transport.abort()
        return reply


def free_port() -> int:
    """Return a port that nobody uses at this moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass
class WebServer:
    """What a webhook's receiver was told, and how it answers next: a code, `slow`, `reset`."""

    port: int = 0
    answers: list[int | str] = field(default_factory=list)
    always: int | str = 200
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    released: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}/hooks?a=1"

    def bodies(self) -> list[Any]:
        """Return what it was told, read."""
        return [json.loads(body) for _, body in self.told]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: WebServer = self.server.told_to  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = server.answers.pop(0) if server.answers else server.always
        server.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
        if answer == "slow":
            server.released.wait(20)
            return
        if answer == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            return
        self.send_response(int(answer))
        if answer == 302:
            self.send_header("location", f"http://127.0.0.1:{server.port}/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of lines that a test cut."""


@contextmanager
def web_server() -> Iterator[WebServer]:
    """Run a receiver."""
    server = _Server(("127.0.0.1", 0), _Handler)
    made = WebServer(port=server.server_address[1])
    server.told_to = made  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        made.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
