"""Puts the counts of an analysis page together: local hours, members' names; draws nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from callbridge.domain.exported import Whose
from callbridge.domain.figures import NOTHING, Figures, OfficeReach, Said, TargetCount
from callbridge.domain.selection import Scope, Selection
from callbridge.domain.survey import Meaning
from callbridge.service.analysis.storage import Figures as Counts
from callbridge.service.context import Context
from callbridge.service.scoping import Dialled, dialled, scope_of
from callbridge.service.views import PublishedCampaign

ALL = frozenset(field.name for field in fields(Figures))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a filter can choose from."""

    members: Sequence[Whose]
    parties: Sequence[str]
    states: Sequence[str]
    revisions: Sequence[str]
    languages: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A campaign's figures under one filter."""

    campaign: PublishedCampaign
    selection: Selection
    choices: Choices
    figures: Figures


def figures(
    ctx: Context, slug: str, selection: Selection, *, only: frozenset[str] | None = None
) -> Shown:
    """Return the figures of a campaign under a filter. Raises NotFoundError.

    `only` these figures are counted, all others are empty.
    """
    with ctx.store.reading() as unit:
        unit.analysis.freeze()
        campaign = ctx.shelf.find(unit, slug)
        known = dialled(ctx, unit, slug)
        found = _counted(unit.figures, scope_of(slug, selection, known), known, only)
        revisions = unit.analysis.digests(slug)
    whose = sorted(known.whose.values(), key=lambda one: (one.name, one.target))
    return Shown(
        campaign=campaign,
        selection=selection,
        figures=found,
        choices=Choices(
            members=whose,
            parties=sorted({one.party for one in whose if one.party}),
            states=sorted({one.state for one in whose if one.state}),
            revisions=revisions,
            languages=sorted(campaign.campaign.languages),
        ),
    )


def _counted(counts: Counts, scope: Scope, known: Dialled, only: frozenset[str] | None) -> Figures:
    wanted = ALL if only is None else only
    reach, offices = counts.reach(scope) if wanted & {"reach", "offices"} else ((), ())
    return Figures(
        funnel=counts.funnel(scope) if "funnel" in wanted else NOTHING.funnel,
        days=counts.days(scope) if "days" in wanted else (),
        reach=reach,
        offices=sorted(offices, key=_worst_first),
        meanings=counts.meanings(scope) if "meanings" in wanted else (),
        lengths=counts.lengths(scope) if "lengths" in wanted else (),
        said=_said(counts.positions(scope), known) if "said" in wanted else (),
    )


def _worst_first(one: OfficeReach) -> tuple[float, int, str]:
    return one.connected / one.dialled, -one.dialled, one.office


def _said(counts: Sequence[TargetCount], known: Dialled) -> list[Said]:
    by_target: Mapping[str, dict[Meaning, int]] = defaultdict(dict)
    for one in counts:
        by_target[one.target][one.meaning] = one.count
    found = [Said(whose=known.member(t), counts=c) for t, c in by_target.items()]
    return sorted(found, key=lambda one: (one.whose.name, one.whose.target))
