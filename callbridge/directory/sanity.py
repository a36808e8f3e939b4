"""Judges a new directory: fit to be used at all, and fit to be used without asking anybody.

Between elections a few members and some dozens of numbers change in a month. A difference beyond
that is more likely a fault of a source than of the country, except when Congress changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from callbridge.directory.difference import Difference
from callbridge.directory.lookup import Directory
from callbridge.directory.snapshot import ESTIMATED
from callbridge.domain.congress import Chamber
from callbridge.errors import DirectoryError

HOUSE = range(415, 442)
SENATE = range(95, 101)
HOUSE_SEATS = range(441, 461)
FEWEST_ZIPS = 40_000
FEWEST_DISTRICT_PHONES = 900
MOST_WITHOUT_PHONE = 20
FEWEST_SURE_ZIPS = 30_000

MOST_MEMBERS = 15
MOST_NUMBERS = 200
MOST_ZIPS = 450


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanity:
    """Whether a difference may be applied by itself; if not, why an operator must look first."""

    sane: bool
    reasons: tuple[str, ...]


def judge(difference: Difference) -> Sanity:
    """Judge a difference.

    A new Congress changes much and is applied by itself, but never its lines before its day.
    """
    if difference.map_congress > difference.congress_after:
        lines = f"the district lines are already those of Congress {difference.map_congress}"
        return Sanity(sane=False, reasons=(lines,))
    if difference.congress_after > difference.congress_before:
        return Sanity(sane=True, reasons=())
    checks = (
        (len(difference.left), MOST_MEMBERS, "members left"),
        (len(difference.came), MOST_MEMBERS, "members came"),
        (len(difference.moved), MOST_MEMBERS, "members changed seat or party"),
        (len(difference.numbers), MOST_NUMBERS, "numbers changed"),
        (len(difference.districts), MOST_ZIPS, "ZIPs changed districts"),
    )
    reasons = tuple(
        f"{count:,} {what}, more than {most:,}" for count, most, what in checks if count > most
    )
    return Sanity(sane=not reasons, reasons=reasons)


def check(directory: Directory) -> None:
    """Raise DirectoryError when a directory cannot be the United States, naming every oddity."""
    on = directory.as_of
    members = directory.members(on=on)
    senate = sum(member.chamber is Chamber.SENATE for member in members)
    house = len(members) - senate
    silent = sum(member.phone is None for member in members)
    phones = sum(office.phone is not None for m in members for office in m.offices[1:])
    zips = directory.snapshot.zips
    sure = sum(not flags & ESTIMATED for flags in directory.snapshot.flags)
    house_seats = sum(seat.chamber is Chamber.HOUSE for seat in directory.seats())
    oddities = [
        sentence
        for odd, sentence in (
            (house not in HOUSE, f"{house} members of the House"),
            (senate not in SENATE, f"{senate} senators"),
            (house_seats not in HOUSE_SEATS, f"{house_seats} seats in the House"),
            (len(zips) < FEWEST_ZIPS, f"{len(zips):,} ZIPs"),
            (sure < FEWEST_SURE_ZIPS, f"{sure:,} ZIPs whose districts are sure"),
            (silent > MOST_WITHOUT_PHONE, f"{silent} members without a Washington phone"),
            (phones < FEWEST_DISTRICT_PHONES, f"{phones} district offices with a phone"),
        )
        if odd
    ]
    if oddities:
        raise DirectoryError(f"This is not the whole Congress: {', '.join(oddities)}.")
