"""A backup taken under load, restored: whole, and silent until an operator says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, text

from callbridge.domain.call import Ending
from callbridge.domain.records import AttemptKind, AttemptState
from callbridge.domain.telephony import CarrierStatus
from callbridge.errors import CarrierUnknownError
from callbridge.service.dialing import place_waiting
from callbridge.service.doctor import check
from callbridge.service.restored import hold, installation, release
from callbridge.store import Database, is_current
from callbridge.store.backup import back_up
from callbridge.store.restore import restore
from callbridge.store.tables import attempts, calls
from tests.service.drives.crowd import begun, dial, numbers
from tests.service.setting import Service

NOW = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)


@contextmanager
def on_the_copy(service: Service, url: str) -> Iterator[Service]:
    """Give the same world on the restored database."""
    database = Database(url)
    try:
        ctx = replace(service.ctx, store=database)
        yield replace(service, ctx=ctx, database=database)
    finally:
        database.close()


def copy(service: Service, tmp_path: Path, url: str) -> None:
    """Back a service's database up and restore it elsewhere."""
    file = tmp_path / "copy.backup"
    back_up(service.ctx.settings.database_url, file, at=service.clock.now())
    restore(url, file, at=service.clock.now() + timedelta(minutes=1))


def slow_down(service: Service) -> Service:
    """Return the service with a pace that lets one call through and then no other for long."""
    return service.with_settings(CALLS_PER_SECOND="0.001")


def let_the_pace_rest(service: Service) -> None:
    """Open the next slot of the pace at once."""
    with service.database.writing() as unit:
        unit.connection.execute(text("UPDATE pace SET next_free = 0"))


def state_of(service: Service, call: str) -> tuple[AttemptState, Ending | None]:
    """Return how the last attempt and the call stand."""
    with service.database.reading() as unit:
        record = unit.calls.by_id(call)
        assert record is not None
        return unit.attempts.of_call(call)[-1].state, record.call.ending


