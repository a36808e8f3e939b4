"""A campaign's results in one plain value: answers per member and question, the last calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from callbridge.domain.records import CallLine, Tally
from callbridge.service.context import Context
from callbridge.service.views import PublishedCampaign

LAST_CALLS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Standing answers counted per member, question and meaning; the newest calls first."""

    campaign: PublishedCampaign
    tallies: Sequence[Tally]
    answers: int
    last_calls: Sequence[CallLine]


def results(ctx: Context, slug: str, *, most: int = LAST_CALLS) -> Results:
    """Return a campaign's results. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        unit.analysis.freeze()
        return Results(
            campaign=ctx.shelf.find(unit, slug),
            tallies=unit.figures.tallies(slug),
            answers=unit.figures.answers(slug),
            last_calls=unit.reports.last_calls(slug, most),
        )
