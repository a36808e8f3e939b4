"""Turns an analyst's filter into a scope: looks up whose offices were dialled; counts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    offices = unit.figures.dialled(slug)
    whose: dict[str, Whose] = {}
    for one in offices:
        if one.target not in whose:
            member = ctx.directory.member(one.target, on=today)
            whose[one.target] = Whose(
                target=one.target,
                name=one.name,
                chamber=one.chamber,
                party=member.party if member else "",
                state=one.state,
                district=one.district,
            )
    return Dialled(whose=whose, zones={one.office: one.zone for one in offices})


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
