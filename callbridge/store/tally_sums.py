"""Adds up what calls bring to the tallies, and writes the sums; reads no call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import add
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


@dataclass(frozen=True, slots=True)
class _Family:
    """The numbers of a profile and of those that stand for more than it."""

    itself: int
    broad: int
    by_one: tuple[int, ...]

    @property
    def long(self) -> tuple[int, ...]:
        """Return those that are entered by the longest span only."""
        return (self.itself, *self.by_one)


class Sums:
    """What some calls come to, all with one sign.

    Calls are added up as they are; only the sums are spread over spans, and over the profiles
    that stand for more: there are fewer of them.
    """

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
        _add(self._steps, (profile, subject, day), numbers)

    def part(self, profile: Profile, kind: Kind, subject: str, day: int, *what: Any) -> None:
        """Add a leg or an answer: `what` is its key, and 1 where the leg connected."""
        key, connected = what
        for where in (WHOLE,) if kind is Kind.SIGNALS else (WHOLE, subject):
            _add(self._parts, (profile, kind, where, day, key), (1, connected))

    def write(self, connection: Connection) -> None:
        """Add the sums to the tables."""
        those = {key[0] for key in self._steps} | {key[0] for key in self._parts}
        those |= {profile for profile, _ in self._days}
        profiles = _profiles(
            connection, {one for each in those for one in (each, each.broad, *each.by_one)}
        )
        families = {
            one: _Family(
                profiles[one], profiles[one.broad], tuple(profiles[each] for each in one.by_one)
            )
            for one in those
        }
        words = {key[1] for key in self._steps} | {key[2] for key in self._parts}
        words |= {key[4] for key in self._parts if isinstance(key[4], str)}
        numbers = _words(connection, words - {WHOLE}) | {WHOLE: 0}
        self._put(connection, tally_calls, self._calls(families, numbers))
        self._put(connection, tally_parts, self._pieces(families, numbers))
        days = {
            (profiles[profile], day): [self._sign * found[0], *found[1:]]
            for (profile, day), found in self._days.items()
        }
        _put(connection, tally_days, days)
        self._put(connection, tally_ends, {(end,): one for end, one in self._ends.items()})

    def _put(self, connection: Connection, table: Table, rows: _Table) -> None:
        signed = {key: [self._sign * one for one in counts] for key, counts in rows.items()}
        _put(connection, table, signed)

    def _calls(self, families: dict[Profile, _Family], numbers: dict[str, int]) -> _Table:
        made, long, broad = _Table(), _Table(), _Table()
        for (profile, subject, day), counts in self._steps.items():
            family, number = families[profile], numbers[subject]
            if subject == WHOLE:
                _add(broad, (family.itself, number, day), counts)
            else:
                _add(long, (profile, number, day // LONGEST), counts)
                _add(broad, (family.broad, number, day), counts)
        for (profile, number, first), counts in long.items():
            for one in families[profile].long:
                _add(made, (one, number, LONGEST, first), counts)
        for (one, number, day), counts in broad.items():
            for span in SPANS:
                _add(made, (one, number, span, day // span), counts)
        return made

    def _pieces(self, families: dict[Profile, _Family], numbers: dict[str, int]) -> _Table:
        made, long, broad = _Table(), _Table(), _Table()
        for (profile, kind, subject, day, key), counts in self._parts.items():
            family, number = families[profile], numbers[subject]
            what = numbers[key] if isinstance(key, str) else key
            if subject == WHOLE:
                _add(broad, (family.itself, kind.value, number, day, what), counts)
            else:
                _add(long, (profile, kind.value, number, day // LONGEST, what), counts)
                _add(broad, (family.broad, kind.value, number, day, what), counts)
        for (profile, kind, number, first, what), counts in long.items():
            for one in families[profile].long:
                _add(made, (one, kind, number, LONGEST, first, what), counts)
        for (one, kind, number, day, what), counts in broad.items():
            for span in SPANS:
                _add(made, (one, kind, number, span, day // span, what), counts)
        for (profile, subject, day), counts in self._steps.items():
            asked = counts[_ASKED], counts[_ANSWERED]
            if subject != WHOLE:
                for one in families[profile].by_one[1:]:
                    _add(made, (one, Kind.ASKED.value, numbers[subject], 1, day, 0), asked)
        return made


_Table = dict[tuple[Any, ...], list[int]]


def _add(made: dict[Any, list[int]], key: tuple[Any, ...], counts: Sequence[int]) -> None:
    found = made.get(key)
    made[key] = list(counts) if found is None else list(map(add, found, counts))


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
