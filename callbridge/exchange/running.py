"""An exchange in a thread of its own, for tests and rehearsals: an address and a remote control."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import requests

from callbridge.exchange.account import Account
from callbridge.exchange.clock import Clock
from callbridge.exchange.journal import Warned
from callbridge.exchange.rest import Recorder
from callbridge.exchange.site import listen, make_site
from callbridge.exchange.switchboard import Exchange, open_exchange


class ControlError(RuntimeError):
    """The control API refused; the text is its sentence."""


class RemoteControl:
    """The control API from Python, over HTTP; every method blocks, `timeout` is the wall's."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._http = requests.Session()
        self._http.trust_env = False

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def request(self, method: str, path: str, body: object = None, **query: str | float) -> Any:
        """Send one request; raises ControlError with the API's sentence."""
        answer = self._http.request(
            method, f"{self.base_url}/exchange{path}", json=body, params=query, timeout=70
        )
        value = answer.json() if answer.content else None
        if answer.status_code >= 400:
            raise ControlError(value["error"] if isinstance(value, dict) else answer.text)
        return value

    def person(self, number: str, *behaviours: object) -> None:
        """Give a number its behaviours: names, or objects such as {"like": "staffer"}."""
        self.request("PUT", f"/people/{number}", list(behaviours))

    def dial_in(self, from_: str, to: str = "", person: object = None) -> str:
        """Ring one of the account's numbers; return the call's sid."""
        body = {"from": from_, "to": to} | ({"person": person} if person is not None else {})
        return str(self.request("POST", "/dial-in", body)["sid"])

    def texts(self, number: str = "") -> list[dict[str, Any]]:
        """Return text messages in order, of one number if given."""
        return list(self.request("GET", "/texts", number=number)["texts"])

    def text_in(self, from_: str, body: str, to: str = "") -> str:
        """Text one of the account's numbers; return the message's sid."""
        return str(self.request("POST", "/texts", {"from": from_, "to": to, "body": body})["sid"])

    def calls(self, *, live: bool = False) -> list[dict[str, Any]]:
        """Return calls, newest first, without events."""
        return list(self.request("GET", "/calls", live=str(live).lower())["calls"])

    def call(self, sid: str, *, wait: str = "", timeout: float = 30) -> dict[str, Any]:
        """Return one call with its events, when `wait` has come."""
        return dict(self.request("GET", f"/calls/{sid}", wait=wait, timeout=timeout))

    def answer(self, sid: str) -> None:
        """Pick up a ringing leg."""
        self.request("POST", f"/legs/{sid}/answer")

    def press(self, sid: str, keys: str) -> None:
        """Press keys on a leg."""
        self.request("POST", f"/legs/{sid}/press", {"keys": keys})

    def hang_up(self, sid: str) -> None:
        """Put a leg's telephone down."""
        self.request("POST", f"/legs/{sid}/hang-up")

    def fault(self, kind: str, **rule: object) -> int:
        """Put a fault in force (where, skip, times, rate, seconds, seed); return its id."""
        return int(self.request("POST", "/faults", {"kind": kind, **rule})["id"])

    def clear_faults(self) -> None:
        """Lift every fault."""
        self.request("DELETE", "/faults")

    def change(self, **settings: object) -> dict[str, Any]:
        """Change clock, account and switches; return all of them."""
        return dict(self.request("PATCH", "/settings", settings))

    def events(self, *, after: int = 0, call: str = "", wait: float = 0) -> list[dict[str, Any]]:
        """Return events, waiting for one if there is none yet."""
        return list(self.request("GET", "/events", after=after, call=call, wait=wait)["events"])


class ExchangeThread:
    """A context manager: an exchange on a free port of loopback, in a thread.

    Inside, `base_url` is its address, `control` the remote control, `exchange` the thing itself
    (read it freely; change it through `control`). `clock` makes its clock inside its loop.
    """

    def __init__(
        self,
        *,
        account: Account | None = None,
        app_url: str = "",
        numbers: Sequence[str] = (),
        speed: float = 1.0,
        seed: int = 1,
        recorder: Recorder | None = None,
        port: int = 0,
        clock: Callable[[], Clock] | None = None,
    ) -> None:
        self.account = account or Account()
        self._clock = clock or (lambda: Clock(speed=speed))
        self._app_url, self._numbers, self._port = app_url, numbers, port
        self._seed, self._recorder = seed, recorder
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="exchange", daemon=True)
        self._problem: BaseException | None = None
        self.base_url = ""
        self.exchange: Exchange
        self.control: RemoteControl
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event

    @property
    def warnings(self) -> list[Warned]:
        """Return what the carrier's debugger would show."""
        return self.exchange.warnings

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(30)
        if self._problem is not None:
            raise self._problem
        self.control = RemoteControl(self.base_url)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.control.close()
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except (OSError, ValueError) as error:
            self._problem = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.exchange = open_exchange(
            account=self.account,
            clock=self._clock(),
            app_url=self._app_url,
            seed=self._seed,
            numbers=self._numbers,
        )
        site = make_site(self.exchange, self._recorder)
        runner, self.base_url = await listen(site, host="127.0.0.1", port=self._port)
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()
