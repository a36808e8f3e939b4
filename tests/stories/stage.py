"""A whole callbridge to tell stories on: the real web over HTTP, the exchange, a database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from callbridge.app import create_app
from callbridge.compose import build_context
from callbridge.directory.lookup import Directory
from callbridge.domain.records import AttemptState
from callbridge.exchange.running import ExchangeThread
from callbridge.library.files import files_of
from callbridge.service import dialing, publishing, settling
from callbridge.service.appointments.planning import keep_appointments
from callbridge.service.context import Context
from callbridge.service.drives import following
from callbridge.service.drives.dialling import place_drives
from callbridge.settings import Settings, load
from callbridge.store.database import Database
from tests.openapi_check import OpenApiCheck, check_where_possible
from tests.stories.story_clock import StoryClock

LINE = "+12025550100"
SUPPORTER = "+12025550123"
SPEED = 300.0
CAMPAIGNS = Path(__file__).parents[2] / "campaigns"
SLUGS = ("attorney-general", "safety-valve", "sunday-library")
PATIENCE = 30.0


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Leave the server's own request log out."""


@dataclass
class Story:
    """A call as it was told: what our API says of it, and what went over the wire."""

    call: dict[str, Any]
    wire: dict[str, Any]

    @property
    def heard(self) -> str:
        """Return every sentence the supporter heard, in order."""
        return " ".join(self.wire["said"])

    @property
    def voice_hooks(self) -> list[dict[str, Any]]:
        """Return the delivered hooks of the conversation (not the status callbacks)."""
        return [hook for hook in self.wire["hooks"] if hook["hook"] in {"voice", "action"}]

    @property
    def answers(self) -> list[tuple[str, str, str]]:
        """Return (target, question, meaning) of every answer that stands."""
        return [
            (leg["target"], answer["question"], answer["meaning"])
            for leg in self.call["legs"]
            for answer in leg["answers"]
            if not answer["superseded"]
        ]

    @property
    def outcomes(self) -> list[str | None]:
        """Return the carrier's outcome of each office leg."""
        return [leg["outcome"] for leg in self.call["legs"]]


