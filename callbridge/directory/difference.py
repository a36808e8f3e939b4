"""What changed between two directories, as values that a page or a terminal can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from callbridge.directory.lookup import Directory
from callbridge.domain.congress import Member, Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A member who now holds another seat, or is of another party."""

    member: Member
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """An office whose phone changed. None: the office, or its phone, is not there."""

    office: str
    city: str
    member: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Districts:
    """A ZIP that leads to other House seats than before; () for a ZIP not in use."""

    zip: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a difference, ready to be laid out: a heading, column names and rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Who left, who came, which numbers and districts changed between two directories.

    `map_congress` is the Congress whose district lines the new one's ZIPs follow.
    """

    before: date
    after: date
    congress_before: int
    congress_after: int
    map_congress: int
    left: tuple[Member, ...]
    came: tuple[Member, ...]
    moved: tuple[Moved, ...]
    numbers: tuple[Number, ...]
    districts: tuple[Districts, ...]

    @property
    def empty(self) -> bool:
        """Tell whether nothing changed that a person would notice."""
        return not (self.left or self.came or self.moved or self.numbers or self.districts)

    def sections(self) -> tuple[Section, ...]:
        """Return the parts that are not empty, in the order in which they matter."""
        who = ("member", "seat", "party")
        found = (
            Section(title="Left", columns=who, rows=tuple(map(_who, self.left))),
            Section(title="Came", columns=who, rows=tuple(map(_who, self.came))),
            Section(
                title="Changed seat or party",
                columns=("member", "before", "after"),
                rows=tuple((m.member.name, m.before, m.after) for m in self.moved),
            ),
            Section(
                title="Changed numbers",
                columns=("member", "office", "before", "after"),
                rows=tuple(
                    (n.member, n.city, n.before or "–", n.after or "–") for n in self.numbers
                ),
            ),
            Section(
                title="ZIPs with other districts",
                columns=("ZIP", "before", "after"),
                rows=tuple((d.zip, _list(d.before), _list(d.after)) for d in self.districts),
            ),
        )
        return tuple(section for section in found if section.rows)


def compare(before: Directory, after: Directory, *, on: date) -> Difference:
    """Return what changes for people on a day when one directory takes the other's place."""
    old = {member.bioguide: member for member in before.members(on=on)}
    new = {member.bioguide: member for member in after.members(on=on)}
    stayed = [(old[key], new[key]) for key in sorted(old.keys() & new.keys())]
    return Difference(
        before=before.as_of,
        after=after.as_of,
        congress_before=before.congress,
        congress_after=after.congress,
        map_congress=after.map_congress,
        left=tuple(old[key] for key in sorted(old.keys() - new.keys())),
        came=tuple(new[key] for key in sorted(new.keys() - old.keys())),
        moved=tuple(
            Moved(member=b, before=f"{_seat(a)}, {a.party}", after=f"{_seat(b)}, {b.party}")
            for a, b in stayed
            if (_seat(a), a.party) != (_seat(b), b.party)
        ),
        numbers=tuple(number for a, b in stayed for number in _numbers(a, b)),
        districts=tuple(
            _districts(before.snapshot.house_seats_by_zip(), after.snapshot.house_seats_by_zip())
        ),
    )


def _numbers(before: Member, after: Member) -> Iterator[Number]:
    old: dict[str, Office] = {office.id: office for office in before.offices}
    new: dict[str, Office] = {office.id: office for office in after.offices}
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        phones = (was.phone if was else None, now.phone if now else None)
        if phones[0] != phones[1]:
            city = now.city if now else was.city if was else ""
            yield Number(
                office=key, city=city, member=after.name, before=phones[0], after=phones[1]
            )


def _districts(
    before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]
) -> Iterator[Districts]:
    for code in sorted(before.keys() | after.keys()):
        was, now = before.get(code, ()), after.get(code, ())
        if was != now:
            yield Districts(zip=code, before=was, after=now)


def _seat(member: Member) -> str:
    return member.district or f"{member.state}-SEN"


def _who(member: Member) -> tuple[str, str, str]:
    return member.name, _seat(member), member.party


def _list(seats: tuple[str, ...]) -> str:
    return ", ".join(seats) or "–"
