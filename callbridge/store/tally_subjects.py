"""Turns a scope into the tallies' subjects: sets of members, offices, blocs; sums nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from sqlalchemy import Connection, select

from callbridge.domain.blocs import bloc_asked
from callbridge.domain.selection import Scope
from callbridge.domain.tallying import office_word, targets_of
from callbridge.store.dialled import offices_of
from callbridge.store.plain import rows_of
from callbridge.store.tally_tables import tally_blocs, tally_words


def words_of(connection: Connection, beginning: str) -> dict[int, str]:
    """Return the words that begin so, by their numbers."""
    fits = tally_words.c.word.startswith(beginning, autoescape=True)
    return dict(rows_of(connection, select(tally_words.c.id, tally_words.c.word).where(fits)))


class Subjects:
    """What the counts under one scope are to be summed by."""

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope
        self._read: dict[str, dict[int, str]] = {}

    @cached_property
    def offices(self) -> dict[tuple[str, str], int]:
        """Return the offices that the filter leaves in, with their words' numbers."""
        members, office = self._scope.members, self._scope.selection.office
        numbers = {word: number for number, word in self.words("o:").items()}
        found = {}
        for one in offices_of(self._connection, self._scope.slug):
            word = office_word(one.target, one.office)
            fits = members is None or one.target in members
            if fits and word in numbers and office in {"", one.office}:
                found[one.target, one.office] = numbers[word]
        return found

    @cached_property
    def of_calls(self) -> Collection[int]:
        """Return what calls are summed by: the offices asked for, or sets of the members."""
        if self._scope.selection.office:
            return self.offices.values()
        members = self._scope.members or frozenset()
        sets = self.words("t:").items()
        return self._fewest([one for one, word in sets if members >= targets_of(word)], calls=True)

    @cached_property
    def of_legs(self) -> Collection[int]:
        """Return what is summed that is counted by legs, where no office is told from another."""
        return self._fewest(self.offices.values(), calls=False)

    @cached_property
    def said(self) -> dict[int, tuple[str, str]]:
        """Return the kinds of answers that the filter leaves in: meaning and question."""
        source, found = self._scope.selection.source, {}
        for number, word in self.words("a:").items():
            told, meaning, question = word[2:].split("|", 2)
            if source in {"", told}:
                found[number] = (meaning, question)
        return found

    def whose(self) -> dict[int, str]:
        """Return the members behind offices' numbers; other campaigns' have no parts here."""
        return {number: word[2:].split("|", 1)[0] for number, word in self.words("o:").items()}

    def words(self, beginning: str) -> dict[int, str]:
        """Return the words of a kind by their numbers; read once, for there are thousands."""
        found = self._read.get(beginning)
        if found is None:
            found = self._read[beginning] = words_of(self._connection, beginning)
        return found

    def _fewest(self, those: Collection[int], *, calls: bool) -> Collection[int]:
        """Return subjects that come to the same: a bloc's in place of those that make it up.

        What the bloc lacks stays apart. Where it has what the filter leaves out, it is of no use.
        """
        asked = bloc_asked(self._scope.selection)
        bloc = next((-one for one, word in self.words("b:").items() if word == asked), None)
        if bloc is None:
            return those
        query = select(tally_blocs.c.subject)
        query = query.where(tally_blocs.c.bloc == bloc, tally_blocs.c.of_calls == calls)
        held = {subject for (subject,) in rows_of(self._connection, query)}
        if self._dialled_here(held.difference(those), beginning="t:" if calls else "o:"):
            return those
        return [bloc, *(one for one in those if one not in held)]

    def _dialled_here(self, subjects: Iterable[int], *, beginning: str) -> bool:
        """Tell whether this campaign may have calls of one of these: all of its members'."""
        here = {one.target for one in offices_of(self._connection, self._scope.slug)}
        words = self.words(beginning)
        return any(here >= targets_of(words[one]) for one in subjects)
