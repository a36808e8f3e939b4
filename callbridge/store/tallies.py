"""Reads the tallies under a filter: counts without their calls' rows; what waits is not in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
)

from callbridge.domain.congress import Chamber
from callbridge.domain.figures import AnswerCount, DayCount, DialledOffice, Reach
from callbridge.domain.selection import Scope
from callbridge.domain.survey import Meaning
from callbridge.domain.tallying import STEPS, Kind, office_word
from callbridge.store.tally_tables import (
    tally_calls,
    tally_offices,
    tally_parts,
    tally_profiles,
    tally_words,
)

_END = 64 * 100_000
_C, _P = tally_calls.c, tally_parts.c
Stretch = tuple[int, int, int]


def stretches(since: date | None, until: date | None) -> list[Stretch]:
    """Return the fewest spans that are these days: (span, first, last), both ends included."""
    start = since.toordinal() if since else 0
    stop = until.toordinal() + 1 if until else _END
    found: list[Stretch] = []
    inner = start, stop
    for span, wider in ((1, 8), (8, 64)):
        begin, end = -(-inner[0] // wider) * wider, inner[1] // wider * wider
        if begin >= end:
            return [*found, (span, inner[0] // span, inner[1] // span - 1)]
        found += [
            (span, inner[0] // span, begin // span - 1),
            (span, end // span, inner[1] // span - 1),
        ]
        inner = begin, end
    found.append((64, inner[0] // 64, inner[1] // 64 - 1))
    return [one for one in found if one[1] <= one[2]]


def _within(table: Any, some: Iterable[Stretch]) -> ColumnElement[bool]:
    return or_(
        false(),
        *(and_(table.span == s, table.first.between(one, other)) for s, one, other in some),
    )


def _one_of(column: Any, numbers: Iterable[int]) -> ColumnElement[bool]:
    # Written out: there may be more of them than a driver takes as values.
    values: BindParameter[int] = bindparam(
        None, sorted(numbers), expanding=True, literal_execute=True
    )
    return column.in_(values)  # type: ignore[no-any-return]


class Tallies:
    """The tallies in one transaction, as pages read them, under one scope."""

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope

    def steps(self) -> Counter[str]:
        """Count how far calls came, by the names of STEPS."""
        query = select(*(func.coalesce(func.sum(_C[name]), 0) for name in STEPS))
        row = self._connection.execute(query.where(*self._calls(), self._when(_C))).one()
        return Counter({name: int(count) for name, count in zip(STEPS, row, strict=True)})

    def days(self) -> list[DayCount]:
        """Count calls by the day they were asked for."""
        chosen = self._scope.selection
        since = chosen.since.toordinal() if chosen.since else 0
        until = chosen.until.toordinal() if chosen.until else _END
        query = (
            select(_C.first, func.sum(_C.asked), func.sum(_C.answered))
            .where(*self._calls(), _C.span == 1, _C.first.between(since, until))
            .group_by(_C.first)
        )
        return [
            DayCount(day=date.fromordinal(day), created=int(asked), answered=int(answered))
            for day, asked, answered in self._connection.execute(query)
            if asked
        ]

    def hours(self) -> list[Reach]:
        """Count legs by the hour of the week, the office's own time."""
        return [
            Reach(weekday=key // 24, hour=key % 24, dialled=count, connected=connected)
            for key, count, connected in self._parts(Kind.HOUR, _P.key)
        ]

    def offices(self) -> list[tuple[str, int, int]]:
        """Count legs by office: its id, dialled, connected."""
        words = self._words("o:")
        return [
            (words[key].split("|", 1)[1], count, connected)
            for key, count, connected in self._parts(Kind.OFFICE, _P.key, each=not self._narrow)
        ]

    def lengths(self) -> list[tuple[int, int]]:
        """Count connected legs by their bin."""
        return [(key, count) for key, count, _ in self._parts(Kind.LENGTH, _P.key)]

    def signals(self) -> list[tuple[str, str, str, int]]:
        """Count a campaign's legs by outcome, length and what was keyed; knows no other filter."""
        words = self._words("s:")
        found = []
        for key, count, _ in self._parts(Kind.SIGNALS, _P.key):
            outcome, length, reported = words[key][2:].split("|")
            found.append((outcome, length, reported, count))
        return found

    def meanings(self) -> list[AnswerCount]:
        """Count standing answers by revision, language and meaning."""
        found: Counter[tuple[str, str, str]] = Counter()
        for profile, key, count, _ in self._parts(Kind.SAID, _P.profile, _P.key):
            if (said := self._said.get(key)) is not None:
                row = self._those[profile]
                found[row.digest, row.language, said[0]] += count
        return [
            AnswerCount(revision=digest, language=language, meaning=Meaning(word), count=count)
            for (digest, language, word), count in found.items()
        ]

    def corrected(self) -> int:
        """Count the answers that stand no more; knows no filter by source."""
        return sum(count for _, count, _ in self._parts(Kind.CORRECTED, _P.key))

    def by_target(self) -> Counter[tuple[str, str, Meaning]]:
        """Count standing answers by member, question and meaning."""
        pairs = {number: target for (target, _), number in self._pairs.items()}
        found: Counter[tuple[str, str, Meaning]] = Counter()
        said = {key: (question, Meaning(word)) for key, (word, question) in self._said.items()}
        for subject, key, count, _ in self._parts(Kind.SAID, _P.subject, _P.key, each=True):
            if key in said:
                found[(pairs[subject], *said[key])] += count
        return found

    def know(self, *, whole_calls: bool = False, by_day: bool = False, each: bool = False) -> bool:
        """Tell whether this can be counted here.

        `whole_calls`: not at an office that two members share. With dates, or `by_day`: not by
        office (`each`, or since the filter asks) what the broad profiles leave open.
        """
        chosen = self._scope.selection
        if whole_calls and chosen.office and len(self._pairs) > 1:
            return False
        dated = by_day or chosen.since is not None or chosen.until is not None
        return not (dated and self._narrow and (each or not self._everybody))

    def _parts(self, kind: Kind, *by: Any, each: bool = False) -> Any:
        """Sum parts by columns; `each` office apart even where no filter asks for some."""
        everybody = self._everybody and not each
        subjects = _P.subject == 0 if everybody else _one_of(_P.subject, self._pairs.values())
        query = (
            select(*by, func.sum(_P.count), func.sum(_P.connected))
            .where(
                _one_of(_P.profile, self._profiles if everybody else self._fitting),
                _P.kind == int(kind),
                subjects,
                self._when(_P),
            )
            .group_by(*by)
        )
        # SQLite's sums are whole numbers, PostgreSQL's decimal ones.
        return [
            (*by_, int(count), int(connected))
            for *by_, count, connected in self._connection.execute(query)
            if count
        ]

    def _calls(self) -> list[ColumnElement[bool]]:
        if self._everybody:
            return [_one_of(_C.profile, self._profiles), _C.subject == 0]
        if self._scope.selection.office:
            subjects = list(self._pairs.values())
        else:
            members = self._scope.members or frozenset()
            sets = self._words("t:").items()
            subjects = [n for n, word in sets if members.issuperset(word[2:].split("|"))]
        return [_one_of(_C.profile, self._fitting), _one_of(_C.subject, subjects)]

    def _when(self, table: Any) -> ColumnElement[bool]:
        chosen = self._scope.selection
        return _within(table, stretches(chosen.since, chosen.until))

    @property
    def _everybody(self) -> bool:
        return self._scope.members is None and not self._scope.selection.office

    @property
    def _narrow(self) -> bool:
        """Tell whether the filter asks for what the broad profiles leave open."""
        chosen = self._scope.selection
        return bool(chosen.channel or chosen.referral or chosen.drive)

    @cached_property
    def _rows(self) -> Sequence[Any]:
        query = select(tally_profiles).where(tally_profiles.c.slug == self._scope.slug)
        return self._connection.execute(query).all()

    @cached_property
    def _profiles(self) -> dict[int, Any]:
        """Return the profiles that the filter leaves in, by number; no broad ones."""
        return {number: row for number, row in self._those.items() if row.door}

    @cached_property
    def _fitting(self) -> dict[int, Any]:
        """Return the profiles to sum offices by: broad ones wherever they know enough."""
        if self._narrow:
            return self._profiles
        return {number: row for number, row in self._those.items() if not row.door}

    @cached_property
    def _those(self) -> dict[int, Any]:
        chosen = self._scope.selection
        wanted: dict[str, Callable[[str], bool]] = {}
        if chosen.revision:
            wanted["digest"] = lambda digest: digest.startswith(chosen.revision)
        for column in ("language", "referral", "drive"):
            if value := getattr(chosen, column):
                wanted[column] = value.__eq__
        if chosen.channel:
            wanted["door"] = chosen.channel.value.__eq__
        return {
            row.id: row
            for row in self._rows
            if all(fits(getattr(row, name)) for name, fits in wanted.items())
        }

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], int]:
        """Return the offices that the filter leaves in, with their words' numbers."""
        members, office = self._scope.members, self._scope.selection.office
        numbers = {word: number for number, word in self._words("o:").items()}
        found = {}
        for one in offices_of(self._connection, self._scope.slug):
            word = office_word(one.target, one.office)
            fits = members is None or one.target in members
            if fits and word in numbers and office in {"", one.office}:
                found[one.target, one.office] = numbers[word]
        return found

    @cached_property
    def _said(self) -> dict[int, tuple[str, str]]:
        """Return the kinds of answers that the filter leaves in: meaning and question."""
        source, found = self._scope.selection.source, {}
        for number, word in self._words("a:").items():
            told, meaning, question = word[2:].split("|", 2)
            if source in {"", told}:
                found[number] = (meaning, question)
        return found

    def _words(self, beginning: str) -> dict[int, str]:
        query = select(tally_words.c.id, tally_words.c.word).where(
            tally_words.c.word.startswith(beginning, autoescape=True)
        )
        return {row.id: row.word for row in self._connection.execute(query)}


def offices_of(connection: Connection, slug: str) -> list[DialledOffice]:
    """Return every office that a campaign's tallied calls dialled."""
    rows = connection.execute(
        select(tally_offices)
        .where(tally_offices.c.slug == slug)
        .order_by(tally_offices.c.target, tally_offices.c.office)
    )
    return [
        DialledOffice(
            target=row.target,
            office=row.office,
            name=row.name,
            chamber=Chamber(row.chamber) if row.chamber else None,
            state=row.state,
            district=row.district,
            zone=row.zone,
        )
        for row in rows
    ]
