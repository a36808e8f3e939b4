"""Adds up what calls bring to the tallies, as few numbers to be spread; reads no call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, insert, select

from callbridge.domain.tallying import (
    WHOLE,
    Part,
    hour_of,
    office_word,
    set_word,
    steps_of,
)
from callbridge.store.ready import Ready, among
from callbridge.store.staged import listed
from callbridge.store.tally_reading import NO_ANSWER, Profile, Read
from callbridge.store.tally_tables import tally_profiles, tally_words
from callbridge.store.tally_writing import Sort, Spread, Stage, write

_AT_ONCE = 2_000
_PROFILES = Ready(select(tally_profiles).where(tally_profiles.c.slug == bindparam("b_slug")))
_WORDS = Ready(
    select(tally_words.c.word, tally_words.c.id).where(among(tally_words.c.word, "b_words"))
)
Thing = TypeVar("Thing")


def pieces(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """Yield a list in pieces that a driver takes in one statement."""
    for start in range(0, len(things), _AT_ONCE):
        yield things[start : start + _AT_ONCE]


class _Places(dict[Any, int]):
    """Things by the order in which they were first asked for."""

    def __missing__(self, key: Any) -> int:
        place = self[key] = len(self)
        return place


class _Bundles:
    """What legs that are alike bring, by the order in which it was first asked for.

    It is found by which object it is: there is one for all legs that went alike.
    """

    def __init__(self) -> None:
        self._found: dict[int, tuple[int, tuple[Part, ...]]] = {}
        self._places = _Places()

    def place(self, parts: tuple[Part, ...]) -> int:
        """Return the place of a bundle."""
        found = self._found.get(id(parts))
        if found is None:
            # Kept, so that no other object is ever called the same.
            found = self._found[id(parts)] = self._places[parts], parts
        return found[0]

    def __iter__(self) -> Iterator[tuple[int, tuple[Part, ...]]]:
        return ((place, parts) for parts, place in self._places.items())


class Sums:
    """What some calls come to, all with one sign.

    Calls are counted as they are, alike ones together; the database adds up what they bring and
    spreads it over spans, and over the profiles that stand for more.
    """

    def __init__(self, sign: int) -> None:
        self._sign = sign
        # Kinds of calls by day.
        self._cells: _Places = _Places()
        self._words = _Places({WHOLE: 0})
        # Sets of members and offices, as calls name them, by their words' places.
        self._sets: dict[tuple[str, ...], int] = {(): 0}
        self._offices: dict[tuple[str, str], int] = {}
        self._numbers, self._bundles = _Places(), _Bundles()
        self._steps: dict[tuple[int, int, int], int] = defaultdict(int)
        self._legs: dict[tuple[int, int, int], int] = defaultdict(int)
        self._days: dict[int, list[int]] = {}
        self._ends: dict[str, list[int]] = {}

    def add(self, one: Read) -> None:
        """Add a call."""
        sign, cell = self._sign, self._cells[one.profile, one.day]
        day = self._days.setdefault(cell, [0, *NO_ANSWER])
        low, high = (one.low, one.high) if sign > 0 else NO_ANSWER
        day[:] = day[0] + sign, min(day[1], low), max(day[2], high)
        end = self._ends.setdefault(one.ending, [0, 0])
        end[:] = end[0] + sign, end[1] + sign * one.steps
        offices = [self._office(office) for office in one.offices]
        if one.kind is not None:
            for (places, office), numbers in steps_of(one.kind):
                where = self._set(one.targets, places) if office is None else offices[office]
                self._steps[cell, where, self._numbers[numbers]] += sign
        for place, hour, alike in one.legs:
            where = offices[place]
            self._legs[cell, where, self._bundles.place(alike.parts)] += sign
            if alike.rung:
                there = self._bundles.place(hour_of(hour, alike.connected))
                self._legs[cell, where, there] += sign

    def _set(self, targets: Sequence[str], places: Sequence[int]) -> int:
        chosen = tuple([targets[place] for place in places])
        found = self._sets.get(chosen)
        if found is None:
            found = self._sets[chosen] = self._words[set_word(chosen)]
        return found

    def _office(self, office: tuple[str, str]) -> int:
        found = self._offices.get(office)
        if found is None:
            found = self._offices[office] = self._words[office_word(*office)]
        return found

    def write(self, connection: Connection) -> None:
        """Add the sums to the tables."""
        bundled = [(place, part) for place, parts in self._bundles for part in parts]
        self._words.update(
            {part.key: self._words[part.key] for _, part in bundled if isinstance(part.key, str)}
        )
        words = _words(connection, self._words)
        those = list(dict.fromkeys(profile for profile, _ in self._cells))
        profiles = _profiles(connection, those)
        cells = [(profiles[profile], day) for profile, day in self._cells]
        stage = Stage(
            steps=[
                (*cells[cell], words[where], numbers, count)
                for (cell, where, numbers), count in self._steps.items()
            ],
            numbers=[(place, *numbers) for numbers, place in self._numbers.items()],
            legs=[
                (*cells[cell], words[where], bundle, count)
                for (cell, where, bundle), count in self._legs.items()
            ],
            bundles=[
                (place, int(part.kind), self._key(part, words), part.connected)
                for place, part in bundled
            ],
            spread=_spread(profiles, those),
            days=[(*cells[cell], *found) for cell, found in self._days.items()],
            ends=[(ending, *found) for ending, found in self._ends.items()],
        )
        write(connection, stage)

    def _key(self, part: Part, words: Sequence[int]) -> int | None:
        return words[self._words[part.key]] if isinstance(part.key, str) else part.key


def _spread(profiles: Mapping[Profile, int], those: Iterable[Profile]) -> list[Spread]:
    """Return into which profiles each profile's counts go."""
    found = []
    for one in those:
        itself, broad = profiles[one], profiles[one.broad]
        by_one = [profiles[other] for other in one.by_one]
        into = {
            Sort.WHOLE: [itself],
            Sort.BROAD: [broad],
            Sort.OWN: [itself],
            Sort.LONG: by_one,
            # The first of them stands for the campaign, whose days the broad ones know.
            Sort.DAY: by_one[1:],
        }
        found += [(itself, int(sort), other) for sort, every in into.items() for other in every]
    return found


def _profiles(connection: Connection, those: Iterable[Profile]) -> dict[Profile, int]:
    """Return the numbers of profiles and of those that stand for more; new ones get one."""
    every = {one for each in those for one in (each, each.broad, *each.by_one)}

    def known() -> dict[Profile, int]:
        return {
            Profile(*row[1:]): row.id
            for slug in sorted({one.slug for one in every})
            for row in _PROFILES.rows(connection, {"b_slug": slug})
        }

    have = known()
    new = sorted(every - have.keys())
    if new:
        connection.execute(insert(tally_profiles), [one._asdict() for one in new])
        have = known()
    return have


def _words(connection: Connection, those: Mapping[str, int]) -> list[int]:
    """Return the words' numbers in the order of their places; new ones get one."""
    every = sorted(word for word in those if word != WHOLE)

    def known() -> dict[str, int]:
        return {
            row.word: row.id
            for row in _WORDS.rows(connection, {"b_words": listed(connection, every)})
        }

    have = known() if every else {}
    new = [word for word in every if word not in have]
    if new:
        connection.execute(insert(tally_words), [{"word": word} for word in new])
        have = known()
    have[WHOLE] = 0
    return [have[word] for word in those]
