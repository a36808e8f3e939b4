"""A real HTTP server on loopback that plays a carrier's answers, one after the other."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-token-for-tests"
NUMBER = "+12025550100"
SUPPORTER = "+12025550142"


@dataclass(frozen=True)
class Answer:
    """One answer: a body with its HTTP code after `delay` seconds, or a connection cut."""

    http: int = 200
    body: str = ""
    delay: float = 0.0
    cut: str = ""  # "reset": nothing comes back; "half": the body stops halfway


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: list[tuple[str, str]]
    form: list[tuple[str, str]]
    headers: dict[str, str]


def call(sid: str = "CA" + "1" * 32, **changes: object) -> dict[str, object]:
    """Return a call's record with exactly the fields of the carrier's own document."""
    record: dict[str, object] = {
        "sid": sid,
        "date_created": "Sat, 21 Nov 2026 17:00:00 +0000",
        "date_updated": "Sat, 21 Nov 2026 17:00:00 +0000",
        "parent_call_sid": None,
        "account_sid": ACCOUNT,
        "to": SUPPORTER,
        "to_formatted": "(202) 555-0142",
        "from": NUMBER,
        "from_formatted": "(202) 555-0100",
        "phone_number_sid": "PN" + "2" * 32,
        "status": "queued",
        "start_time": None,
        "end_time": None,
        "duration": None,
        "price": None,
        "price_unit": "USD",
        "direction": "outbound-api",
        "answered_by": None,
        "api_version": "2010-04-01",
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json",
        "subresource_uris": {},
    }
    return record | changes


def created(**changes: object) -> Answer:
    return Answer(201, json.dumps(call(**changes)))  # type: ignore[arg-type]


def fetched(**changes: object) -> Answer:
    return Answer(200, json.dumps(call(**changes)))  # type: ignore[arg-type]


def page(*calls: dict[str, object], following: str | None = None) -> Answer:
    uri = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    envelope = {
        "calls": list(calls),
        "page": 0,
        "page_size": 100,
        "start": 0,
        "end": max(len(calls) - 1, 0),
        "uri": uri,
        "first_page_uri": uri,
        "next_page_uri": following,
        "previous_page_uri": None,
    }
    return Answer(200, json.dumps(envelope))


def error(http: int, code: int | str, message: str = "No.") -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": message, "more_info": more, "status": http}
    return Answer(http, json.dumps(body))


@dataclass
class Playback:
    """The server. The last answer is played for every request after it."""

    answers: list[Answer]
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Playback:
        played = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                played.play(self)

            def do_POST(self) -> None:
                played.play(self)

            def log_message(self, format: str, *args: object) -> None:
                del format, args

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Let a client that gave up go; its test looks at its own side."""
                del request, client_address

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        form = handler.rfile.read(length).decode()
        parts = urlsplit(handler.path)
        self.asked.append(
            Asked(
                method=handler.command,
                path=parts.path,
                query=parse_qsl(parts.query, keep_blank_values=True),
                form=parse_qsl(form, keep_blank_values=True),
                headers={name.lower(): value for name, value in handler.headers.items()},
            )
        )
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        time.sleep(answer.delay)
        if answer.cut == "reset":
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.close_connection = True
            handler.connection.close()
            return
        body = answer.body.encode()
        handler.send_response(answer.http)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2] if answer.cut == "half" else body)
        if answer.cut == "half":
            handler.close_connection = True
