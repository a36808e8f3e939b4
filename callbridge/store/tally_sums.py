"""Adds up what calls bring to the tallies, and writes the sums; reads no call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert, select, text

from callbridge.domain.tallying import STEPS, WHOLE, Kind
from callbridge.store.tally_reading import NO_ANSWER, Profile, Read
from callbridge.store.tally_tables import (
    tally_calls,
    tally_days,
    tally_ends,
    tally_parts,
    tally_profiles,
    tally_words,
)

# Days are entered one by one, by eight, and by sixty-four; what is nearly as many rows as there
# are calls by the longest only.
LONGEST = 64
SPANS = (1, 8, LONGEST)
_AT_ONCE = 5_000
_ASKED, _ANSWERED = STEPS.index("asked"), STEPS.index("answered")
_BOUNDS = {
    "low": {"sqlite": "min", "postgresql": "least"},
    "high": {"sqlite": "max", "postgresql": "greatest"},
}
Thing = TypeVar("Thing")


def pieces(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """Yield a list in pieces that a driver takes in one statement."""
    for start in range(0, len(things), _AT_ONCE):
        yield things[start : start + _AT_ONCE]


class Sums:
    """What some calls come to, all with one sign."""

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._steps: dict[tuple[Profile, str, int], list[int]] = {}
        self._parts: dict[tuple[Profile, Kind, str, int, int | str], list[int]] = {}
        self._days: dict[tuple[Profile, int], list[int]] = {}
        self._ends: dict[str, list[int]] = {}

    def call(self, one: Read) -> None:
        """Add what every call brings, whatever it came to."""
        day = self._days.setdefault((one.profile, one.day), [0, *NO_ANSWER])
        low, high = one.answers if self._sign > 0 else NO_ANSWER
        day[:] = day[0] + 1, min(day[1], low), max(day[2], high)
        end = self._ends.setdefault(one.ending, [0, 0])
        end[:] = end[0] + 1, end[1] + one.steps

    def step(self, profile: Profile, subject: str, day: int, numbers: Sequence[int]) -> None:
        """Add what a call brings under one subject."""
        for one in _whose(profile, subject):
            found = self._steps.setdefault((one, subject, day), [0] * len(STEPS))
            for place, number in enumerate(numbers):
                found[place] += number
        if subject == WHOLE:
            return
        for one in profile.by_one[1:]:
            days = self._parts.setdefault((one, Kind.ASKED, subject, day, 0), [0, 0])
            days[:] = days[0] + numbers[_ASKED], days[1] + numbers[_ANSWERED]

    def part(self, profile: Profile, kind: Kind, subject: str, day: int, *what: Any) -> None:
        """Add a leg or an answer: `what` is its key, and 1 where the leg connected."""
        key, connected = what
        for where in (WHOLE,) if kind is Kind.SIGNALS else (WHOLE, subject):
            for one in _whose(profile, where):
                found = self._parts.setdefault((one, kind, where, day, key), [0, 0])
                found[0] += 1
                found[1] += connected

    def write(self, connection: Connection) -> None:
        """Add the sums to the tables."""
        those = {key[0] for key in self._steps} | {key[0] for key in self._parts}
        those |= {profile for profile, _ in self._days}
        profiles = _profiles(connection, those)
        words = {key[1] for key in self._steps} | {key[2] for key in self._parts}
        words |= {key[4] for key in self._parts if isinstance(key[4], str)}
        numbers = _words(connection, words - {WHOLE}) | {WHOLE: 0}
        _put(connection, tally_calls, self._calls(profiles, numbers))
        _put(connection, tally_parts, self._pieces(profiles, numbers))
        days = {
            (profiles[profile], day): [self._sign * found[0], *found[1:]]
            for (profile, day), found in self._days.items()
        }
        _put(connection, tally_days, days)
        ends = {(end,): [self._sign * one for one in found] for end, found in self._ends.items()}
        _put(connection, tally_ends, ends)

    def _calls(self, profiles: dict[Profile, int], numbers: dict[str, int]) -> _Table:
        made: _Table = {}
        for (profile, subject, day), counts in self._steps.items():
            for span in _spans(profile, subject):
                key = (profiles[profile], numbers[subject], span, day // span)
                _add(made, key, counts, self._sign)
        return made

    def _pieces(self, profiles: dict[Profile, int], numbers: dict[str, int]) -> _Table:
        made: _Table = {}
        for (profile, kind, subject, day, key), counts in self._parts.items():
            number = numbers[key] if isinstance(key, str) else key
            for span in (1,) if kind is Kind.ASKED else _spans(profile, subject):
                where = (profiles[profile], int(kind), numbers[subject], span, day // span, number)
                _add(made, where, counts, self._sign)
        return made


@lru_cache(maxsize=4096)
def _whose(profile: Profile, subject: str) -> tuple[Profile, ...]:
    return (profile,) if subject == WHOLE else (profile, profile.broad, *profile.by_one)


def _spans(profile: Profile, subject: str) -> tuple[int, ...]:
    broad = profile.digest and not profile.door
    return SPANS if subject == WHOLE or broad else (LONGEST,)


_Table = dict[tuple[Any, ...], list[int]]


def _add(made: _Table, key: tuple[Any, ...], counts: Sequence[int], sign: int) -> None:
    found = made.setdefault(key, [0] * len(counts))
    for place, count in enumerate(counts):
        found[place] += sign * count


def _profiles(connection: Connection, wanted: Iterable[Profile]) -> dict[Profile, int]:
    """Return the profiles' numbers; those that are new get one."""
    every = set(wanted)
    slugs = {one.slug for one in every}
    query = select(tally_profiles).where(tally_profiles.c.slug.in_(slugs))

    def known() -> dict[Profile, int]:
        return {Profile(*row[1:]): row.id for row in connection.execute(query)}

    new = sorted(every - known().keys())
    if new:
        connection.execute(insert(tally_profiles), [one._asdict() for one in new])
    return known()