@dataclass
class Stage:
    """The running service and the people around it."""

    database_url: str
    exchange: ExchangeThread
    server: BaseWSGIServer
    checked: OpenApiCheck | None
    clock: StoryClock
    ctx: Context = field(init=False)
    given: dict[str, str] = field(default_factory=dict)
    forgiven: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    _http: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        """Return the web's address."""
        host, port = self.server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def control(self) -> Any:
        """Return the exchange's remote control."""
        return self.exchange.control

    def settings(self) -> Settings:
        """Return the settings of this stage."""
        account = self.exchange.account
        return load(
            {
                "DATABASE_URL": self.database_url,
                "PUBLIC_URL": self.url,
                "SECRET_KEY": "s" * 32,
                "PHONE_KEYS": "p" * 32,
                "TWILIO_ACCOUNT_SID": account.sid,
                "TWILIO_AUTH_TOKEN": account.token,
                "TWILIO_FROM": LINE,
                "TWILIO_API_URL": self.exchange.base_url,
                "ORGANIZATION": "the Prairie League",
                "CALLS_PER_SECOND": "1000",
                "LIMIT_NUMBER_HOUR": "50",
                "LIMIT_NUMBER_DAY": "50",
                "LIMIT_NETWORK_HOUR": "500",
                "UNKNOWN_CHECKS": "30,120,600",
                "CENSUS_URL": "",
                **self.given,
            }
        )

    def start(self) -> None:
        """(Re)start the web on the same database: all memory of the process is new."""
        if hasattr(self, "ctx"):
            self.close()
        self.ctx = replace(build_context(self.settings()), clock=self.clock)
        self.server.app = create_app(context=self.ctx)

    def change(self, **given: str) -> None:
        """Restart with other settings."""
        self.given |= given
        self.start()

    def close(self) -> None:
        """Give the database's connections back."""
        store = self.ctx.store
        assert isinstance(store, Database)
        store.close()

    # People -----------------------------------------------------------------------------------

    def supporter(self, *keys: str, number: str = SUPPORTER, **how: object) -> None:
        """Let a supporter press these keys, one for each menu; more by the behaviour's fields."""
        self.control.person(number, {"keys": list(keys), **how})

    def office(self, zip_code: str, who: int | str, *behaviour: object, desk: int = 0) -> str:
        """Give an office of a ZIP's member its people; return the member's id.

        `who` is an index into representatives then senators, or a bioguide; `desk` 0 is Washington.
        """
        member = self.members(zip_code)[who] if isinstance(who, int) else self._member(who)
        phone = member.offices[desk].phone
        assert phone is not None
        self.control.person(phone, *behaviour)
        return str(member.bioguide)

    def members(self, zip_code: str) -> Sequence[Any]:
        """Return a ZIP's representatives, then its senators."""
        place = Directory.open().lookup(zip_code, on=self.clock.now().date())
        return (*place.representatives, *place.senators)

    def _member(self, bioguide: str) -> Any:
        return Directory.open().member(bioguide, on=self.clock.now().date())

    # Calls ------------------------------------------------------------------------------------

    def ask(
        self, slug: str = "attorney-general", *, phone: str = SUPPORTER, **more: object
    ) -> requests.Response:
        """Ask for a call by the API."""
        body = {"phone": phone, "zip": "05401", "consent": True, **more}
        body = {name: value for name, value in body.items() if value is not None}
        address = f"{self.url}/api/v1/campaigns/{slug}/calls"
        answer = self._http.post(address, json=body, timeout=20)
        if answer.status_code == 201:
            self.calls.append(answer.json()["call"])
        return answer

    def told(self, call: str) -> dict[str, Any]:
        """Return a call as the API tells it."""
        answer = self._http.get(f"{self.url}/api/v1/calls/{call}", timeout=20)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def get(self, path: str, **query: str) -> requests.Response:
        """Fetch a page."""
        return self._http.get(self.url + path, params=query, timeout=20)

    def post(self, path: str, **form: str) -> requests.Response:
        """Send a form and follow where it leads."""
        answer = self._http.post(self.url + path, data=form, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer

    def http_status(self, path: str, **form: str) -> int:
        """Send a form and return the status of what comes back."""
        return self._http.post(self.url + path, data=form, timeout=20).status_code

    def rung_last(self) -> str:
        """Return the sid of the line that was placed last, whichever call has it now."""
        return str(until(lambda: [one["sid"] for one in self.control.calls()])[-1])

    def sid_of(self, call: str) -> str:
        """Return the carrier's sid of a call, once it has one."""
        return str(until(lambda: self._sid(call)))

    def _sid(self, call: str) -> str | None:
        with self.ctx.store.reading() as unit:
            record = unit.calls.by_id(call)
        return record.sid if record else None

    def play(self, slug: str = "attorney-general", **more: Any) -> Story:
        """Ask for a call, wait until it is over everywhere, and return its story."""
        answer = self.ask(slug, **more)
        assert answer.status_code == 201, answer.text
        return self.story(answer.json()["call"])

    def story(self, call: str, *, sid: str | None = None) -> Story:
        """Wait until a call is over on the wire and with us, and return its story."""
        wire = self.control.call(sid or self.sid_of(call), wait="settled", timeout=PATIENCE)
        return Story(call=self.told(call), wire=wire)

    def dial_in(self, *keys: str, number: str = SUPPORTER, **how: object) -> str:
        """Let somebody dial the campaign's number; return the carrier's sid."""
        return str(self.control.dial_in(number, LINE, {"keys": list(keys), **how}))

    def call_of(self, sid: str) -> str:
        """Return our id of the carrier's call."""

        def found() -> str | None:
            with self.ctx.store.reading() as unit:
                record = unit.calls.by_sid(sid, lock=False)
            return record.id if record else None

        return str(until(found))

    def dialer(self) -> None:
        """Let the dialer do one round of what it does by itself."""
        dialing.place_waiting(self.ctx, owner="story")
        place_drives(self.ctx, owner="story")
        settling.settle_unknown(self.ctx)
        settling.settle_stuck(self.ctx)
        following.follow_up(self.ctx)
        keep_appointments(self.ctx)
        following.look_after(self.ctx)

    def strike(self) -> None:
        """Take the stage down; no promise may be broken, on the wire or in the books."""
        self._check_books()
        assert [f"{one.code} {one.sentence}" for one in self.exchange.warnings] == self.forgiven
        problems = self.checked.problems if self.checked else []
        assert not problems, problems

    def _check_books(self) -> None:
        """No call is stuck, no attempt in flight, no question has two answers that stand."""
        with self.ctx.store.reading() as unit:
            open_attempts = {
                state: unit.attempts.count(state)
                for state in (AttemptState.CLAIMED, AttemptState.DIALING, AttemptState.UNKNOWN)
            }
        assert not any(open_attempts.values()), open_attempts
        for call in self.calls:
            told = self.told(call)
            assert told["stage"] == "ended", f"stuck: {told}"
            for leg in told["legs"]:
                standing = [a["question"] for a in leg["answers"] if not a["superseded"]]
                assert len(standing) == len(set(standing)), f"counted twice: {leg}"


def until(found: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
    """Wait for something to be there; fail when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.01)
    raise AssertionError("waited in vain")


@contextmanager
def running_stage(database_url: str) -> Iterator[Stage]:
    """Put a stage up on a fresh database with the shipped campaigns published."""
    server = make_server("127.0.0.1", 0, _nothing_yet, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    checked = check_where_possible()
    host, port = server.server_address[:2]
    with ExchangeThread(
        app_url=f"http://{host!s}:{port}", numbers=[LINE], speed=SPEED, recorder=checked
    ) as exchange:
        stage = Stage(
            database_url=database_url,
            exchange=exchange,
            server=server,
            checked=checked,
            clock=StoryClock(),
        )
        try:
            stage.start()
            for slug in SLUGS:
                publishing.publish(stage.ctx, slug, files_of(CAMPAIGNS / slug))
            yield stage
        finally:
            stage._http.close()
            server.shutdown()
            thread.join(10)
            server.server_close()
            stage.close()


def _nothing_yet(environ: Any, start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"not yet"]
