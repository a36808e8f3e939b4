"""A clock that threads share: it runs ahead while everybody waits, and never past a sleeper."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from callbridge.exchange.shared_clock import SharedClock

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)


def on_a_clock(work: Callable[[SharedClock], None], *, speed: float = 100_000.0) -> SharedClock:
    """Run something in a thread beside the loop of a clock; return the clock."""

    async def run() -> SharedClock:
        clock = SharedClock(speed=speed, begins=NOON)
        await asyncio.wait_for(asyncio.to_thread(work, clock), 20)
        clock.stop()
        return clock

    return asyncio.run(run())


def test_a_thread_sleeps_simulated_hours_in_moments_of_the_wall() -> None:
    slept = list[float]()

    def work(clock: SharedClock) -> None:
        clock.hold()
        before, began = clock.elapsed(), time.monotonic()
        clock.sleep_held(3600)
        slept.extend((clock.elapsed() - before, time.monotonic() - began))

    on_a_clock(work)
    assert 3600 <= slept[0] < 3610
    assert slept[1] < 10


def test_while_somebody_works_an_hour_is_an_hour() -> None:
    def work(clock: SharedClock) -> None:
        clock.hold()
        before = clock.elapsed()
        time.sleep(0.05)
        assert clock.elapsed() - before < 5

    on_a_clock(work)


def test_sleepers_wake_in_order_and_none_is_passed_by_the_clock() -> None:
    woken = list[tuple[float, float]]()

    def work(clock: SharedClock) -> None:
        def sleeper(every: float) -> None:
            let_go = clock.hold()
            ready.wait()
            for turn in range(1, 11):
                due = began + every * turn
                clock.sleep_held(due - clock.elapsed())
                woken.append((clock.elapsed(), due))
            let_go()

        # Seven hundred seconds are over in a moment while nobody holds it.
        everybody_is_here = clock.hold()
        began = clock.elapsed()
        ready = threading.Barrier(3)
        threads = [threading.Thread(target=sleeper, args=(every,)) for every in (700.0, 1100.0)]
        for thread in threads:
            thread.start()
        ready.wait()
        everybody_is_here()
        for thread in threads:
            thread.join()

    on_a_clock(work)
    assert len(woken) == 20
    assert [due for _, due in woken] == sorted(due for _, due in woken)
    assert all(due <= at < due + 50 for at, due in woken)


def test_a_leap_takes_sleepers_and_timers_with_it() -> None:
    at = list[float]()

    def work(clock: SharedClock) -> None:
        clock.hold()
        assert clock.leap(86_400)
        at.append(clock.elapsed())
        clock.sleep_held(10)
        at.append(clock.elapsed())

    clock = on_a_clock(work, speed=1000.0)
    assert 86_400 <= at[0] < 86_410
    assert at[0] + 10 <= at[1] < at[0] + 30
    assert 86_000 < clock.leapt <= 86_400
    assert clock.now().date() == datetime(2026, 6, 17, tzinfo=UTC).date()


def test_a_clock_that_stops_lets_everybody_go() -> None:
    async def run() -> bool:
        clock = SharedClock(speed=1.0, begins=NOON)
        clock.hold()
        sleeper = asyncio.create_task(asyncio.to_thread(clock.sleep_held, 3600))
        await asyncio.sleep(0.05)
        clock.stop()
        await asyncio.wait_for(sleeper, 10)
        clock.sleep_held(3600)
        return clock.leap(1e9)

    assert asyncio.run(run()) is False


def test_letting_go_twice_lets_go_once() -> None:
    def work(clock: SharedClock) -> None:
        first, second = clock.hold(), clock.hold()
        first()
        first()
        before = clock.elapsed()
        time.sleep(0.05)
        assert clock.elapsed() - before < 5
        second()

    on_a_clock(work)
