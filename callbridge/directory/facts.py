"""What the importer learned, as values, before it is packed; knows no file format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from callbridge.domain.congress import Member, ZipKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where facts came from. `as_of` is the publisher's date, None when it gives none.

    `digest` is the SHA-256 of the bytes that were read, "" for a Python package.
    """

    name: str
    url: str
    licence: str
    as_of: date | None
    version: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member and the day on which the term began."""

    member: Member
    starts: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipFacts:
    """One ZIP. `seats` are House seats, the postal state's first; `lat`, `lon` in degrees."""

    zip: str
    city: str
    state: str
    kind: ZipKind
    zone: str
    lat: float | None
    lon: float | None
    seats: tuple[str, ...] = ()
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A whole directory. `map_congress` is the Congress whose district lines the ZIPs follow."""

    as_of: date
    map_congress: int
    sources: tuple[Source, ...]
    people: tuple[Person, ...]
    house_seats: tuple[str, ...]
    zips: tuple[ZipFacts, ...]
