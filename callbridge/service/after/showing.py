"""The links that the page which started a call shows once the call is over; makes none."""

from __future__ import annotations

from callbridge.service.after.links import Links, shown
from callbridge.service.context import Context
from callbridge.service.views import CallView


def links(ctx: Context, view: CallView) -> Links:
    """Return a call's links; none while it goes on."""
    if view.ended is None or not view.legs:
        return Links()
    with ctx.store.reading() as unit:
        record = unit.calls.by_id(view.call)
        return shown(ctx, unit, record) if record else Links()
