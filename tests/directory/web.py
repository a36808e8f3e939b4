"""A small web server on loopback that answers as a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Answer:
    """What the server says. `wait` is seconds to sit still before it does, unless let go."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0
    length: int | None = None


@dataclass
class Web:
    """The running server: its address and what it was asked."""

    url: str
    asked: list[tuple[str, dict[str, str]]]


@contextmanager
def serving(answer: Callable[[str, dict[str, str]], Answer]) -> Iterator[Web]:
    """Serve until the block ends; `answer` gets the path and the query."""
    asked: list[tuple[str, dict[str, str]]] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            asked.append((parts.path, query))
            said = answer(parts.path, query)
            if said.wait:
                over.wait(said.wait)
            try:
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(said.length or len(said.body)))
                self.end_headers()
                self.wfile.write(said.body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the other side had enough

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Web(url=f"http://127.0.0.1:{server.server_port}", asked=asked)
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
