"""Puts the counts of an analysis page together: local hours, members' names; draws nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from callbridge.domain.exported import Whose
from callbridge.domain.figures import Figures, HourCount, OfficeReach, Reach, Said, TargetCount
from callbridge.domain.selection import Selection
from callbridge.domain.survey import Meaning
from callbridge.service.context import Context
from callbridge.service.scoping import Dialled, dialled, scope_of
from callbridge.service.views import PublishedCampaign


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


def figures(ctx: Context, slug: str, selection: Selection) -> Shown:
    """Return the figures of a campaign under a filter. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        campaign = ctx.shelf.find(unit, slug)
        known = dialled(ctx, unit, slug)
        scope = scope_of(slug, selection, known)
        counts = unit.figures
        hours = counts.hours(scope)
        found = Figures(
            funnel=counts.funnel(scope),
            days=counts.days(scope),
            reach=_by_hour_of_week(hours, known),
            offices=_by_office(hours),
            meanings=counts.meanings(scope),
            lengths=counts.lengths(scope),
            said=_said(counts.positions(scope), known),
        )
        everything = scope_of(slug, Selection(), known)
        revisions = [fact.revision for fact in unit.analysis.revisions(everything)]
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


def _by_hour_of_week(hours: Sequence[HourCount], known: Dialled) -> list[Reach]:
    dialled_, connected = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for one in hours:
        utc = datetime.strptime(one.hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
        local = utc.astimezone(ZoneInfo(known.zone(one.office)))
        place = local.weekday(), local.hour
        dialled_[place] += one.dialled
        connected[place] += one.connected
    return [
        Reach(weekday=day, hour=hour, dialled=count, connected=connected[day, hour])
        for (day, hour), count in sorted(dialled_.items())
    ]


def _by_office(hours: Sequence[HourCount]) -> list[OfficeReach]:
    dialled_, connected = Counter[str](), Counter[str]()
    for one in hours:
        dialled_[one.office] += one.dialled
        connected[one.office] += one.connected
    found = [
        OfficeReach(office=office, dialled=count, connected=connected[office])
        for office, count in dialled_.items()
    ]
    return sorted(found, key=lambda one: (one.connected / one.dialled, -one.dialled, one.office))


def _said(counts: Sequence[TargetCount], known: Dialled) -> list[Said]:
    by_target: Mapping[str, dict[Meaning, int]] = defaultdict(dict)
    for one in counts:
        by_target[one.target][one.meaning] = one.count
    found = [Said(whose=known.member(t), counts=c) for t, c in by_target.items()]
    return sorted(found, key=lambda one: (one.whose.name, one.whose.target))
