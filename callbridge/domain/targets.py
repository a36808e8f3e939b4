"""Whom a call is for, and which of their offices to dial; pure, the chance is an argument."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import replace
from math import asin, cos, radians, sin, sqrt

from callbridge.domain.call import Target
from callbridge.domain.campaign import Campaign, LocalTarget, Pick
from callbridge.domain.congress import Chamber, Member, Office, Place
from callbridge.domain.events import OfficeState

# After the first office of a member at most two more are offered in one call.
MORE_OFFICES = 2
FREE = OfficeState()


def settle(
    campaign: Campaign,
    place: Place | None,
    *,
    state: str | None = None,
    district: str | None = None,
    house: bool = True,
    members: Mapping[str, Member] | None = None,
    chance: float = 0.0,
) -> tuple[Target, ...]:
    """Return the targets of one call in the campaign's order, at most `campaign.most`.

    `state` and `district` are what the supporter chose, None where the place leaves no choice;
    `house` False leaves the House out. `members` resolves local rows that name a bioguide (a row
    whose member has left is left out). `chance` in [0, 1) seeds the pick of local targets.
    """
    found: list[Target] = []
    for pick in campaign.order:
        if pick is Pick.LOCAL:
            found += _rows(_local(campaign, chance), members or {}, place)
        elif place is not None and pick is Pick.SENATE:
            found += [congress_target(m, place) for m in _senators(place, state)]
        elif place is not None and house:
            found += [congress_target(m, place) for m in _house(place, state, district)]
    unique = {target.id: target for target in found if target.offices}
    return tuple(unique.values())[: campaign.most]


def _senators(place: Place, state: str | None) -> list[Member]:
    return [member for member in place.senators if state is None or member.state == state]


def _house(place: Place, state: str | None, district: str | None) -> list[Member]:
    return [
        member
        for member in place.representatives
        if (district is None or member.district == district)
        and (state is None or member.state == state)
    ]


def _local(campaign: Campaign, chance: float) -> list[LocalTarget]:
    always, rest = campaign.local[: campaign.local_always], campaign.local[campaign.local_always :]
    if campaign.local_random is None:
        return list(campaign.local)
    picked = random.Random(chance).sample(rest, min(campaign.local_random, len(rest)))  # noqa: S311
    return [*always, *picked]


def _rows(
    rows: list[LocalTarget], members: Mapping[str, Member], place: Place | None
) -> list[Target]:
    found = []
    for row in rows:
        if row.bioguide is None:
            found.append(local_target(row))
        elif row.bioguide in members:
            target = congress_target(members[row.bioguide], place)
            found.append(replace(target, note=row.note))
    return found


def congress_target(member: Member, place: Place | None) -> Target:
    """Snapshot a member: Washington first, then the others, the nearest to the place first."""
    first, others = member.offices[:1], member.offices[1:]
    ranked = sorted(others, key=lambda office: _rank(office, place))
    return Target(
        id=member.bioguide,
        name=member.name,
        last_name=member.last_name,
        title=member.title,
        pronoun=member.pronoun,
        chamber=Chamber(member.chamber),
        state=member.state,
        district=member.district,
        offices=tuple(office for office in (*first, *ranked) if office.phone),
    )


def local_target(row: LocalTarget) -> Target:
    """Snapshot a row of targets.csv that has offices of its own."""
    return Target(
        id=row.id,
        name=row.name,
        last_name=row.name.split()[-1] if row.name else row.name,
        title=row.title,
        pronoun=row.pronoun,
        chamber=None,
        state="",
        district=None,
        offices=tuple(office for office in row.offices if office.phone),
        note=row.note,
    )


def _rank(office: Office, place: Place | None) -> tuple[bool, float]:
    by_appointment = "appointment" in (office.hours or "").lower()
    if place is None or place.lat is None or place.lon is None:
        return by_appointment, 0.0
    if office.lat is None or office.lon is None:
        return by_appointment, float("inf")
    return by_appointment, miles(place.lat, place.lon, office.lat, office.lon)


def miles(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance in miles."""
    a, b = radians(lat), radians(other_lat)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * 3958.8 * asin(sqrt(half))


def first_office(target: Target, offices: Mapping[str, OfficeState]) -> Office | None:
    """Choose the office to dial first: the first one, or another while that rests or is full.

    Open or closed does not matter for the first one: the phone says so and dials. None when our
    own caps leave no office of this target free.
    """
    main = target.offices[0]
    state = offices.get(main.id, FREE)
    if state.free and not state.resting:
        return main
    other = other_office(target, offices, dialled=())
    if other is not None:
        return other
    return main if state.free else None


def other_office(
    target: Target, offices: Mapping[str, OfficeState], *, dialled: Collection[str]
) -> Office | None:
    """Choose the nearest other office that is open, free and not resting.

    `dialled` are the numbers already dialled in this call (never again). None when there is none,
    or when two more offices of this target were dialled already.
    """
    tried = sum(office.phone in dialled for office in target.offices)
    if tried > MORE_OFFICES:
        return None
    for office in target.offices:
        state = offices.get(office.id, FREE)
        if office.phone not in dialled and state.open and state.free and not state.resting:
            return office
    return None