def _words(connection: Connection, wanted: Iterable[str]) -> dict[str, int]:
    """Return the words' numbers; those that are new get one."""
    every = sorted(wanted)

    def known() -> dict[str, int]:
        found: dict[str, int] = {}
        for some in pieces(every):
            query = select(tally_words.c.word, tally_words.c.id).where(tally_words.c.word.in_(some))
            found |= {row.word: row.id for row in connection.execute(query)}
        return found

    have = known()
    new = [word for word in every if word not in have]
    if new:
        connection.execute(insert(tally_words), [{"word": word} for word in new])
        have = known()
    return have


def _joined(connection: Connection, table: str, name: str) -> str:
    """Return how an old and a new value come together: bounds widen, all else adds up."""
    old, new = f'{table}."{name}"', f'excluded."{name}"'
    if name not in _BOUNDS:
        return f"{old} + {new}"
    return f"{_BOUNDS[name][connection.dialect.name]}({old}, {new})"


def _put(connection: Connection, table: Table, rows: _Table) -> None:
    """Add rows to a table; the driver is spoken to itself, since they are many."""
    if not rows:
        return
    names = [column.name for column in table.c]
    keys = [column.name for column in table.primary_key]
    listed = ", ".join(f'"{name}"' for name in names)
    added = ", ".join(
        f'"{name}" = {_joined(connection, table.name, name)}' for name in names if name not in keys
    )
    conflict = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}"
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({listed}) VALUES ({places}) {conflict}"  # noqa: S608
        cursor.executemany(statement, [(*key, *counts) for key, counts in rows.items()])
        return
    place = f"new_{table.name}"
    connection.execute(text(f"CREATE TEMPORARY TABLE {place} (LIKE {table.name}) ON COMMIT DROP"))
    with cursor.copy(f"COPY {place} ({listed}) FROM STDIN") as copy:
        for key, counts in rows.items():
            copy.write_row((*key, *counts))
    # In one order for everybody, so that two writers wait and do not block each other.
    ordered = f"SELECT {listed} FROM {place} ORDER BY {', '.join(keys)}"  # noqa: S608
    connection.execute(text(f"INSERT INTO {table.name} ({listed}) {ordered} {conflict}"))
    connection.execute(text(f"DROP TABLE {place}"))