def test_a_backup_under_load_is_whole_and_rings_nobody_until_an_operator_says_so(
    service: Service, tmp_path: Path, empty_url: str
) -> None:
    service.start("202-555-0101")
    service.phone().answer()
    planned = slow_down(service)
    planned.start("202-555-0102")
    waiting = planned.start("202-555-0103").call
    let_the_pace_rest(service)
    stop, troubles = Event(), []

    def load(first: int) -> None:
        try:
            for number in range(first, 10_000, 3):
                if stop.is_set():
                    return
                service.start(f"2{number // 100 % 100 + 10:02d}-555-01{number % 100:02d}")
        except Exception as trouble:  # noqa: BLE001 - looked at below
            troubles.append(trouble)

    def placed() -> int:
        return len(service.line.placed)

    threads = [Thread(target=load, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    while placed() < 30 and not troubles:
        stop.wait(0.01)
    before = placed()
    file = tmp_path / "copy.backup"
    told: list[tuple[int, int]] = []
    back_up(
        service.ctx.settings.database_url,
        file,
        at=service.clock.now(),
        tell=lambda *so_far: told.append(so_far),
    )
    after = placed()
    while placed() < after + 5 and not troubles:
        stop.wait(0.01)
    stop.set()
    for thread in threads:
        thread.join()
    assert not troubles
    found = restore(empty_url, file, at=service.clock.now())
    assert (found.held, found.copied) == (True, service.clock.now())
    with on_the_copy(service, empty_url) as there:
        assert is_current(there.database)
        with there.database.reading() as unit:
            count = unit.connection.scalar(select(func.count()).select_from(calls))
            lost = unit.connection.scalar(
                select(func.count())
                .select_from(calls.outerjoin(attempts, attempts.c.call == calls.c.id))
                .where(attempts.c.id.is_(None))
            )
            assert unit.campaigns.get("water") is not None
        assert count is not None
        assert before <= count <= len(service.line.placed) + 2
        assert lost == 0
        if there.database.kind == "sqlite":
            with there.database.engine.connect() as connection:
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert told[-1][0] == told[-1][1] > 0
        rung = placed()
        assert [place_waiting(there.ctx, owner="d") for _ in range(3)] == [0, 0, 0]
        assert placed() == rung
        assert any("This is a copy" in finding.sentence for finding in check(there.ctx))
        assert release(there.ctx)
        assert not release(there.ctx)
        place_waiting(there.ctx, owner="d")
        assert [order.to for order in service.line.placed[rung:]] == ["+12025550103"]
        assert state_of(there, waiting)[0] is AttemptState.PLACED


def test_a_released_copy_rings_only_what_is_still_right(
    service: Service, tmp_path: Path, empty_url: str
) -> None:
    planned = slow_down(service)
    planned.start("202-555-0100")
    right = planned.start("202-555-0101").call
    rung = planned.start("202-555-0102").call
    opted_out = planned.start("202-555-0103").call
    copy(service, tmp_path, empty_url)
    # The database that is about to be lost goes on for a while: one more is rung.
    service.clock.forward(seconds=30)
    service.line.leg(to="+12025550102", from_=service.line.number)
    service.clock.forward(minutes=2)
    with on_the_copy(service, empty_url) as there:
        with there.database.writing() as unit:
            hashed = service.ctx.vault.hash("+12025550103")
            unit.guards.opt_out(hashed, call=None, at=service.clock.now())
        let_the_pace_rest(there)
        release(there.ctx)
        before = len(service.line.placed)
        place_waiting(there.ctx, owner="d")
        assert [order.to for order in service.line.placed[before:]] == ["+12025550101"]
        assert state_of(there, right) == (AttemptState.PLACED, None)
        assert state_of(there, rung) == (AttemptState.SUPPRESSED, Ending.NOT_PLACED)
        assert state_of(there, opted_out) == (AttemptState.SUPPRESSED, Ending.OPTED_OUT)


def test_a_drive_of_a_copy_waits_to_be_let_go_and_rings_nobody_again(
    service: Service, tmp_path: Path, empty_url: str
) -> None:
    quick = service.with_settings(CALLS_PER_SECOND="1000", OFFICE_MAX_CALLS="1000")
    begun(quick, 6)
    copy(quick, tmp_path, empty_url)
    people = numbers(6)
    service.clock.forward(seconds=10)
    for phone in people[:2]:
        service.line.leg(to=phone, from_=service.line.number)
    service.clock.forward(seconds=60)
    with on_the_copy(quick, empty_url) as there:
        assert dial(there) == 0
        assert not service.line.placed
        release(there.ctx)
        for _ in range(6):
            dial(there)
        rung = [order.to for order in service.line.placed]
        assert rung
        assert len(rung) == len(set(rung))
        assert set(rung) <= set(people[2:])


def test_what_waited_too_long_in_a_backup_is_not_rung_late(
    service: Service, tmp_path: Path, empty_url: str
) -> None:
    planned = slow_down(service)
    planned.start("202-555-0100")
    late = planned.start("202-555-0101").call
    copy(service, tmp_path, empty_url)
    service.clock.forward(hours=2)
    with on_the_copy(service, empty_url) as there:
        let_the_pace_rest(there)
        release(there.ctx)
        assert place_waiting(there.ctx, owner="d") == 0
        assert state_of(there, late) == (AttemptState.EXPIRED, Ending.EXPIRED)


def test_without_the_carriers_word_nobody_of_a_backup_is_rung(
    service: Service, tmp_path: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = slow_down(service)
    planned.start("202-555-0100")
    call = planned.start("202-555-0101").call
    copy(service, tmp_path, empty_url)

    def away(**_: object) -> None:
        raise CarrierUnknownError("No answer.")

    with on_the_copy(service, empty_url) as there:
        let_the_pace_rest(there)
        release(there.ctx)
        with monkeypatch.context() as patch:
            patch.setattr(service.line, "find", away)
            assert place_waiting(there.ctx, owner="d") == 0
            assert state_of(there, call)[0] is AttemptState.PLANNED
        service.clock.forward(seconds=31)
        assert place_waiting(there.ctx, owner="d") == 1


def test_while_held_what_somebody_asks_for_now_is_rung_and_nothing_else(service: Service) -> None:
    slow = slow_down(service)
    slow.start("202-555-0100")
    before = slow.start("202-555-0101").call
    with service.database.writing() as unit:
        unit.attempts.over(before, AttemptState.DONE)
    slow.start("202-555-0102")
    hold(service.ctx)
    assert installation(service.ctx).held
    after = slow.start("202-555-0103").call
    with service.database.writing() as unit:
        promised = unit.attempts.plan(
            after, "h" * 64, run_at=service.clock.now(), kind=AttemptKind.RING_BACK
        )
    assert promised is not None
    let_the_pace_rest(service)
    assert place_waiting(service.ctx, owner="d") == 1
    assert [order.to for order in service.line.placed] == ["+12025550100", "+12025550103"]
    service.start("202-555-0104")
    assert service.line.placed[-1].to == "+12025550104"


def test_a_hold_between_the_claim_and_the_request_stops_the_request(service: Service) -> None:
    slow = slow_down(service)
    slow.start("202-555-0100")
    slow.start("202-555-0101")
    with service.database.writing() as unit:
        claimed = unit.attempts.claim("d", now=service.clock.now(), lease_seconds=60)
    assert claimed is not None
    hold(service.ctx)
    with service.database.writing() as unit:
        assert not unit.attempts.dialing(claimed.id, claimed.fence, at=service.clock.now())


def test_a_call_in_progress_at_the_backup_ends_on_the_copy_as_the_carrier_says(
    service: Service, tmp_path: Path, empty_url: str
) -> None:
    started = service.start()
    sid = service.phone().sid
    service.phone().answer()
    copy(service, tmp_path, empty_url)
    service.line.set(sid, CarrierStatus.COMPLETED, 60)
    service.clock.forward(minutes=10)
    from callbridge.service.settling import settle_stuck

    with on_the_copy(service, empty_url) as there:
        assert settle_stuck(there.ctx) == 1
        assert state_of(there, started.call)[0] is AttemptState.DONE
        assert len(service.line.placed) == 1
