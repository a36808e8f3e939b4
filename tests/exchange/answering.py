"""A small application that answers hooks from a table and keeps every request as it came."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, kw_only=True)
class Got:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: str
    at: float

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body, keep_blank_values=True))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What to answer. `delay` is wall seconds before; no `content_type` sends no such header."""

    body: str = "<Response/>"
    status: int = 200
    content_type: str | None = "text/xml"
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0


Rule = str | Answer | list["str | Answer"] | Callable[[Got], "str | Answer"]


class AnsweringApp:
    """Answers by path: a document, an Answer, a list of them in turn, or a function of the request.

    Paths it does not know get an empty document.
    """

    def __init__(self, **documents: Rule) -> None:
        self.documents: dict[str, Rule] = {f"/{path}": rule for path, rule in documents.items()}
        self.requests: list[Got] = []
        app = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                got = Got(
                    method=self.command,
                    target=self.path,
                    headers=dict(self.headers.items()),
                    body=self.rfile.read(length).decode(),
                    at=time.monotonic(),
                )
                app.requests.append(got)
                app.send(self, app.choose(got))

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, *_: object) -> None:
                """Clients that break off on purpose are no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def choose(self, got: Got) -> Answer:
        rule = self.documents.get(got.path, Answer())
        if isinstance(rule, list):
            rule = rule.pop(0) if len(rule) > 1 else rule[0]
        if callable(rule):
            rule = rule(got)
        return Answer(body=rule) if isinstance(rule, str) else rule

    def send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        time.sleep(answer.delay)
        body = answer.body.encode()
        handler.send_response(answer.status)
        if answer.content_type is not None:
            handler.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def at(self, path: str) -> list[Got]:
        """Return the requests for a path, in order of arrival."""
        return [got for got in self.requests if got.path == path]
