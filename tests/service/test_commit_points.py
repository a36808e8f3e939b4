"""A process killed at every transaction of the dialer's work and the hooks', by a checked list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from callbridge.domain.campaign import Pick
from callbridge.domain.records import AttemptState
from callbridge.domain.telephony import CarrierCall, CarrierStatus, PlaceOrder
from callbridge.errors import CarrierBusyError, CarrierRefusedError, CarrierUnknownError
from callbridge.service import hooks
from callbridge.service.drives import running
from callbridge.service.jobs import run_due
from callbridge.service.restored import release
from callbridge.service.statuses import inbound_status
from callbridge.store import Database
from callbridge.store.drive_tables import contacts
from callbridge.store.tables import attempts, calls
from tests.service.drives.crowd import begun, dial
from tests.service.points import Moment, Point, dying_at, points, requests
from tests.service.setting import PHONE, Service, Telephone, service_on
from tests.service.test_call_in import dialled_in
from tests.service.test_killed import Ledger, in_a_process_that_dies

QUICK = {
    "DRIVE_RAMP_SECONDS": "0",
    "OFFICE_MAX_CALLS": "100",
    "OFFICE_CALLS_PER_MINUTE": "100",
}
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


@dataclass
class Company(Ledger):
    """A telephone company whose books outlive who wrote them; `trouble` is what a create meets."""

    def place(self, order: PlaceOrder) -> str:
        """Ring somebody, unless there is trouble."""
        match self.trouble:
            case "busy":
                raise CarrierBusyError("Too many requests.")
            case "refused":
                raise CarrierRefusedError("The account is suspended.", reason="account", code=20005)
            case "lost-before":
                raise CarrierUnknownError("No answer.")
        sid = super().place(order)
        if self.trouble == "lost-after":
            raise CarrierUnknownError("No answer.")
        return sid

    def find(self, **wanted: object) -> list[CarrierCall]:  # type: ignore[override]
        """List what rang, unless it cannot be asked."""
        if self.trouble == "speechless":
            raise CarrierUnknownError("No answer.")
        return list(super().find(**wanted))  # type: ignore[arg-type]

    def fetch(self, sid: str) -> CarrierCall | None:
        """Return a call; everybody has hung up by the time that somebody asks."""
        known = {line[0]: line for line in self.lines()}
        if sid not in known:
            return None
        _, to, from_, _ = known[sid]
        return CarrierCall(
            sid=sid,
            parent_sid=None,
            to=to,
            from_=from_,
            status=CarrierStatus.COMPLETED,
            created=self.clock.now(),
            seconds=20,
        )


def on_the_line(service: Service, path: Path, trouble: str | None = None) -> Service:
    """Return the service at the company whose books are a file."""
    path.touch()
    line = Company(service.clock, path=path, trouble=trouble)
    return replace(service, line=line, ctx=replace(service.ctx, carrier=line))


def books(service: Service) -> list[list[str]]:
    """Return what rang."""
    assert isinstance(service.line, Company)
    return service.line.lines()


def telephones(service: Service) -> list[Telephone]:
    """Return every supporter's end of a call that rang."""
    return [
        Telephone(service=service, token=token, sid=sid, to=to)
        for sid, to, _, token in books(service)
    ]


def at_once(service: Service) -> None:
    """Let the pace have a free slot, and every lease be over."""
    with service.database.writing() as unit:
        unit.connection.execute(text("UPDATE pace SET next_free = 0, closed_until = 0"))
        unit.connection.execute(text("UPDATE attempts SET lease_until = 0 WHERE state = 'claimed'"))


def ask_slowly(service: Service) -> None:
    """Ask for a call while the pace has no slot: it waits for the dialer."""
    with service.database.writing() as unit:
        unit.pace.take(0.0001)
    service.start(PHONE)
    at_once(service)


# Scenarios: what is there before, and what the process does that dies in the midst of it. ---------


