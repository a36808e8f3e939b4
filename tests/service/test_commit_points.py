"""A process killed at every transaction of the dialer's work and the hooks', by a checked list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callbridge.domain.records import AttemptState
from callbridge.service.drives import running
from callbridge.service.jobs import run_due
from callbridge.store import Database
from callbridge.store.drive_tables import contacts
from callbridge.store.tables import attempts, calls
from tests.service.drives.crowd import dial
from tests.service.points import Moment, Point, dying_at, points, requests
from tests.service.scenarios import QUICK, SCENARIOS, answer_a_call_in, at_once, books, on_the_line
from tests.service.setting import Service, service_on
from tests.service.test_killed import in_a_process_that_dies

MODULES = (
    "dialing",
    "drives/dialling",
    "drives/following",
    "drives/looking",
    "erasing",
    "hooks",
    "jobs",
    "placing",
    "restored",
    "ringing",
    "rolling",
    "settling",
    "statuses",
)
# What a person at a keyboard does, or what only looks: nothing comes of it by itself.
APART = {
    "jobs.standings#1",
    "restored.hold#1",
    "restored.release#1",
    "rolling.rebuild#1",
    "rolling.rebuild#2",
}
MOVING = ("claimed", "dialing", "unknown", "placed")
# Where each transaction is met. A new one in the code is missing here, and a test says so.
MET: Mapping[str, str] = {
    "dialing.place_waiting#1": "drive",
    "dialing.place_waiting#2": "waiting",
    "dialing.place_waiting#3": "waiting",
    "dialing._rung_meanwhile#1": "waiting",
    "dialing._rung_meanwhile#2": "copy and no word",
    "dialing._rung_meanwhile#3": "copy",
    "dialing._commit#1": "waiting",
    "drives/dialling._claim#1": "drive",
    "drives/dialling._commit#1": "drive that has lost its targets",
    "drives/dialling._commit#2": "drive",
    "drives/dialling._rung_meanwhile#1": "copy and no word",
    "drives/dialling._rung_meanwhile#2": "copy",
    "drives/following.follow_up#1": "drive",
    "drives/following.look_after#1": "drive",
    "drives/following.look_after#2": "drive",
    "drives/following.look_after#3": "drive",
    "drives/following.look_after#4": "drive",
    "drives/looking.look#1": "drive",
    "erasing.erase_due#1": "jobs",
    "hooks.voice#1": "drive",
    "hooks.inbound#1": "call in",
    "hooks.sorry#1": "call in",
    "jobs.run_due#1": "jobs",
    "jobs._run#1": "jobs",
    "jobs._run#2": "jobs",
    "placing._read#1": "answer lost",
    "placing.start_call#1": "answer lost",
    "restored.installation#1": "drive",
    "restored.rung_meanwhile#1": "copy",
    "ringing.ring#1": "answer lost",
    "ringing._placed#1": "drive",
    "ringing._refused#1": "suspended account",
    "ringing._later#1": "busy carrier",
    "rolling.roll_up#1": "jobs",
    "rolling.roll_up#2": "jobs",
    "rolling.roll_up#3": "jobs",
    "settling.settle_unknown#1": "drive",
    "settling._settle#1": "found by asking",
    "settling._settle#2": "bound meanwhile",
    "settling._adopt#1": "found by asking",
    "settling._not_found#1": "never placed",
    "settling.settle_stuck#1": "drive",
    "settling._ask#1": "without news",
    "statuses.status#1": "drive",
    "statuses.inbound_status#1": "call in",
}
# Both sides of these are points of their own: test_killed dies just before and just after `place`;
# the others ask and change nothing at the carrier.
ASKED = {
    "restored.rung_meanwhile find",
    "ringing.ring place",
    "settling._ask children",
    "settling._ask fetch",
    "settling._legs_of find",
}
CODE = {point.name: point for module in MODULES for point in points(module)}
# Where a death may ring somebody twice or never again; the rest runs at night.
HEART = {
    "dialing._commit#1",
    "drives/dialling._claim#1",
    "drives/dialling._commit#2",
    "drives/following.follow_up#1",
    "ringing._placed#1",
    "settling._not_found#1",
}


def test_every_transaction_of_the_dialer_and_the_hooks_is_in_the_list() -> None:
    assert set(CODE) == set(MET) | APART
    assert {one for module in MODULES for one in requests(module)} == ASKED


def _cases() -> list[object]:
    return [
        pytest.param(
            CODE[name],
            moment,
            id=f"{name} {moment}",
            marks=() if name in HEART and moment is not Moment.BEGIN else (pytest.mark.nightly,),
        )
        for name in MET
        if name in CODE
        for moment in Moment
    ]


@pytest.mark.parametrize(("point", "moment"), _cases())
def test_a_process_killed_at_a_point_leaves_nobody_rung_twice_forgotten_or_stuck(
    service: Service, database_url: str, tmp_path: Path, point: Point, moment: Moment
) -> None:
    scenario, path = SCENARIOS[MET[point.name]], tmp_path / "books"
    alive = on_the_line(service, path).with_settings(**QUICK)
    scenario.prepare(on_the_line(alive, path, scenario.before))
    at_once(alive)
    moved = alive.clock.now() - service_on(alive.database, database_url).clock.now()

    def work(database: Database) -> None:
        mortal = service_on(database, database_url, **QUICK)
        mortal.clock.forward(seconds=moved.total_seconds())
        dying_at(database, point, moment)
        scenario.work(on_the_line(mortal, path, scenario.during))

    # The scenario comes to that place: a point that nothing meets would prove nothing.
    assert in_a_process_that_dies(work, database_url)
    live_on(alive)
    if scenario.work is answer_a_call_in:
        answer_a_call_in(alive)
    look(alive)


def live_on(service: Service) -> None:
    """Let most of an hour pass with a dialer at work; whoever is rung hangs up by and by."""
    with service.database.reading() as unit:
        paused = [drive.id for drive in unit.drives.all() if drive.state == "paused"]
    for drive in paused:
        running.resume(service.ctx, drive)
    for _ in range(14):
        at_once(service)
        service.clock.forward(seconds=200)
        dial(service, owner="alive")
        run_due(service.ctx, owner="alive")


def look(service: Service) -> None:
    """Hold the company's books against ours."""
    elsewhere = [to for _, to, _, token in books(service) if token == "elsewhere"]
    rung = Counter(to for _, to, _, token in books(service) if token != "elsewhere")
    assert all(count == 1 for count in rung.values()), rung
    assert not set(rung) & set(elsewhere)
    now = service.clock.now() + timedelta(seconds=1)
    with service.database.reading() as unit:
        moving = unit.connection.execute(
            select(attempts.c.id, attempts.c.state).where(attempts.c.state.in_(MOVING))
        ).all()
        due = unit.connection.execute(
            select(attempts.c.id).where(
                attempts.c.state == AttemptState.PLANNED.value, attempts.c.run_at < now
            )
        ).all()
        live = unit.connection.execute(
            select(calls.c.id).where(calls.c.ended.is_(None), calls.c.stage != "placing")
        ).all()
        rang = unit.connection.execute(
            select(calls.c.id).where(calls.c.sid.is_not(None), calls.c.ending.is_(None))
        ).all()
        people = unit.connection.execute(select(contacts.c.phone_enc, contacts.c.final)).all()
        sids = unit.connection.scalars(select(calls.c.sid).where(calls.c.sid.is_not(None))).all()
    assert not moving
    assert not due
    assert not live
    assert not rang
    assert len(sids) == len(set(sids))
    for phone, final in people:
        assert final is not None or service.ctx.vault.decrypt(phone) in rung
