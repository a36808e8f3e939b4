"""Members, offices and the seats a ZIP leads to, as values; knows no file and no network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Chamber(StrEnum):
    """Where a member sits."""

    SENATE = "senate"
    HOUSE = "house"


class ZipKind(StrEnum):
    """What a ZIP is: only an area has districts of its own."""

    AREA = "area"
    PO_BOX = "po-box"
    ORGANIZATION = "organization"
    MILITARY = "military"
    TERRITORY = "territory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One desk phone. `phone` is E.164 or None; `zone` an IANA name; `hours` the source's text."""

    id: str
    city: str
    phone: str | None
    zone: str
    hours: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in Congress. `district` is "CA-12" or "AK-0", None for a senator.

    `offices` has Washington first (id `<bioguide>-washington`), then the source's order.
    `title` is Senator, Representative, Delegate or Resident Commissioner; `pronoun` he or she.
    """

    bioguide: str
    name: str
    last_name: str
    chamber: Chamber
    title: str
    pronoun: str
    state: str
    district: str | None
    party: str
    phone: str | None
    term_ends: date
    offices: tuple[Office, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a ZIP leads to, judged on one day.

    `split`: more than one seat is possible. `estimated`: districts come from nearby areas.
    `vacant` lists seats such as "CA-14" or "OH-SEN". `reason` says in a sentence why nobody is
    listed, None when somebody is. `as_of` is the date of the members' data.
    """

    zip: str
    city: str
    state: str
    states: tuple[str, ...]
    kind: ZipKind
    districts: tuple[str, ...]
    split: bool
    estimated: bool
    senators: tuple[Member, ...]
    representatives: tuple[Member, ...]
    vacant: tuple[str, ...]
    as_of: date
    zone: str
    lat: float | None = None
    lon: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A place in Congress: "CA-12" or "OH-SEN", the name that a state's two senators share."""

    name: str
    chamber: Chamber
    state: str
    district: str | None
