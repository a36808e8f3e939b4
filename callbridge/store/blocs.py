"""Keeps which subjects of the tallies make up which bloc, and moves their counts along.

Counts add up: what a bloc gains or loses is the sum of its subjects' counts. So a bloc may change
at any time, and whoever enters calls or takes them out goes by the table as it is.
"""

from __future__ import annotations

from collections.abc import Set

from sqlalchemy import Connection, delete, insert, select

from callbridge.domain.congress import Chamber
from callbridge.domain.tallying import STEPS, Kind, targets_of
from callbridge.store.plain import rows_of
from callbridge.store.staged import Rows
from callbridge.store.tally_subjects import words_of
from callbridge.store.tally_tables import (
    tally_blocs,
    tally_calls,
    tally_offices,
    tally_parts,
    tally_words,
)
from callbridge.store.tally_writing import hold, put

_SUMS = ", ".join(f'CAST(sum(moved.sign * apart."{name}") AS integer)' for name in STEPS)
# Profile by profile, as their indexes are: few subjects are found without reading all the others.
# SQLite takes tables in the order of a CROSS JOIN; in any other it would begin with all there is.
_CALLS = f"""
SELECT apart.profile, moved.bloc, apart.span, apart."first", {_SUMS}
FROM tally_profiles AS profiles CROSS JOIN moved CROSS JOIN tally_calls AS apart
WHERE apart.profile = profiles.id AND apart.subject = moved.subject AND moved.of_calls
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - names of our own
# What names each office, or lies elsewhere.
_APART = {Kind.OFFICE, Kind.SIGNALS, Kind.POSITION}
_KINDS = ", ".join(f"({kind:d})" for kind in Kind if kind not in _APART)
_ALSO = f"kinds (kind) AS (VALUES {_KINDS})"
_PARTS = f"""
SELECT apart.profile, apart.kind, moved.bloc, apart.span, apart."first", apart."key",
       CAST(sum(moved.sign * apart."count") AS integer),
       CAST(sum(moved.sign * apart.connected) AS integer)
FROM tally_profiles AS profiles CROSS JOIN kinds CROSS JOIN moved CROSS JOIN tally_parts AS apart
WHERE apart.profile = profiles.id AND apart.kind = kinds.kind AND apart.subject = moved.subject
AND moved.of_calls = (kinds.kind = {Kind.ASKED:d})
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - names of our own
# A subject, whether whole calls are summed by it, and whether it comes (1) or goes (-1).
_Move = tuple[int, bool, int]


class Blocs:
    """The blocs in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def dialled(self) -> list[tuple[str, Chamber | None]]:
        """Return every target that a tallied call dialled, with its chamber as kept then."""
        columns = tally_offices.c.target, tally_offices.c.chamber
        rows = rows_of(self._connection, select(*columns).distinct().order_by(*columns))
        return [(target, Chamber(chamber) if chamber else None) for target, chamber in rows]

    def known(self) -> Set[str]:
        """Return the words of the blocs there are."""
        return self._words("b:").keys()

    def arrange(self, word: str, targets: Set[str], *, most: int) -> int:
        """Bring a bloc nearer to what these targets make it, with its counts.

        At most so many of its places change; return how many. Nobody enters a call or takes one
        out meanwhile.
        """
        hold(self._connection)
        bloc = self._number(word)
        moves = self._moves(bloc, targets)[:most]
        if not moves:
            return 0
        moved: dict[str, Rows] = {"moved": [(bloc, *one) for one in moves]}
        put(self._connection, tally_calls, _CALLS, moved)
        put(self._connection, tally_parts, _PARTS, moved, also=_ALSO)
        for subject, of_calls, sign in moves:
            place = {"bloc": bloc, "subject": subject}
            if sign > 0:
                new = insert(tally_blocs).values(of_calls=of_calls, **place)
                self._connection.execute(new)
            else:
                self._connection.execute(delete(tally_blocs).filter_by(**place))
        return len(moves)

    def _number(self, word: str) -> int:
        """Return the number of a bloc; a new one gets one."""
        number = self._words("b:").get(word)
        if number is None:
            self._connection.execute(insert(tally_words).values(word=word))
            number = self._words("b:")[word]
        return -number

    def _moves(self, bloc: int, targets: Set[str]) -> list[_Move]:
        """Return the places that a bloc lacks, and those that it has too many."""
        table = select(tally_blocs.c.subject, tally_blocs.c.of_calls)
        rows = rows_of(self._connection, table.where(tally_blocs.c.bloc == bloc))
        have = {(subject, bool(of_calls)) for subject, of_calls in rows}
        want = {
            (subject, beginning == "t:")
            for beginning in ("t:", "o:")
            for word, subject in self._words(beginning).items()
            if targets_of(word) <= targets
        }
        return sorted((*place, 1 if place in want else -1) for place in want ^ have)

    def _words(self, beginning: str) -> dict[str, int]:
        """Return the words of a kind, with their numbers."""
        return {word: number for number, word in words_of(self._connection, beginning).items()}
