"""The public counter: calls that reached an office, kept for a minute; identifies nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callbridge.domain.campaign import Campaign
from callbridge.errors import NotFoundError
from callbridge.service.context import Context

# Below it a number is a person: who knows that somebody called would see when it rises, and whom
# the call reached.
LEAST = 10
KEPT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """How many calls the carrier connected to an office, and how many members they reached.

    Both None while there are fewer than LEAST calls.
    """

    calls: int | None
    members: int | None
    counted: datetime


@dataclass(slots=True)
class Counters:
    """The counters of one process, each counted again when it is a minute old."""

    _kept: dict[str, Counter] = field(default_factory=dict)

    def get(self, ctx: Context, slug: str, campaign: Campaign) -> Counter:
        """Return a campaign's counter. Raises NotFoundError where its organizer shows none."""
        if not campaign.public_counter:
            raise NotFoundError("This campaign shows no counter.")
        now = ctx.clock.now()
        kept = self._kept.get(slug)
        if kept is None or not now - KEPT < kept.counted <= now:
            kept = self._kept[slug] = _count(ctx, slug, now)
        return kept


def _count(ctx: Context, slug: str, now: datetime) -> Counter:
    with ctx.store.reading() as unit:
        unit.analysis.freeze()
        calls, members = unit.figures.reached(slug)
    if calls < LEAST:
        return Counter(calls=None, members=None, counted=now)
    return Counter(calls=calls, members=members, counted=now)
