"""A process killed at any point rings nobody twice, loses no key and leaves no call stuck."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from callbridge.domain.call import Ending, Stage
from callbridge.domain.records import AttemptState
from callbridge.domain.survey import Meaning
from callbridge.domain.telephony import CarrierCall, CarrierStatus, PlaceOrder
from callbridge.service.dialing import place_waiting
from callbridge.service.settling import settle_unknown
from callbridge.store import Database
from tests.service.setting import PHONE, Service, Switchboard, Telephone, service_on

FINAL = {AttemptState.DONE, AttemptState.FAILED, AttemptState.PLACED}


def die() -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Ledger(Switchboard):
    """A telephone company whose books are a file, so that they survive who wrote them."""

    path: Path = Path()
    dies: str | None = None

    def place(self, order: PlaceOrder) -> str:
        """Ring somebody; the process may die just before or just after."""
        if self.dies == "before the request":
            die()
        sid = f"CA{len(self.lines()):032x}"
        with self.path.open("a", encoding="ascii") as file:
            file.write(f"{sid} {order.to} {order.from_} {order.token}\n")
        if self.dies == "after the request":
            die()
        return sid

    def lines(self) -> list[list[str]]:
        """Return what rang, in order."""
        return [line.split() for line in self.path.read_text(encoding="ascii").splitlines()]

    def find(self, *, to: str, from_: str, since: datetime) -> Sequence[CarrierCall]:
        """List what rang."""
        return [
            CarrierCall(
                sid=sid,
                parent_sid=None,
                to=number,
                from_=line,
                status=CarrierStatus.IN_PROGRESS,
                created=since,
                seconds=None,
            )
            for sid, number, line, _ in self.lines()
            if (number, line) == (to, from_)
        ]


def with_ledger(service: Service, path: Path, *, dies: str | None = None) -> Service:
    """Return the service at a telephone company that keeps its books in a file."""
    path.touch()
    line = Ledger(service.clock, path=path, dies=dies)
    return replace(service, line=line, ctx=replace(service.ctx, carrier=line))


def in_a_process_that_dies(work: Callable[[Database], None], url: str) -> bool:
    """Do work in a child with a connection of its own; tell whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            work(Database(url))
        finally:
            os._exit(0)
    _, how = os.waitpid(child, 0)
    return os.WIFSIGNALED(how)


def dying_at(database: Database, name: str, number: int) -> None:
    """Let the process die at the `number`th begin or just before the `number`th commit."""
    seen = 0

    def count(_connection: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            die()

    event.listen(database.engine, name, count)


POINTS = [
    *[("begin", number) for number in range(1, 8)],
    *[("commit", number) for number in range(1, 8)],
    ("before the request", 0),
    ("after the request", 0),
]


def settle(service: Service) -> None:
    """Let twenty minutes pass with a dialer at work."""
    for _ in range(8):
        service.clock.forward(seconds=150)
        place_waiting(service.ctx, owner="alive")
        settle_unknown(service.ctx)


def check_nothing_is_wrong(service: Service, ledger: Ledger) -> None:
    rung = ledger.lines()
    assert len(rung) <= 1
    with service.database.reading() as unit:
        calls = [unit.calls.by_id(line.call) for line in unit.reports.last_calls("water", 10)]
        states = [a.state for call in calls if call for a in unit.attempts.of_call(call.id)]
    assert set(states) <= FINAL
    assert len(calls) <= 1
    for call in calls:
        assert call is not None
        if rung:
            assert call.sid == rung[0][0] and call.token == rung[0][3]
        else:
            assert call.call.ending is Ending.NOT_PLACED
    assert not (rung and not calls)


@pytest.mark.parametrize(("point", "number"), POINTS)
def test_a_start_killed_anywhere_rings_once_or_never(
    service: Service, database_url: str, tmp_path: Path, point: str, number: int
) -> None:
    path = tmp_path / "ledger"

    def start(database: Database) -> None:
        mortal = service_on(database, database_url)
        if number:
            dying_at(database, point, number)
        with_ledger(mortal, path, dies=point).start(PHONE)

    in_a_process_that_dies(start, database_url)
    alive = with_ledger(service, path)
    settle(alive)
    check_nothing_is_wrong(alive, alive.line)  # type: ignore[arg-type]


@pytest.mark.parametrize(("point", "number"), POINTS)
def test_a_dialer_killed_anywhere_rings_once_or_never(
    service: Service, database_url: str, tmp_path: Path, point: str, number: int
) -> None:
    path = tmp_path / "ledger"
    alive = with_ledger(service, path).with_settings(LEASE_SECONDS="0")
    with alive.database.writing() as unit:
        assert unit.pace.take(0.001)
    alive.start(PHONE)
    with alive.database.writing() as unit:
        unit.connection.exec_driver_sql("UPDATE pace SET next_free = 0")

    def dial(database: Database) -> None:
        mortal = service_on(database, database_url)
        if number:
            dying_at(database, point, number)
        place_waiting(with_ledger(mortal, path, dies=point).ctx, owner="mortal")

    in_a_process_that_dies(dial, database_url)
    alive = alive.with_settings()
    with alive.database.writing() as unit:
        unit.connection.exec_driver_sql("UPDATE attempts SET lease_until = 0")
        unit.connection.exec_driver_sql("UPDATE pace SET next_free = 0")
    settle(alive)
    check_nothing_is_wrong(alive, alive.line)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("point", "dies"),
    [("commit", 1), ("commit", 2), ("begin", 1), ("begin", 2)],
    ids=["before it is stored", "never", "before anything", "after it was stored"],
)
def test_a_key_whose_hook_killed_the_process_is_stored_once_when_it_comes_again(
    service: Service, database_url: str, point: str, dies: int
) -> None:
    service.start()
    phone = service.phone()
    phone.answer()
    phone.press("1")
    phone.press("1")
    phone.bridge_ends()

    def press(database: Database) -> None:
        mortal = replace(service_on(database, database_url), line=service.line)
        dying_at(database, point, dies)
        twin = Telephone(service=mortal, token=phone.token, sid=phone.sid, to=phone.to)
        twin.spoken = phone.spoken
        twin.press("2")
        if (point, dies) == ("begin", 2):
            with database.reading():
                pass

    killed = in_a_process_that_dies(press, database_url)
    assert killed is ((point, dies) != ("commit", 2))
    phone.press("2")
    with service.database.reading() as unit:
        record = unit.calls.by_token(phone.token, lock=False)
        assert record is not None
        stored = unit.calls.answers(record.id)
    assert [one.meaning for one in stored] == [Meaning.VOICEMAIL]
    assert record.call.stage is Stage.OFFERING
