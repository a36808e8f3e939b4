"""What a directory holds, counted, as a value for `directory show` and `check`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from callbridge.directory.facts import Source
from callbridge.directory.lookup import Directory
from callbridge.directory.snapshot import ESTIMATED, kind_of
from callbridge.domain.congress import Chamber, Member, ZipKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A directory on one day. Offices are district offices; Washington is counted by members."""

    as_of: date
    congress: int
    expires: date
    age_days: int
    warning: str | None
    sources: tuple[Source, ...]
    senators: int
    representatives: int
    seats: int
    vacant: tuple[str, ...]
    without_phone: tuple[Member, ...]
    without_district_phone: tuple[Member, ...]
    offices: int
    offices_with_phone: int
    zips: int
    zips_by_kind: dict[ZipKind, int]
    zips_split: int
    zips_estimated: int


def summarize(directory: Directory, *, on: date) -> Summary:
    """Count a directory as it stands on a day."""
    members, data = directory.members(on=on), directory.snapshot
    district_offices = [office for member in members for office in member.offices[1:]]
    kinds = [kind_of(flags) for flags in data.flags]
    senators = sum(member.chamber is Chamber.SENATE for member in members)
    return Summary(
        as_of=directory.as_of,
        congress=directory.congress,
        expires=directory.expires,
        age_days=max((on - directory.as_of).days, 0),
        warning=directory.warning(on),
        sources=directory.sources,
        senators=senators,
        representatives=len(members) - senators,
        seats=len(directory.seats()),
        vacant=directory.vacant(on=on),
        without_phone=tuple(m for m in members if m.phone is None),
        without_district_phone=tuple(m for m in members if not any(o.phone for o in m.offices[1:])),
        offices=len(district_offices),
        offices_with_phone=sum(office.phone is not None for office in district_offices),
        zips=len(data.zips),
        zips_by_kind={kind: kinds.count(kind) for kind in ZipKind},
        zips_split=sum(len(data.seat_sets[seats]) > 1 for seats in data.seats),
        zips_estimated=sum(bool(flags & ESTIMATED) for flags in data.flags),
    )
