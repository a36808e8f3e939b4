"""The dialer works until it is told to stop, and one fault does not end it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import pytest

from callbridge.dialer.loop import run
from callbridge.domain.telephony import CarrierCall, PlaceOrder
from callbridge.service import reading
from callbridge.service.context import Context
from callbridge.service.jobs import standings
from callbridge.store import Database
from tests.service.setting import Service, Switchboard, service_on


@pytest.fixture
def service(database: Database, database_url: str) -> Service:
    """Return a service with one campaign published."""
    made = service_on(database, database_url)
    made.publish()
    return made


def wait_for(done: Callable[[], bool]) -> None:
    """Wait until something holds; the test's own time limit ends a wait for ever."""
    while not done():
        time.sleep(0.02)


class Running:
    """A dialer in a thread."""

    def __init__(self, ctx: Context) -> None:
        self.stop = Event()
        self.thread = Thread(target=run, args=(ctx,), kwargs={"stop": self.stop})

    def __enter__(self) -> Running:
        self.thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.stop.set()
        self.thread.join()


def test_the_carrier_is_ready_before_the_first_ring(service: Service) -> None:
    ready: list[bool] = []

    class Watched(Switchboard):
        def place(self, order: PlaceOrder) -> str:
            ready.append(self.ready)
            return super().place(order)

    slow = service.with_settings(CALLS_PER_SECOND="2")
    slow.start()
    slow.start("202-555-0148")
    line = Watched(slow.clock)
    with Running(replace(slow.ctx, carrier=line)):
        wait_for(lambda: len(line.placed) == 1)
    assert ready == [True]


def test_a_call_that_found_no_slot_is_rung_by_the_dialer(service: Service) -> None:
    slow = service.with_settings(CALLS_PER_SECOND="2")
    slow.start()
    late = slow.start("202-555-0148")
    assert late.wait_seconds >= 1
    with Running(slow.ctx):
        wait_for(lambda: len(service.line.placed) == 2)
    assert reading.call_view(slow.ctx, late.call).wait_seconds == 0


def test_a_fault_is_tried_again_and_ends_nothing(service: Service) -> None:
    class Away:
        """A directory of campaigns that cannot be reached the first time."""

        def __init__(self, ctx: Context) -> None:
            self.ctx, self.asked = ctx, 0

        def reading(self) -> object:
            return self.ctx.store.reading()

        def writing(self) -> object:
            self.asked += 1
            if self.asked <= 3:
                raise ConnectionError("The database restarts.")
            return self.ctx.store.writing()

    slow = service.with_settings(CALLS_PER_SECOND="2")
    slow.start()
    slow.start("202-555-0148")
    away = Away(slow.ctx)
    with Running(replace(slow.ctx, store=away)):  # type: ignore[arg-type]
        wait_for(lambda: len(service.line.placed) == 2)
    assert away.asked > 3


def test_a_list_that_the_carrier_does_not_give_lets_nobody_wait(service: Service) -> None:
    """What an unknown ring came to is asked apart from the ringing."""
    asked, answered = Event(), Event()

    class Silent(Switchboard):
        """A carrier whose list of calls comes when it is told to."""

        def find(self, **query: Any) -> Sequence[CarrierCall]:
            asked.set()
            answered.wait()
            return super().find(**query)

    line = Silent(service.clock, trouble="lost-after")
    slow = service.with_settings(CALLS_PER_SECOND="2", UNKNOWN_CHECKS="5,30,90")
    ctx = replace(slow.ctx, carrier=line)
    silent = replace(slow, ctx=ctx, line=line)
    silent.start()
    line.trouble = None
    late = silent.start("202-555-0148")
    assert late.wait_seconds >= 1
    service.clock.forward(seconds=70)
    with Running(ctx):
        assert asked.wait(60)
        wait_for(lambda: len(line.placed) == 2)
        answered.set()


def test_the_housekeeping_runs_beside_the_ringing_and_the_dialer_is_heard_of(
    service: Service,
) -> None:
    def finished() -> bool:
        ran = {view.job.name for view in standings(service.ctx) if view.record.finished}
        return {"reconcile", "retention", "counters", "upkeep"} <= ran

    def heard() -> int:
        with service.database.reading() as unit:
            return unit.jobs.dialers(within=60)

    with Running(service.ctx):
        wait_for(finished)
        wait_for(lambda: heard() == 1)
    assert heard() == 0
