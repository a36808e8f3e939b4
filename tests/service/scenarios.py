"""What a process is at when it dies: the dialer's work and the hooks', each as a small scene."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import text

from callbridge.domain.campaign import Pick
from callbridge.domain.telephony import CarrierCall, CarrierStatus, PlaceOrder, TextOrder
from callbridge.errors import (
    CarrierBusyError,
    CarrierRefusedError,
    CarrierUnknownError,
    DeliveryError,
)
from callbridge.paper.printing import Paper
from callbridge.service import hooks
from callbridge.service.jobs import run_due
from callbridge.service.restored import release
from callbridge.service.statuses import inbound_status
from callbridge.web import drawing
from tests.service.drives.crowd import begun, dial
from tests.service.drives.standstill import standing_still
from tests.service.setting import LINE, PHONE, Service, Telephone
from tests.service.test_call_in import dialled_in
from tests.service.test_killed import Ledger

QUICK = {
    "DRIVE_RAMP_SECONDS": "0",
    "OFFICE_MAX_CALLS": "100",
    "OFFICE_CALLS_PER_MINUTE": "100",
    "TEXT_FROM": LINE,
    "ORGANIZATION": "Prairie League",
    "MINUTE_PRICE": "0.01",
    "OFFICE_MINUTE_PRICE": "0.01",
    "SMTP_URL": "smtp://127.0.0.1:9",
    "MAIL_FROM": "calls@example.org",
}


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

    def send_text(self, order: TextOrder) -> str:
        """Take a text, unless there is trouble; its body leads to somebody's page and stays."""
        match self.trouble:
            case "busy":
                raise CarrierBusyError("Too many requests.")
            case "refused":
                raise CarrierRefusedError("They said STOP.", reason="stopped", code=21610)
            case "lost-before":
                raise CarrierUnknownError("No answer.")
        sent = entered(self.path.with_suffix(".texts"), order.token)
        return f"SM{sent:032x}"

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
            price=0.0135,
        )


@dataclass
class Receivers:
    """Who is told by webhook and by mail, and keeps it in a file; `deaf` ones take nothing."""

    path: Path
    deaf: bool = False

    def check(self, _: str) -> None:
        """Find any address good."""

    def post(self, _: str, *, headers: Mapping[str, str], body: bytes) -> None:
        """Take a webhook's message."""
        self._take(headers["webhook-id"], body)

    def send(self, body: bytes, *, to: str) -> None:
        """Take a mail."""
        self._take(to, hashlib.sha256(body).hexdigest().encode())

    def _take(self, name: str, body: bytes) -> None:
        if self.deaf:
            raise DeliveryError("It does not answer.")
        entered(self.path, f"{name} {body.decode()}")


@dataclass
class Publisher:
    """A directory's publisher, whose news is held for an operator."""

    def renew(self, *, today: date) -> str:
        """Hold what is new."""
        return f"Much is different on {today}."

    def waits(self) -> bool:
        """Tell that it is held."""
        return True


def entered(path: Path, line: str) -> int:
    """Write a line into a file that outlives this process; return which one it is."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    return len(path.read_text(encoding="utf-8").splitlines())


def on_the_line(service: Service, path: Path, trouble: str | None = None) -> Service:
    """Return the service at the company whose books are a file, and whoever is told with it."""
    path.touch()
    line = Company(service.clock, path=path, trouble=trouble)
    told = Receivers(path.with_suffix(".told"), deaf=trouble == "deaf")
    ctx = replace(
        service.ctx,
        carrier=line,
        poster=told,
        mailer=told,
        renewer=Publisher(),
        printer=Paper(drawing.render),
    )
    return replace(service, line=line, ctx=ctx)


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
        for table in ("texts", "lanes", "jobs"):
            held = text(f"UPDATE {table} SET lease_until = 0 WHERE owner IS NOT NULL")
            unit.connection.execute(held)


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


def _dial_late(service: Service) -> None:
    dial(standing_still(service))


def _start(service: Service) -> None:
    service.start(PHONE)


def _run_jobs(service: Service) -> None:
    run_due(service.ctx, owner="mortal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is prepared, what dies, and the trouble each meets.

    `again` is what comes once more by itself when nobody answered: a hook, a form.
    """

    work: Callable[[Service], None]
    prepare: Callable[[Service], None] = _nothing
    again: Callable[[Service], None] = _nothing
    before: str | None = None
    during: str | None = None


SCENARIOS: Mapping[str, Scenario] = {
    "drive": Scenario(prepare=_drive, work=_ring_a_drive),
    "drive that is late": Scenario(prepare=_drive, work=_dial_late),
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
    "call in": Scenario(work=_answer_a_call_in, again=_answer_a_call_in),
    "jobs": Scenario(prepare=_jobs_due, work=_run_jobs),
}
