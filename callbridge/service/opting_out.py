"""Takes an opt-out from the web: this number is never rung again; knows no page."""

from __future__ import annotations

from callbridge.service import phones
from callbridge.service.appointments.ending import end_all
from callbridge.service.context import Context


def opt_out(ctx: Context, phone: str) -> None:
    """Store at once that a number must never be rung. Raises PhoneError.

    Any number that could be rung can be named; its owner undoes it by calling in.
    """
    number = phones.read_phone(phone, regions=ctx.settings.phone_regions, loopback=ctx.on_loopback)
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        unit.guards.opt_out(ctx.vault.hash(number), call=None, at=now)
        end_all(ctx, unit, ctx.vault.hashes(number), reason="opted-out")
