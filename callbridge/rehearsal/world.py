"""A world for one rehearsal: web, exchange, dialer and scratch database on loopback, one clock.

Its settings are made here from nothing but the scenario. It checks that no call can leave it.
"""

from __future__ import annotations

import csv
import io
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from callbridge.app import create_app
from callbridge.carriers.choose import from_settings
from callbridge.directory.live import LiveDirectory
from callbridge.errors import CallbridgeError
from callbridge.exchange.running import ExchangeThread
from callbridge.exchange.shared_clock import SharedClock
from callbridge.library import reading as library
from callbridge.rehearsal.leaping import next_ring
from callbridge.rehearsal.numbers import fictitious
from callbridge.rehearsal.offices import Desk, Offices
from callbridge.rehearsal.scenario import Scenario
from callbridge.rehearsal.scratch import scratch_database
from callbridge.rehearsal.supporters import SupporterRates, Supporters
from callbridge.rehearsal.tally import Tally
from callbridge.service import publishing
from callbridge.service.context import Context, compose
from callbridge.service.drives import running
from callbridge.service.drives.views import Imported
from callbridge.settings import Settings, is_loopback, load
from callbridge.store import Database, migrate

LINE = "+12025550199"
UNBOUNDED = "1000000000"


class RehearsalError(CallbridgeError):
    """A rehearsal cannot be run, or not be trusted."""

    type = "rehearsal"


# A dialer that looks around without end would set the pace of a rehearsal. So it looks again a
# while after something happened on the wire, or when somebody is due; else it sleeps for long.
AFTERWARDS = 0.6
LONGEST = 60.0


@dataclass(slots=True)
class ClockTimer:
    """Waits by the rehearsal's clock. `next_ring` says when somebody may be rung next, if ever."""

    clock: SharedClock
    next_ring: Callable[[], float | None] = lambda: 0.0

    def seconds(self) -> float:
        """Return simulated seconds."""
        return self.clock.elapsed()

    def sleep(self, seconds: float) -> None:
        """Wait so long."""
        self.clock.sleep_held(seconds)

    def wait(self, stop: threading.Event, seconds: float) -> None:
        """Wait so long, less when `stop` is set; longer while nothing can come of looking."""
        here = self.clock.elapsed()
        if here - self.clock.poked > AFTERWARDS:
            ring = self.next_ring()
            idle = LONGEST if ring is None else min(LONGEST, ring - here)
            if idle > seconds:
                self.clock.sleep_held(idle, stop, poke=seconds)
                return
        self.clock.sleep_held(seconds, stop)

    def hold(self) -> Callable[[], None]:
        """Hold the clock."""
        return self.clock.hold()


@dataclass(slots=True, kw_only=True)
class World:
    """The world while it stands; `release` lets its clock run."""

    scenario: Scenario
    exchange: ExchangeThread
    clock: SharedClock
    ctx: Context
    database: Database
    timer: ClockTimer
    release: Callable[[], None]
    tally: Tally = field(init=False)
    drive: str = ""
    imported: Imported = field(init=False)

    def is_silent(self) -> bool:
        """Tell whether no telephone rings and nobody talks."""
        return self.exchange.exchange.lines.live == 0

    def prepare(self) -> None:
        """Publish the campaign, import the people, cast everybody."""
        scenario, ctx = self.scenario, self.ctx
        publishing.publish(ctx, scenario.copy.slug, scenario.copy.files)
        phones = fictitious([person.area for person in scenario.copy.people])
        self.imported = running.create(ctx, scenario.copy.request, _list(scenario, phones))
        self.drive = str(self.imported.drive)
        zips = {
            phone: person.zip
            for phone, person in zip(phones, scenario.copy.people, strict=True)
            if person.zip
        }
        rates = scenario.rates
        known = SupporterRates.__dataclass_fields__.keys()
        self.tally = Tally(
            clock=self.clock,
            supporters=Supporters(
                seed=scenario.seed,
                zips=zips,
                rates=SupporterRates(**{name: rates[name] for name in rates if name in known}),
            ),
            offices=Offices(
                seed=scenario.seed,
                desks=_desks(ctx, scenario.copy.slug),
                **{name: rates[name] for name in rates if name not in known},  # type: ignore[arg-type]
            ),
        )
        self.exchange.exchange.people.casting = self.tally
        self.timer.next_ring = self._next_ring

    def _next_ring(self) -> float | None:
        at = next_ring(self.ctx, self.drive, now=self.ctx.clock.now())
        return None if at is None else (at - self.clock.begins).total_seconds()


