"""A whole installation in processes of its own, any of which a story may kill; one story's time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Select, update

from callbridge.compose import build_context
from callbridge.errors import DatabaseError
from callbridge.exchange.clock import Clock
from callbridge.exchange.legs import Leg
from callbridge.exchange.running import ExchangeThread
from callbridge.library.files import files_of
from callbridge.service import publishing
from callbridge.service.context import Context
from callbridge.service.drives import running as drives
from callbridge.service.drives.views import DriveRequest
from callbridge.settings import load
from callbridge.store.database import Database
from callbridge.store.tables import pace
from tests.stories.dialers import Dialers
from tests.stories.served import Web, free_port
from tests.stories.stage import CAMPAIGNS, LINE, SLUGS, until
from tests.stories.story_clock import StoryClock

Result = TypeVar("Result")
ZIPS = ("05401", "94110", "60614", "98101", "33130")
# No limit but the carrier's stands between a drive and its people.
OPEN = {
    "DRIVE_RAMP_SECONDS": "0",
    "OFFICE_MAX_CALLS": "2000",
    "OFFICE_CALLS_PER_MINUTE": "10000",
    "LIMIT_NUMBER_HOUR": "50",
    "LIMIT_NUMBER_DAY": "50",
    "LIMIT_CAMPAIGN_MINUTE": "100000",
    "DRIVE_CONFIRM": "100000",
}
# How much faster the exchange's clock runs while time passes at once.
_HURRY = 100
# Few talk to an office, which keeps a story short.
CROWD = {"hangs-up-briefing": 3, "supporter": 1, "busy-line": 3, "ignores": 3}


def numbers(count: int) -> list[str]:
    """Return example numbers, a hundred of each area code that is in use."""
    return [f"+1{_AREAS[n // 100]}55501{n % 100:02d}" for n in range(count)]


# fmt: off
_AREAS = (
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225,
    228, 229, 231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281,
    301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318,
)
# fmt: on


def listed(people: list[str]) -> str:
    """Return a list of people who agreed."""
    head = "phone,zip,language,group,consent_source,consent_at"
    rows = (f"{phone},{ZIPS[n % len(ZIPS)]},en,,rally,2026-05-04" for n, phone in enumerate(people))
    return "\n".join((head, *rows))


class StoryExchangeClock(Clock):
    """The exchange's clock, whose dates are the story's: its list is asked for by them."""

    def __init__(self, *, speed: float, story: StoryClock) -> None:
        super().__init__(speed=speed)
        self._story = story

    def now(self) -> datetime:
        """Return the story's time."""
        return self._story.now()


