"""Reads the legislators and their offices into members; knows nothing of ZIPs → seats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from callbridge.directory.facts import Person
from callbridge.directory.rows import washington
from callbridge.directory.states import title_of
from callbridge.directory.zips import Gazetteer
from callbridge.domain.congress import Chamber, Member, Office

# The North American Numbering Plan: neither area code nor exchange begins with 0 or 1.
_NANP = re.compile(r"1?([2-9]\d{2}[2-9]\d{6})")
_PRONOUNS = {"F": "she", "M": "he"}


def e164(text: str | None) -> str | None:
    """Return an American number as E.164, None when the text holds none."""
    match = _NANP.fullmatch(re.sub(r"\D", "", text or ""))
    return f"+1{match[1]}" if match else None


def spoken_name(name: Mapping[str, str]) -> str:
    """Return the name as a voice says it."""
    full = name.get("official_full") or f"{name.get('nickname') or name['first']} {name['last']}"
    return " ".join(full.split())


def read_people(
    legislators: Sequence[Mapping[str, Any]],
    district_offices: Sequence[Mapping[str, Any]],
    *,
    gazetteer: Gazetteer,
    as_of: date,
) -> tuple[Person, ...]:
    """Return everybody whose last term had not ended on the day of the data, by bioguide id.

    Raises KeyError, TypeError or ValueError where an entry lacks what every entry must have.
    """
    offices = {
        entry["id"]["bioguide"]: tuple(_office(row, gazetteer) for row in entry["offices"])
        for entry in district_offices
    }
    people = (_person(entry, offices) for entry in legislators)
    return tuple(
        sorted(
            (person for person in people if person.member.term_ends >= as_of),
            key=lambda person: person.member.bioguide,
        )
    )


def _person(entry: Mapping[str, Any], offices: Mapping[str, tuple[Office, ...]]) -> Person:
    # The last term is the current one; earlier ones keep the phones of those days.
    term, bioguide, name = entry["terms"][-1], entry["id"]["bioguide"], entry["name"]
    senate, state = term["type"] == "sen", term["state"]
    phone = e164(term.get("phone"))
    member = Member(
        bioguide=bioguide,
        name=spoken_name(name),
        last_name=name["last"],
        chamber=Chamber.SENATE if senate else Chamber.HOUSE,
        title=title_of(senate=senate, state=state),
        pronoun=_PRONOUNS.get(entry["bio"].get("gender", ""), "they"),
        state=state,
        district=None if senate else f"{state}-{int(term['district'])}",
        party=term["party"],
        phone=phone,
        term_ends=date.fromisoformat(str(term["end"])),
        offices=(washington(bioguide, phone), *offices.get(bioguide, ())),
    )
    return Person(member=member, starts=date.fromisoformat(str(term["start"])))


def _office(row: Mapping[str, Any], gazetteer: Gazetteer) -> Office:
    point = None
    if row.get("latitude") is not None and row.get("longitude") is not None:
        point = (float(row["latitude"]), float(row["longitude"]))
    spot = gazetteer.spot(
        zip_text=str(row.get("zip") or ""), city=row["city"], state=row["state"], point=point
    )
    hours = " ".join(str(row.get("hours") or "").split())
    return Office(
        id=row["id"],
        city=row["city"].strip(),
        phone=e164(row.get("phone")),
        zone=spot.zone,
        hours=hours or None,
        lat=spot.lat,
        lon=spot.lon,
    )
