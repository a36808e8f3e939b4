"""The clock: fast, in order, and never past what has not happened."""

from __future__ import annotations

import asyncio
import time

import pytest

from callbridge.exchange.clock import Clock


def test_timers_fire_in_the_order_they_are_due_even_when_the_machine_is_late() -> None:
    async def run() -> list[tuple[str, float]]:
        # Nearly still while they are made: ten seconds are a tenth of a millisecond afterwards.
        clock, fired = Clock(speed=0.001), list[tuple[str, float]]()
        for name, delay in (("c", 30.0), ("a", 10.0), ("b", 20.0)):
            clock.call_later(delay, lambda name=name: fired.append((name, clock.seconds())))
        clock.set_speed(100_000)
        time.sleep(0.01)
        await clock.sleep(40)
        return fired

    fired = asyncio.run(run())
    assert [name for name, _ in fired] == ["a", "b", "c"]
    assert [second for _, second in fired] == sorted(second for _, second in fired)


def test_what_a_timer_wakes_runs_before_the_next_timer_fires() -> None:
    async def run() -> list[str]:
        clock, done = Clock(speed=1_000_000), list[str]()

        async def sleeper() -> None:
            await clock.sleep(1)
            done.append("sleeper")

        task = asyncio.create_task(sleeper())
        await asyncio.sleep(0)
        clock.call_later(2, lambda: done.append("timer"))
        await asyncio.sleep(0.05)
        await task
        return done

    assert asyncio.run(run()) == ["sleeper", "timer"]


def test_a_cancelled_timer_never_fires() -> None:
    async def run() -> list[int]:
        clock, fired = Clock(speed=1000), list[int]()
        timer = clock.call_later(1, lambda: fired.append(1))
        timer.cancel()
        await clock.sleep(5)
        return fired

    assert asyncio.run(run()) == []


def test_a_change_of_speed_keeps_what_was_due() -> None:
    async def run() -> float:
        clock = Clock(speed=1)
        waiting = asyncio.create_task(clock.sleep(3600))
        await asyncio.sleep(0)
        clock.set_speed(1_000_000)
        await waiting
        return clock.seconds()

    assert asyncio.run(run()) >= 3600


def test_thousands_of_cancelled_limits_do_not_pile_up() -> None:
    async def run() -> int:
        clock = Clock(speed=1000)
        for _ in range(5000):
            clock.call_later(14_400, lambda: None).cancel()
        await clock.sleep(1)
        return len(clock._heap)

    assert asyncio.run(run()) < 100


@pytest.mark.parametrize("speed", [0, -1])
def test_a_clock_runs_forward_only(speed: float) -> None:
    with pytest.raises(ValueError, match="forward"):
        Clock(speed=speed)


def test_a_shared_epoch_makes_dates_fast_too() -> None:
    epoch = time.time() - 10
    fast = Clock(speed=60, epoch=epoch)
    slow = Clock(speed=60)
    ahead = fast.now() - slow.now()
    assert ahead.total_seconds() == pytest.approx(590, abs=60)


def test_a_patient_clock_runs_at_the_walls_pace_while_it_is_held() -> None:
    async def run() -> tuple[float, float]:
        clock = Clock(speed=1_000_000)
        clock.call_later(1000, lambda: None)
        before = clock.seconds()
        with clock.held():
            await asyncio.sleep(0.02)
            held = clock.seconds() - before
        await clock.sleep(1000)
        return held, clock.seconds()

    held, after = asyncio.run(run())
    assert held < 1000 <= after


def test_after_a_stall_a_patient_clock_goes_on_from_where_it_stood() -> None:
    async def run(patient: bool) -> float:
        clock, fired = Clock(speed=1000), list[float]()
        clock.patient = patient
        clock.call_later(1, lambda: fired.append(clock.seconds()))
        time.sleep(0.4)
        while not fired:
            await asyncio.sleep(0)
        return fired[0]

    assert asyncio.run(run(patient=False)) >= 400
    assert asyncio.run(run(patient=True)) < 400
