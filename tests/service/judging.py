"""What must hold when a process has died and another has worked on: rings, texts, words, money."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from callbridge.domain.deliveries import MAIL_LANE
from callbridge.domain.records import AttemptKind, AttemptState
from callbridge.service.after.texting import send_due
from callbridge.service.appointments.planning import keep_appointments
from callbridge.service.deliveries.handing_out import hand_out
from callbridge.service.deliveries.sending import deliver
from callbridge.service.drives import running
from callbridge.service.jobs import run_due
from callbridge.service.money.booking import book_ended
from callbridge.store.appointment_tables import appointments
from callbridge.store.budget_tables import spending
from callbridge.store.drive_tables import contacts
from callbridge.store.outbox_tables import deliveries, happenings
from callbridge.store.tables import attempts, calls
from callbridge.store.text_tables import texts
from tests.service.drives.crowd import dial
from tests.service.scenarios import at_once, books
from tests.service.setting import Service

MOVING = ("claimed", "dialing", "unknown", "placed")


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
        keep_appointments(service.ctx)
        send_due(service.ctx, owner="alive")
        run_due(service.ctx, owner="alive")
        hand_out(service.ctx)
        deliver(service.ctx, owner="alive")
        book_ended(service.ctx)


def look(service: Service, path: Path) -> None:
    """Hold what everybody else wrote down against our books; `path` is the company's file."""
    look_at_rings(service)
    look_at_appointments(service)
    look_at_texts(service, path.with_suffix(".texts"))
    look_at_deliveries(service, path.with_suffix(".told"))
    look_at_money(service)


def look_at_rings(service: Service) -> None:
    """Nobody rang twice, is forgotten or stuck."""
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


def look_at_appointments(service: Service) -> None:
    """Every ring that was agreed on and has not ended has its next occurrence, once."""
    with service.database.reading() as unit:
        going_on = unit.connection.scalars(
            select(appointments.c.id).where(appointments.c.ended.is_(None))
        ).all()
        planned = unit.connection.scalars(
            select(attempts.c.appointment).where(
                attempts.c.kind == AttemptKind.APPOINTMENT.value,
                attempts.c.state == AttemptState.PLANNED.value,
            )
        ).all()
    assert sorted(planned) == sorted(going_on)


def look_at_texts(service: Service, sent: Path) -> None:
    """No text went out twice, and none waits or hangs in the air."""
    with service.database.reading() as unit:
        rows = unit.connection.execute(select(texts.c.state)).all()
    open_ = [row.state for row in rows if row.state in {"planned", "claimed", "sending"}]
    assert not open_
    tokens = _lines(sent)
    assert len(tokens) == len(set(tokens))


def look_at_deliveries(service: Service, told: Path) -> None:
    """Everything that happened was made one message for each receiver, and every one arrived."""
    with service.database.reading() as unit:
        left = unit.connection.scalar(select(func.count()).select_from(happenings))
        rows = unit.connection.execute(
            select(deliveries.c.id, deliveries.c.lane, deliveries.c.state)
        ).all()
    assert not left
    assert {row.state for row in rows} <= {"delivered"}
    arrived = dict(line.split(" ", 1) for line in _lines(told) if line.startswith("msg_"))
    assert {row.id for row in rows if row.lane != MAIL_LANE} == set(arrived)
    # A message has its id for good, so two ids with the same words are one fact told twice.
    read = [json.loads(body) for body in arrived.values()]
    words = Counter(f"{one['type']} {json.dumps(one['data'], sort_keys=True)}" for one in read)
    assert all(count == 1 for count in words.values()), words


def look_at_money(service: Service) -> None:
    """Every call that is over was booked once, in every scope it belongs to."""
    with service.database.reading() as unit:
        over = unit.connection.execute(select(calls.c.cost).where(calls.c.ended.is_not(None))).all()
        booked = unit.connection.scalar(
            select(spending.c.micros).where(spending.c.scope == "all", spending.c.day == "")
        )
    assert all(row.cost is not None for row in over)
    assert (booked or 0) == sum(row.cost for row in over)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
