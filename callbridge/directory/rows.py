"""A member as a short JSON row and back; knows nothing of ZIPs or files."""

from __future__ import annotations

from datetime import date
from typing import Any

from callbridge.directory.facts import Person, Source
from callbridge.directory.states import title_of
from callbridge.domain.congress import Chamber, Member, Office

Row = list[Any]
WASHINGTON_ZONE = "America/New_York"
CAPITOL = (38.8899, -77.0091)


def person_row(person: Person) -> Row:
    """Return a member as a list; what follows from the rest (title, Washington) is left out."""
    member = person.member
    return [
        member.bioguide,
        member.name,
        member.last_name,
        member.state,
        member.district,
        member.party,
        member.pronoun,
        person.starts.isoformat(),
        member.term_ends.isoformat(),
        member.phone,
        [_office_row(office) for office in member.offices[1:]],
    ]


def row_person(row: Row) -> Person:
    """Return the member in a row of `person_row`, and when the term began."""
    bioguide, name, last_name, state, district, party, pronoun, starts, ends, phone, offices = row
    senate = district is None
    member = Member(
        bioguide=bioguide,
        name=name,
        last_name=last_name,
        chamber=Chamber.SENATE if senate else Chamber.HOUSE,
        title=title_of(senate=senate, state=state),
        pronoun=pronoun,
        state=state,
        district=district,
        party=party,
        phone=phone,
        term_ends=date.fromisoformat(ends),
        offices=(washington(bioguide, phone), *map(_row_office, offices)),
    )
    return Person(member=member, starts=date.fromisoformat(starts))


def washington(bioguide: str, phone: str | None) -> Office:
    """Return the office on Capitol Hill, which no source lists as an office."""
    return Office(
        id=f"{bioguide}-washington",
        city="Washington",
        phone=phone,
        zone=WASHINGTON_ZONE,
        lat=CAPITOL[0],
        lon=CAPITOL[1],
    )


def source_row(source: Source) -> dict[str, Any]:
    """Return where facts came from as JSON."""
    return {
        "name": source.name,
        "url": source.url,
        "licence": source.licence,
        "as_of": source.as_of.isoformat() if source.as_of else None,
        "version": source.version,
        "digest": source.digest,
    }


def row_source(row: dict[str, Any]) -> Source:
    """Return the source in a row of `source_row`."""
    as_of = row["as_of"]
    return Source(**{**row, "as_of": date.fromisoformat(as_of) if as_of else None})


def _office_row(office: Office) -> Row:
    return [
        office.id,
        office.city,
        office.phone,
        office.zone,
        office.hours,
        office.lat,
        office.lon,
    ]


def _row_office(row: Row) -> Office:
    identity, city, phone, zone, hours, lat, lon = row
    return Office(id=identity, city=city, phone=phone, zone=zone, hours=hours, lat=lat, lon=lon)