@dataclass
class Plant:
    """The machines of an installation, and what the story sees of it."""

    database_url: str
    exchange: ExchangeThread
    clock: StoryClock
    ctx: Context
    web: Web
    dialers: Dialers

    @property
    def kind(self) -> str:
        """Name the database."""
        return self.database_url.split(":")[0].split("+")[0]

    def begin(self, people: list[str]) -> str:
        """Create and start a drive that may ring at any lawful hour; return its id."""
        request = DriveRequest(
            slug="attorney-general", window="08:00-21:00", days="all", in_progress=2000
        )
        made = drives.create(self.ctx, request, listed(people))
        assert made.drive is not None and not made.refused, made
        drives.start(self.ctx, made.drive)
        return made.drive

    def legs(self) -> list[Leg]:
        """Return the supporters' legs so far."""
        return [leg for leg in list(self.exchange.exchange.legs) if leg.parent is None]

    def silent(self) -> bool:
        """Tell whether nobody is on any line."""
        return self.exchange.exchange.lines.live == 0

    def pass_time(self, seconds: float) -> None:
        """Let time pass at once, the story's and the exchange's: what its list is behind, too."""
        control, speed = self.exchange.control, self.exchange.exchange.clock.speed

        def second() -> float:
            return float(control.request("GET", "")["second"])

        end = second() + seconds * speed
        control.change(speed=speed * _HURRY)
        until(lambda: second() >= end)
        control.change(speed=speed)
        self.clock.forward(seconds=seconds)

    def hasten_pace(self, seconds: float) -> None:
        """Let time pass for a pace that a 429 has closed or slowed, as if so much had passed.

        It lives by the database's clock, which runs with the wall while a call here takes a
        second. Starts keep their distance from each other: that is by the wall, too.
        """
        slowed = update(pace).values(
            closed_until=pace.c.closed_until - seconds, changed=pace.c.changed - seconds
        )

        def hasten() -> None:
            with self.ctx.store.writing() as unit:
                unit.connection.execute(slowed.where(pace.c.rate.is_not(None)))  # type: ignore[attr-defined]

        self.patiently(hasten)

    def rows(self, query: Select[Any]) -> list[Any]:
        """Return rows of the database, asked again while it is away."""

        def look() -> list[Any]:
            with self.ctx.store.reading() as unit:
                return list(unit.connection.execute(query))  # type: ignore[attr-defined]

        return self.patiently(look)

    def patiently(self, work: Callable[[], Result], *, seconds: float = 60) -> Result:
        """Do something for which the database may be away at first."""
        end = time.monotonic() + seconds
        while True:
            try:
                return work()
            except DatabaseError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def told(self) -> str:
        """Return what every process said last."""
        web = self.web.log.read_text(encoding="utf-8", errors="replace")[-6000:]
        return f"{self.dialers.told()}\n--- web\n{web}"


@contextmanager
def running(
    database_url: str,
    folder: Path,
    *,
    given: Mapping[str, str],
    speed: float = 60.0,
    public_url: str = "",
    web_host: str = "127.0.0.1",
    web_given: Mapping[str, str] | None = None,
) -> Iterator[Plant]:
    """Put an installation up on a fresh database; no dialer runs yet.

    `public_url` is where the carrier finds it, its web's own address unless something stands in
    between; `web_given` are settings of the web's alone.
    """
    web_url = f"http://{web_host}:{free_port(web_host)}"
    url = public_url or web_url
    time_file = folder / "time"
    clock = StoryClock(file=time_file)
    with ExchangeThread(
        app_url=url,
        numbers=[LINE],
        clock=lambda: StoryExchangeClock(speed=speed, story=clock),
    ) as exchange:
        settings = {
            "DATABASE_URL": database_url,
            "PUBLIC_URL": url,
            "SECRET_KEY": "s" * 32,
            "PHONE_KEYS": "p" * 32,
            "TWILIO_ACCOUNT_SID": exchange.account.sid,
            "TWILIO_AUTH_TOKEN": exchange.account.token,
            "TWILIO_FROM": LINE,
            "TWILIO_API_URL": exchange.base_url,
            "ORGANIZATION": "the Prairie League",
            "CENSUS_URL": "",
            "WEB_CONCURRENCY": "1",
            **OPEN,
            **given,
        }
        ctx = build_context(load(settings), clock=clock)
        for slug in SLUGS:
            publishing.publish(ctx, slug, files_of(CAMPAIGNS / slug))
        web = Web(
            url=web_url,
            environ=os.environ | settings | {"STORY_CLOCK": str(time_file)} | (web_given or {}),
            log=folder / "web.log",
            app="tests.stories.web_process:app",
        )
        plant = Plant(
            database_url=database_url,
            exchange=exchange,
            clock=clock,
            ctx=ctx,
            web=web,
            dialers=Dialers(settings, folder, time_file),
        )
        exchange.control.request("PUT", "/mix/supporter", {"weights": CROWD})
        try:
            web.start()
            yield plant
        except BaseException:
            print(plant.told())  # noqa: T201 - shown with the failure
            raise
        finally:
            plant.dialers.kill_all()
            web.kill()
            assert isinstance(ctx.store, Database)
            ctx.store.close()
