"""A dialer of a drive killed at any point: nobody is rung twice, forgotten or stuck."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from callbridge.domain.drives import DriveState
from callbridge.domain.telephony import CarrierStatus
from callbridge.service.drives import running
from callbridge.service.statuses import status
from callbridge.store import Database
from tests.service.drives.crowd import begun, dial
from tests.service.setting import Service, Telephone, service_on
from tests.service.test_killed import Ledger, dying_at, in_a_process_that_dies, with_ledger

# On PostgreSQL by night.
pytestmark = pytest.mark.sqlite_by_day

PEOPLE = 3
QUICK = {
    "DRIVE_RAMP_SECONDS": "0",
    "OFFICE_MAX_CALLS": "100",
    "OFFICE_CALLS_PER_MINUTE": "100",
}
# Every beginning and every commit of a round that rings three people, and both sides of the
# request. The last of each is a round that nothing interrupts.
POINTS = [
    *[("begin", number) for number in range(1, 21)],
    *[("commit", number) for number in range(1, 21)],
    ("before the request", 0),
    ("after the request", 0),
]
LAST = {"begin": 20, "commit": 20}
SHORT = {*range(1, 6), 20}


def _points() -> list[object]:
    """Return every point; those that repeat for the second and third person run at night."""
    return [
        pytest.param(*point, marks=() if point[1] in SHORT or not point[1] else pytest.mark.nightly)
        for point in POINTS
    ]


def hang_up_all(service: Service) -> None:
    """Let everybody whose telephone rang hang up without a key, once."""
    assert isinstance(service.line, Ledger)
    for sid, to, _, token in service.line.lines():
        phone = Telephone(service=service, token=token, sid=sid, to=to)
        with service.database.reading() as unit:
            record = unit.calls.by_token(token, lock=False)
        assert record is not None
        if record.call.live and record.sid is not None:
            status(service.ctx, token, phone.hook(status=CarrierStatus.FAILED))


def settle(service: Service) -> None:
    """Let half an hour pass with one dialer at work and every telephone answered at once."""
    with service.database.writing() as unit:
        unit.connection.exec_driver_sql(
            "UPDATE attempts SET lease_until = 0 WHERE state = 'claimed'"
        )
        unit.connection.exec_driver_sql("UPDATE pace SET next_free = 0, closed_until = 0")
    for _ in range(12):
        service.clock.forward(seconds=150)
        dial(service, owner="alive")
        hang_up_all(service)
        dial(service, owner="alive")


@pytest.mark.parametrize(("point", "number"), _points())
def test_a_dialer_killed_anywhere_rings_everybody_once(
    service: Service,
    database_url: str,
    tmp_path: Path,
    point: str,
    number: int,
) -> None:
    path = tmp_path / "ledger"
    alive = with_ledger(service, path).with_settings(**QUICK)
    drive = begun(alive, PEOPLE)

    def work(database: Database) -> None:
        mortal = service_on(database, database_url, **QUICK)
        if number:
            dying_at(database, point, number)
        dial(with_ledger(mortal, path, dies=point), owner="mortal")

    killed = in_a_process_that_dies(work, database_url)
    # The list of points is as long as a round, and no longer.
    assert killed is (number < LAST[point] if number else True)
    settle(alive)
    line = alive.line
    assert isinstance(line, Ledger)
    rung = Counter(to for _, to, _, _ in line.lines())
    view = running.status(alive.ctx, drive)
    figures = {
        "rung twice": sum(count > 1 for count in rung.values()),
        "forgotten": PEOPLE - len(rung),
        "stuck": PEOPLE - view.over,
    }
    print(json.dumps({"killed at": f"{point} {number}".strip(), **figures}))  # noqa: T201 - the figures are the point
    assert figures == {"rung twice": 0, "forgotten": 0, "stuck": 0}
    assert view.state is DriveState.FINISHED


def test_a_killed_dialers_claim_comes_back_when_its_lease_is_over(
    service: Service, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "ledger"
    alive = with_ledger(service, path).with_settings(**QUICK)
    drive = begun(alive, 1)

    def work(database: Database) -> None:
        mortal = service_on(database, database_url, **QUICK)
        # Of a round: one look at what waits, the look, the claim; then it dies.
        with mortal.database.reading():
            pass
        from callbridge.service.drives import dialling
        from callbridge.service.drives.claiming import claim
        from callbridge.service.drives.looking import Lookout

        view = Lookout(mortal.ctx).look()
        assert view is not None
        dials = dialling.plan(view.state, view.now)
        assert claim(mortal.ctx, view, dials[0], "mortal") is not None
        dying_at(database, "begin", 1)
        with database.reading():
            pass

    assert in_a_process_that_dies(work, database_url)
    assert running.status(alive.ctx, drive).by_state == {"claimed": 1}
    dial(alive)
    assert running.status(alive.ctx, drive).by_state == {"claimed": 1}
    settle(alive)
    assert running.status(alive.ctx, drive).by_cause == {"failed-number": 1}
    assert isinstance(alive.line, Ledger)
    assert len(alive.line.lines()) == 1
