"""How the installation stands, for the health page and for metrics; changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callbridge.domain.deliveries import LaneView
from callbridge.domain.installation import Installation
from callbridge.domain.vitals import Vitals
from callbridge.service.context import Context
from callbridge.service.jobs import JobView, standings
from callbridge.service.money.ceilings import CeilingView, views


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything that an operator looks at."""

    vitals: Vitals
    jobs: Sequence[JobView]
    installation: Installation
    directory_days: int
    directory_fits: bool
    carrier: str | None
    money: Sequence[CeilingView]
    lanes: Mapping[str, LaneView]


def standing(ctx: Context) -> Standing:
    """Look at everything once."""
    now = ctx.clock.now()
    with ctx.store.reading() as unit:
        unit.analysis.freeze()
        vitals, here = unit.counting.vitals(now), unit.installation.read()
        lanes = unit.outbox.views()
    return Standing(
        vitals=vitals,
        jobs=standings(ctx),
        installation=here,
        directory_days=(now.date() - ctx.directory.as_of).days,
        directory_fits=ctx.directory.fits(now.date()),
        carrier=ctx.carrier.name if ctx.carrier else None,
        money=views(ctx),
        lanes=lanes,
    )
