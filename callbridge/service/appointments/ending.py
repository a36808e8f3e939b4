"""Ends every ring of a number at once: its owner wants no more, or wants to be forgotten."""

from __future__ import annotations

from collections.abc import Collection

from callbridge.service.context import Context
from callbridge.service.storage import Unit


def end_all(
    ctx: Context, unit: Unit, hashes: Collection[str], *, reason: str, by: str | None = None
) -> None:
    """End every appointment of a number; `by` is the call whose undo opens them again."""
    planned = [one.id for one in unit.appointments.open_of(hashes)]
    unit.appointments.end(planned, at=ctx.clock.now(), reason=reason, by=by)
