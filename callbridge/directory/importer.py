"""Makes the facts of a directory out of the raw sources; knows neither packing nor network."""

from __future__ import annotations

from datetime import timedelta

from callbridge.directory.areas import give_seats, read_areas
from callbridge.directory.facts import Facts, Person
from callbridge.directory.people import read_people
from callbridge.directory.sources import Raw, RawSources
from callbridge.directory.states import COMMISSIONER, STATES
from callbridge.directory.terms import congress_on
from callbridge.directory.zips import Gazetteer, load_package, read_zips
from callbridge.domain.congress import Chamber
from callbridge.errors import DirectoryError

# A table of districts published between an election and the new Congress is the new Congress's.
_AHEAD = timedelta(days=60)


def import_facts(raw: RawSources) -> Facts:
    """Return the facts of a directory. Raises DirectoryError when a source makes no sense."""
    rows, package = load_package()
    areas = _areas(raw.areas)
    bare = read_zips(rows, areas=areas.keys())
    people = _people(raw, Gazetteer(bare))
    zips = give_seats(bare, areas)
    held = {p.member.district for p in people if p.member.chamber is Chamber.HOUSE}
    seats = held.union(*(fact.seats for fact in zips), *areas.values())
    return Facts(
        as_of=raw.legislators.as_of,
        map_congress=congress_on(raw.areas.as_of + _AHEAD),
        sources=(*raw.notes(), package),
        people=people,
        house_seats=tuple(sorted(seat for seat in seats if seat)),
        zips=zips,
    )


def _areas(raw: Raw) -> dict[str, frozenset[str]]:
    try:
        areas = read_areas(raw.text())
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise DirectoryError(f"{raw.name} is not the table it should be: {error!r}.") from error
    found = {seat[:2] for seats in areas.values() for seat in seats}
    if missing := (STATES | {"DC", COMMISSIONER}) - found:
        raise DirectoryError(f"{raw.name} says nothing of {', '.join(sorted(missing))}.")
    return areas


def _people(raw: RawSources, gazetteer: Gazetteer) -> tuple[Person, ...]:
    try:
        return read_people(
            raw.legislators.entries(),
            raw.offices.entries(),
            gazetteer=gazetteer,
            as_of=raw.legislators.as_of,
        )
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise DirectoryError(
            f"{raw.legislators.name} or {raw.offices.name} lacks what every entry has: {error!r}."
        ) from error
