"""Turns an analyst's filter into a scope: looks up whose offices were dialled; counts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callbridge.domain.call import Target
from callbridge.domain.exported import Whose
from callbridge.domain.selection import Scope, Selection
from callbridge.service.context import Context
from callbridge.service.storage import Unit

WASHINGTON = "America/New_York"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    """Who was dialled by a campaign, and the zone of each of their offices by its id."""

    whose: Mapping[str, Whose]
    zones: Mapping[str, str]

    def zone(self, office: str) -> str:
        """Return an office's zone, Washington's where it is not known."""
        return self.zones.get(office, WASHINGTON)

    def member(self, target: str) -> Whose:
        """Return who is behind a target."""
        return self.whose.get(target) or Whose(target=target, name=target)


def dialled(ctx: Context, unit: Unit, slug: str) -> Dialled:
    """Return whom a campaign dialled, as their calls kept it; the party is the directory's."""
    today = ctx.clock.now().date()
    targets = unit.analysis.targets(slug)
    whose = {}
    for key, target in targets.items():
        member = ctx.directory.member(key, on=today)
        whose[key] = Whose(
            target=key,
            name=target.name,
            chamber=target.chamber,
            party=member.party if member else "",
            state=target.state,
            district=target.district,
        )
    return Dialled(whose=whose, zones=_zones(targets))


def _zones(targets: Mapping[str, Target]) -> dict[str, str]:
    return {office.id: office.zone for t in targets.values() for office in t.offices}


def scope_of(slug: str, selection: Selection, known: Dialled) -> Scope:
    """Return the scope of a filter within a campaign."""
    if not selection.by_member:
        return Scope(slug=slug, selection=selection)
    members = frozenset(one.target for one in known.whose.values() if _fits(one, selection))
    return Scope(slug=slug, selection=selection, members=members)


def _fits(one: Whose, wanted: Selection) -> bool:
    return (
        (wanted.chamber is None or one.chamber is wanted.chamber)
        and (not wanted.party or one.party == wanted.party)
        and (not wanted.state or one.state == wanted.state)
        and (not wanted.member or one.target == wanted.member)
    )
