"""The dialer's rounds and the hooks look at what they need, however many calls there were."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Table,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    text,
)

from callbridge.domain.telephony import CarrierStatus
from callbridge.service.after.texting import send_due
from callbridge.service.appointments.planning import keep_appointments
from callbridge.service.deliveries.handing_out import hand_out
from callbridge.service.dialing import place_waiting
from callbridge.service.drives.dialling import place_drives
from callbridge.service.drives.following import follow_up, look_after
from callbridge.service.money.booking import book_ended
from callbridge.service.settling import settle_stuck, settle_unknown
from callbridge.store.drive_tables import contacts
from callbridge.store.tables import attempts, calls, legs
from tests.service.drives.crowd import begun, ringing
from tests.service.plans import listening, slow_ones
from tests.service.scenarios import QUICK
from tests.service.setting import Service

# People who are there, half of them through, and how often each is copied: 20,000 attempts.
PEOPLE, COPIES = 20, 1000
# Beyond the ids that are given out before.
_FIRST, _STEP = 1000, 100


def crowded(service: Service, *, studied: bool) -> None:
    """Fill a database with a drive in its middle: many were rung, on days past and today.

    One that was not `studied` knows nothing of what is in its tables, as on a site's first day.
    """
    begun(service, PEOPLE)
    for rung in range(PEOPLE // 2):
        assert place_drives(service.ctx, owner="dialer", most=1) == 1
        everybody_talks(service)
        service.clock.forward(**({"days": 1} if rung < PEOPLE // 4 else {"minutes": 11}))
    follow_up(service.ctx)
    book_ended(service.ctx)
    _copy(service)
    with service.database.engine.connect() as connection:
        connection.execute(text("UPDATE pace SET next_free = 0, closed_until = 0"))
        if studied:
            connection.execute(text("ANALYZE"))
        connection.commit()


def everybody_talks(service: Service) -> None:
    """Let everybody who is rung pick up, talk to an office, say how it went, and hang up."""
    for phone in ringing(service):
        phone.answer()
        phone.press("1")
        phone.press("1")
        phone.bridge_ends()
        phone.press("2")
        service.line.set(phone.sid, CarrierStatus.COMPLETED, 90)
        phone.hang_up()


def _copy(service: Service) -> None:
    """Add people like those who are there, each with all that is known of them."""
    counted = select(literal(1, Integer).label("n")).cte(recursive=True)
    counted = counted.union_all(select(counted.c.n + 1).where(counted.c.n < COPIES))
    n = counted.c.n

    def number(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return _FIRST + n * _STEP + column

    def name(column: ColumnElement[Any], length: int) -> ColumnElement[Any]:
        return func.substr(cast(n, String) + "-" + column, 1, length)

    call = {"id": name(calls.c.id, 32), "token": name(calls.c.token, 48), "sid": null()}
    new: dict[Table, dict[str, ColumnElement[Any]]] = {
        calls: call | {"phone_hash": name(calls.c.phone_hash, 64)},
        # To other offices: one never talks to thousands in a day.
        legs: {"call": name(legs.c.call, 32), "phone": name(legs.c.phone, 20), "sid": null()},
        contacts: {"id": number(contacts.c.id), "phone_hash": name(contacts.c.phone_hash, 64)},
        attempts: {
            "id": number(attempts.c.id),
            "contact": number(attempts.c.contact),
            "call": name(attempts.c.call, 32),
            "phone_hash": name(attempts.c.phone_hash, 64),
        },
    }
    with service.database.writing() as unit:
        for table, changed in new.items():
            given = [changed.get(column.name, column) for column in table.c]
            rows = select(*given).select_from(table.join(counted, literal(value=True)))
            unit.connection.execute(insert(table).from_select(list(table.c.keys()), rows))
        if unit.connection.dialect.name == "postgresql":
            for filled in ("contacts", "attempts"):
                serial = f"pg_get_serial_sequence('{filled}', 'id')"
                unit.connection.execute(text(f"SELECT setval({serial}, 1000000)"))


@pytest.mark.sqlite_by_day
@pytest.mark.parametrize("studied", [True, False])
def test_no_round_of_the_dialer_and_no_hook_looks_at_every_call_that_ever_was(
    service: Service, monkeypatch: pytest.MonkeyPatch, *, studied: bool
) -> None:
    quick = service.with_settings(**QUICK)
    crowded(quick, studied=studied)
    with listening(monkeypatch) as asked:
        assert place_drives(quick.ctx, owner="dialer", most=3) == 3
        everybody_talks(quick)
        quick.line.trouble = "lost-after"
        place_drives(quick.ctx, owner="dialer", most=2)
        quick.line.trouble = "busy"
        place_drives(quick.ctx, owner="dialer", most=1)
        quick.line.trouble = None
        quick.clock.forward(minutes=11)
        place_waiting(quick.ctx, owner="dialer")
        settle_unknown(quick.ctx)
        settle_stuck(quick.ctx)
        follow_up(quick.ctx)
        look_after(quick.ctx)
        keep_appointments(quick.ctx)
        send_due(quick.ctx, owner="dialer")
        hand_out(quick.ctx)
        book_ended(quick.ctx)
    assert len(asked.statements) > 20
    slow = slow_ones(quick.database, asked)
    assert not slow, "\n\n".join(slow)
