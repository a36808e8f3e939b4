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
from callbridge.store.server import make_room
from callbridge.store.staged import Rows
from callbridge.store.tally_tables import (
    tally_blocs,
    tally_calls,
    tally_offices,
    tally_parts,
    tally_words,
)
from callbridge.store.tally_writing import hold, put

_SUMS = ", ".join(f'CAST(sum(moved.sign * apart."{name}") AS integer)' for name in STEPS)
_CALLS = f"""
SELECT apart.profile, moved.bloc, apart.span, apart."first", {_SUMS}
FROM tally_calls AS apart JOIN moved ON moved.subject = apart.subject AND moved.of_calls
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - names of our own
_PARTS = f"""
SELECT apart.profile, apart.kind, moved.bloc, apart.span, apart."first", apart."key",
       CAST(sum(moved.sign * apart."count") AS integer),
       CAST(sum(moved.sign * apart.connected) AS integer)
FROM tally_parts AS apart JOIN moved ON moved.subject = apart.subject
AND moved.of_calls = (apart.kind = {Kind.ASKED:d})
WHERE apart.kind NOT IN ({Kind.OFFICE:d}, {Kind.SIGNALS:d})
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - names of our own
# A subject, and whether whole calls are summed by it.
_Place = tuple[int, bool]


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

    def arrange(self, word: str, targets: Set[str]) -> int:
        """Make a bloc these targets', with its counts; return how many places changed.

        All of the tallies is read for it, and nobody enters a call or takes one out meanwhile.
        """
        hold(self._connection)
        bloc = self._number(word)
        gained, lost = self._moves(bloc, targets)
        if not gained and not lost:
            return 0
        make_room(self._connection)
        rows = [*((bloc, *one, 1) for one in gained), *((bloc, *one, -1) for one in lost)]
        moved: dict[str, Rows] = {"moved": rows}
        put(self._connection, tally_calls, _CALLS, moved)
        put(self._connection, tally_parts, _PARTS, moved)
        if gained:
            new = [{"bloc": bloc, "subject": one, "of_calls": calls} for one, calls in gained]
            self._connection.execute(insert(tally_blocs), new)
        for subject, _ in lost:
            one = (tally_blocs.c.bloc == bloc, tally_blocs.c.subject == subject)
            self._connection.execute(delete(tally_blocs).where(*one))
        return len(rows)

    def _number(self, word: str) -> int:
        """Return the number of a bloc; a new one gets one."""
        number = self._words("b:").get(word)
        if number is None:
            self._connection.execute(insert(tally_words).values(word=word))
            number = self._words("b:")[word]
        return -number

    def _moves(self, bloc: int, targets: Set[str]) -> tuple[list[_Place], list[_Place]]:
        """Return the places that are to be added to a bloc, and to be taken away."""
        table = select(tally_blocs.c.subject, tally_blocs.c.of_calls)
        rows = rows_of(self._connection, table.where(tally_blocs.c.bloc == bloc))
        have = {(subject, bool(of_calls)) for subject, of_calls in rows}
        want = {
            (subject, beginning == "t:")
            for beginning in ("t:", "o:")
            for word, subject in self._words(beginning).items()
            if targets_of(word) <= targets
        }
        return sorted(want - have), sorted(have - want)

    def _words(self, beginning: str) -> dict[str, int]:
        """Return the words of a kind, with their numbers."""
        query = select(tally_words.c.word, tally_words.c.id)
        fits = tally_words.c.word.startswith(beginning, autoescape=True)
        return dict(rows_of(self._connection, query.where(fits)))