def _nothing(_: Service) -> None:
    """Prepare nothing."""


def _drive(service: Service) -> None:
    begun(service, 2)


def _ring_a_drive(service: Service) -> None:
    dial(service)
    for phone in telephones(service):
        phone.answer()
        phone.press("1")
        phone.hang_up()
    for _ in range(3):
        dial(service)


def _drive_without_targets(service: Service) -> None:
    service.publish(order=(Pick.HOUSE,))
    header = "phone,zip,consent_source,consent_at\n"
    begun(service, text=f"{header}+12025550101,20001,rally,2026-05-04\n")
    service.publish()


def _unknown(service: Service) -> None:
    """Leave an attempt that may have rung, long ago."""
    service.start(PHONE)
    service.clock.forward(minutes=11)


def _unknown_but_bound(service: Service) -> None:
    service.start(PHONE)
    with service.database.writing() as unit:
        unit.connection.execute(text("UPDATE attempts SET state = 'unknown'"))
    service.clock.forward(minutes=11)


def _silent(service: Service) -> None:
    service.start(PHONE)
    telephones(service)[-1].answer()
    service.clock.forward(minutes=6)


def _copied(service: Service) -> None:
    """Be a copy, let go, of a database that rang all these people after the backup."""
    ask_slowly(service)
    begun(service, 1)
    with service.database.writing() as unit:
        unit.installation.hold_copy(service.clock.now())
    for to in ("+12025550147", "+12025550100"):
        order = PlaceOrder(
            to=to, from_=service.line.number, token="elsewhere", ring=1, time_limit=9
        )
        Ledger.place(service.line, order)  # type: ignore[arg-type]
    release(service.ctx)


def _answer_a_call_in(service: Service) -> None:
    spoken = hooks.inbound(service.ctx, dialled_in())
    hooks.sorry(service.ctx, spoken.token)
    inbound_status(service.ctx, dialled_in(status=CarrierStatus.COMPLETED))


def _jobs_due(service: Service) -> None:
    service.start(PHONE)
    phone = telephones(service)[-1]
    phone.answer()
    phone.press("1")
    phone.press("1")
    phone.bridge_ends()
    phone.press("2")
    phone.hang_up()
    service.clock.forward(days=40)


def _dial(service: Service) -> None:
    dial(service)


def _start(service: Service) -> None:
    service.start(PHONE)


def _run_jobs(service: Service) -> None:
    run_due(service.ctx, owner="mortal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is prepared, what dies, the trouble each meets, and how often somebody may ring."""

    work: Callable[[Service], None]
    prepare: Callable[[Service], None] = _nothing
    before: str | None = None
    during: str | None = None


SCENARIOS: Mapping[str, Scenario] = {
    "drive": Scenario(prepare=_drive, work=_ring_a_drive),
    "drive that has lost its targets": Scenario(prepare=_drive_without_targets, work=_dial),
    "busy carrier": Scenario(prepare=_drive, work=_dial, during="busy"),
    "suspended account": Scenario(prepare=_drive, work=_dial, during="refused"),
    "answer lost": Scenario(work=_start, during="lost-after"),
    "waiting": Scenario(prepare=ask_slowly, work=_dial),
    "found by asking": Scenario(prepare=_unknown, before="lost-after", work=_dial),
    "never placed": Scenario(prepare=_unknown, before="lost-before", work=_dial),
    "bound meanwhile": Scenario(prepare=_unknown_but_bound, work=_dial),
    "without news": Scenario(prepare=_silent, work=_dial),
    "copy": Scenario(prepare=_copied, work=_dial),
    "copy and no word": Scenario(prepare=_copied, work=_dial, during="speechless"),
    "call in": Scenario(work=_answer_a_call_in),
    "jobs": Scenario(prepare=_jobs_due, work=_run_jobs),
}
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
    "drives/dialling._record#1": "drive",
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
    if scenario.work is _answer_a_call_in:
        _answer_a_call_in(alive)
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
