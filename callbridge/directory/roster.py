"""Who sits where on one day; knows members and their terms, no ZIP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from callbridge.directory.facts import Person
from callbridge.directory.states import STATES, seat_order
from callbridge.directory.terms import in_office
from callbridge.domain.congress import Chamber, Member, Seat

SENATORS = 2


def all_seats(house: Iterable[str]) -> tuple[Seat, ...]:
    """Return every seat, those of the House as given, two in the Senate for each state."""
    seats = [
        Seat(name=name, chamber=Chamber.HOUSE, state=name[:2], district=name) for name in house
    ]
    for state in STATES:
        seat = Seat(name=senate_seat(state), chamber=Chamber.SENATE, state=state, district=None)
        seats += [seat] * SENATORS
    return tuple(sorted(seats, key=lambda seat: seat_order(seat.name)))


def senate_seat(state: str) -> str:
    """Name a state's seats in the Senate."""
    return f"{state}-SEN"


class Seated(NamedTuple):
    """Who sits for a place: its states, its members, and the seats that nobody holds."""

    states: tuple[str, ...]
    senators: tuple[Member, ...]
    representatives: tuple[Member, ...]
    vacant: tuple[str, ...]


class Roster:
    """The members in office on one day, by seat; made once, then only read."""

    def __init__(self, people: Iterable[Person], *, on: date, house_seats: Iterable[str]) -> None:
        self.by_bioguide: dict[str, Member] = {}
        self._seated: dict[tuple[str, tuple[str, ...]], Seated] = {}
        self.house: dict[str, Member] = {}
        senators: dict[str, list[Member]] = {state: [] for state in STATES}
        for person in people:
            member = person.member
            if not in_office(starts=person.starts, ends=member.term_ends, on=on):
                continue
            self.by_bioguide[member.bioguide] = member
            if member.district is None:
                senators.setdefault(member.state, []).append(member)
            else:
                self.house[member.district] = member
        self.senators = {state: tuple(found) for state, found in senators.items()}
        short = (s for s, found in senators.items() if s in STATES and len(found) < SENATORS)
        self.short_of_senators = frozenset(short)
        empty = [seat for seat in house_seats if seat not in self.house]
        empty += [senate_seat(state) for state in self.short_of_senators]
        self.vacant = tuple(sorted(empty, key=seat_order))

    def seated(self, state: str, seats: tuple[str, ...]) -> Seated:
        """Return who sits for a place of a postal state and House seats; () where none belong."""
        key = (state, seats)
        known = self._seated.get(key)
        if known is None:
            known = self._seated[key] = self._seat(state, seats)
        return known

    def _seat(self, state: str, seats: tuple[str, ...]) -> Seated:
        states = tuple(dict.fromkeys([state, *(seat[:2] for seat in seats)])) if seats else ()
        short = tuple(senate_seat(s) for s in states if s in self.short_of_senators)
        return Seated(
            states=states,
            senators=tuple(member for s in states for member in self.senators.get(s, ())),
            representatives=tuple(self.house[seat] for seat in seats if seat in self.house),
            vacant=(*(seat for seat in seats if seat not in self.house), *short),
        )
