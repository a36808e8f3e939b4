"""A wire between two machines that a story may cut: broken off, or swallowing all that is sent."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from types import TracebackType
from typing import Self

Address = tuple[str, int]
_ALL = 65_536


class Cut(StrEnum):
    """How a wire may be cut."""

    RESET = "reset"
    """Every connection breaks off, and new ones are refused."""
    HOLE = "hole"
    """Everything is taken and nothing arrives, in either direction, without a word."""


class Proxy:
    """Listens on a port of `host` and carries what comes to where `target` says at that moment.

    `asked` are the moments (monotonic seconds) at which a POST went through, or tried to.
    """

    def __init__(self, target: Callable[[], Address], *, host: str = "127.0.0.1") -> None:
        self._target = target
        self._listener = socket.create_server((host, 0), backlog=128)
        self.address: Address = self._listener.getsockname()[:2]
        self.asked: list[float] = []
        self._cut: Cut | None = None
        self._open: set[socket.socket] = set()
        self._lost: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()
        self.cut(Cut.RESET)

    def cut(self, how: Cut) -> None:
        """Cut the wire."""
        self._cut = how
        if how is Cut.RESET:
            for one in list(self._open):
                _break(one)
        else:
            # These stay silent for ever: what was under way on them is lost.
            self._lost |= self._open

    def mend(self) -> None:
        """Let new connections through; what was lost stays lost."""
        self._cut = None

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        self._open.add(near)
        if self._cut is Cut.RESET:
            _break(near)
            return
        try:
            far = socket.create_connection(self._target(), timeout=5)
        except OSError:
            _break(near)
            return
        far.settimeout(None)
        self._open.add(far)
        if self._cut is Cut.HOLE:
            self._lost |= {near, far}
        back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
        back.start()
        self._pump(near, far)
        back.join()
        self._open -= {near, far}

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(_ALL):
                if data.startswith(b"POST "):
                    self.asked.append(time.monotonic())
                if source not in self._lost:
                    sink.sendall(data)
        except OSError:
            _break(sink)
        else:
            if source not in self._lost:
                _break(sink)


def _break(one: socket.socket) -> None:
    """Close a connection with a reset, as a machine does that knows nothing of it any more."""
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
    finally:
        one.close()
