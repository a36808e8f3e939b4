"""Keeps what was agreed on by keypad: a ring at a time, a slot moved or stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from callbridge.domain.appointments import OneOff, Slot, Weekly, move
from callbridge.domain.facts import RingAsked, SlotMoved, SlotStopped
from callbridge.domain.records import AppointmentRecord, CallRecord
from callbridge.service.appointments.planning import plan_next
from callbridge.service.context import Context
from callbridge.service.phones import phone_of
from callbridge.service.storage import Unit


def agree(
    ctx: Context, unit: Unit, record: CallRecord, fact: RingAsked | SlotMoved | SlotStopped
) -> None:
    """Write what the supporter of a call agreed on; whoever keys has the phone in their hand."""
    now = ctx.clock.now()
    if isinstance(fact, RingAsked):
        _ask(ctx, unit, record, fact)
        return
    mine = unit.appointments.of_call(record.id)
    if mine is None or not isinstance(mine.rule, Weekly):
        return
    match fact:
        case SlotStopped():
            unit.appointments.end([mine.id], at=now, reason="stopped", by=record.id)
        case SlotMoved():
            rule = move(mine.rule, minute=fact.minute, days=frozenset(fact.days))
            # Today's call is this one.
            tomorrow = now.astimezone(ZoneInfo(rule.zone)).date() + timedelta(days=1)
            unit.appointments.change(mine.id, rule=replace(rule, starts=tomorrow))


def _ask(ctx: Context, unit: Unit, record: CallRecord, fact: RingAsked) -> None:
    later = record.call.later
    if record.phone_hash is None or record.phone_enc is None or later is None:
        return
    now = ctx.clock.now()
    unit.guards.lock(record.phone_hash)
    # The newest word counts: two rings for one campaign would surprise.
    older = [
        one.id
        for one in unit.appointments.open_of(hashes_of(ctx, record))
        if one.slug == record.slug and isinstance(one.rule, OneOff)
    ]
    unit.appointments.end(older, at=now, reason="replaced")
    local = fact.at.astimezone(ZoneInfo(later.zone))
    slot = Slot(day=local.date(), minute=local.hour * 60 + local.minute)
    new = unit.appointments.add(
        AppointmentRecord(
            id=0,
            token=ctx.token(),
            slug=record.slug,
            rule=OneOff(zone=later.zone, slot=slot),
            opening=fact.opening,
            language=record.call.language,
            zip=record.call.zip,
            district=record.call.district,
            phone_hash=record.phone_hash,
            phone_enc=record.phone_enc,
            consent=record.consent,
            consented=record.consented or now,
            parent=record.id,
            created=now,
        )
    )
    plan_next(ctx, unit, new)


def hashes_of(ctx: Context, record: CallRecord) -> tuple[str, ...]:
    """Return the hashes that the number of a call may be stored under."""
    phone = phone_of(ctx, record)
    if phone is not None:
        return ctx.vault.hashes(phone)
    return (record.phone_hash,) if record.phone_hash else ()