@contextmanager
def world(scenario: Scenario) -> Iterator[World]:
    """Put a world up; everything of it is gone afterwards. The clock is held meanwhile."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callbridge-reh-")))
        url = stack.enter_context(scratch_database(folder, postgresql=scenario.postgresql))
        migrate(url)
        server = make_server("127.0.0.1", 0, _nothing_yet, threaded=True, request_handler=_Quiet)
        stack.callback(server.server_close)
        public = f"http://127.0.0.1:{server.server_address[1]}"
        exchange = ExchangeThread(
            app_url=public,
            numbers=[LINE],
            seed=scenario.seed,
            clock=lambda: SharedClock(speed=scenario.speed, begins=scenario.begins),
        )
        stack.enter_context(exchange)
        clock = exchange.exchange.clock
        if not isinstance(clock, SharedClock):
            raise TypeError("the exchange has another clock than it was given")
        let_go = clock.hold()
        stack.callback(let_go)
        settings = settings_of(scenario, folder=folder, database=url, web=public, exchange=exchange)
        timer = ClockTimer(clock)
        ctx, database = _context(settings, clock, timer)
        stack.callback(database.close)
        server.app = create_app(context=ctx)
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        stack.callback(serving.join, 10)
        stack.callback(server.shutdown)
        yield World(
            scenario=scenario,
            exchange=exchange,
            clock=clock,
            ctx=ctx,
            database=database,
            timer=timer,
            release=let_go,
        )


def settings_of(
    scenario: Scenario, *, folder: Path, database: str, web: str, exchange: ExchangeThread
) -> Settings:
    """Make the settings of a rehearsal from nothing, and check that nothing leaves loopback.

    Raises RehearsalError.
    """
    directory = folder / "directory"
    given = Path(scenario.directory)
    if given.is_dir():
        shutil.copytree(given, directory)
    made = load(
        {
            "DATABASE_URL": database,
            "PUBLIC_URL": web,
            "SECRET_KEY": secrets.token_urlsafe(32),
            "PHONE_KEYS": secrets.token_urlsafe(32),
            "TWILIO_ACCOUNT_SID": exchange.account.sid,
            "TWILIO_AUTH_TOKEN": exchange.account.token,
            "TWILIO_FROM": LINE,
            "TWILIO_API_URL": exchange.base_url,
            "ORGANIZATION": scenario.organization,
            "CALLBRIDGE_DIRECTORY": str(directory),
            "DIRECTORY_UPDATE": "no",
            "CENSUS_URL": "",
            "DRIVE_CONFIRM": UNBOUNDED,
            "LIMIT_NETWORK_HOUR": UNBOUNDED,
            "LOG_LEVEL": "error",
        }
    )
    rules: dict[str, Any] = dict(scenario.rules)
    settings = replace(made, **rules)
    here = (settings.twilio_api_url, settings.public_url)
    if settings.real_calls or not all(is_loopback(address) for address in here):
        raise RehearsalError("A rehearsal stays on this machine, and this one would not.")
    return settings


def _context(settings: Settings, clock: SharedClock, timer: ClockTimer) -> tuple[Context, Database]:
    carrier = from_settings(settings)
    if carrier.real:
        raise RehearsalError("A rehearsal rings nobody, and this carrier would.")
    database = Database(settings.database_url, seconds=clock.epoch_seconds)
    ctx = compose(
        settings=settings,
        clock=clock,
        store=database,
        carrier=carrier,
        interpreter=carrier,
        directory=LiveDirectory(settings.callbridge_directory),
        reader=library,
    )
    return replace(ctx, timer=timer), database


def _list(scenario: Scenario, phones: list[str]) -> str:
    """Write the list again with made-up numbers, to be imported as any list is."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("phone", "zip", "language", "group", "consent_source", "consent_at"))
    agreed = (scenario.begins.astimezone(UTC) - timedelta(days=30)).date().isoformat()
    for phone, person in zip(phones, scenario.copy.people, strict=True):
        rows.writerow((phone, person.zip or "", person.language, person.group, "rehearsal", agreed))
    return text.getvalue()


def _desks(ctx: Context, slug: str) -> dict[str, Desk]:
    """List every number that a call of the campaign may reach."""
    with ctx.store.reading() as unit:
        campaign = ctx.shelf.find(unit, slug).campaign
    owners = [
        (member.bioguide, member.name, member.offices)
        for member in ctx.directory.members(on=ctx.clock.now().date())
    ]
    owners += [(row.bioguide or row.id, row.name, row.offices) for row in campaign.local]
    return {
        office.phone: Desk(
            phone=office.phone, target=target, name=name, city=office.city, zone=office.zone
        )
        for target, name, offices in owners
        for office in offices
        if office.phone
    }


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Leave the server's own request log out."""


def _nothing_yet(environ: Any, start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
    return [b"not yet"]
