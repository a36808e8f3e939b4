"""Reads the tallies under a filter: counts without their calls' rows; what waits is not in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    cast,
    func,
    select,
    true,
)

from callbridge.domain.figures import AnswerCount, DayCount, Reach
from callbridge.domain.selection import Scope
from callbridge.domain.survey import Meaning
from callbridge.domain.tallying import STEPS, Kind
from callbridge.store.plain import rows_of
from callbridge.store.tally_spans import END, OWN_SPANS, SPANS, stretches, within
from callbridge.store.tally_subjects import Subjects
from callbridge.store.tally_tables import (
    tally_calls,
    tally_days,
    tally_parts,
    tally_positions,
    tally_profiles,
)

_C, _P, _D, _S = tally_calls.c, tally_parts.c, tally_days.c, tally_positions.c


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
        self._subjects = Subjects(connection, scope)

    def steps(self) -> Counter[str]:
        """Count how far calls came, by the names of STEPS."""
        query = select(*(func.coalesce(func.sum(_C[name]), 0) for name in STEPS))
        own = self._narrow and not self._everybody
        row = self._connection.execute(query.where(*self._calls(), self._when(_C, own=own))).one()
        return Counter({name: int(count) for name, count in zip(STEPS, row, strict=True)})

    def days(self) -> list[DayCount]:
        """Count calls by the day they were asked for."""
        chosen = self._scope.selection
        since = chosen.since.toordinal() if chosen.since else 0
        until = chosen.until.toordinal() if chosen.until else END
        query = (
            select(_C.first, func.sum(_C.asked), func.sum(_C.answered))
            .where(*self._calls(by_day=True), _C.span == 1, _C.first.between(since, until))
            .group_by(_C.first)
        )
        if self._narrow and self._by_one and not self._everybody:
            query = (
                select(_P.first, func.sum(_P.count), func.sum(_P.connected))
                .where(
                    _one_of(_P.profile, self._by_one),
                    _P.kind == int(Kind.ASKED),
                    _one_of(_P.subject, self._subjects.of_calls),
                    _P.first.between(since, until),
                )
                .group_by(_P.first)
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
        words = self._subjects.words("o:")
        return [
            (words[key].split("|", 1)[1], count, connected)
            for key, count, connected in self._parts(Kind.OFFICE, _P.key, each=not self._narrow)
        ]

    def connected(self) -> Counter[str]:
        """Count connected legs by member."""
        whose = self._subjects.whose()
        found: Counter[str] = Counter()
        for key, _, connected in self._parts(Kind.OFFICE, _P.key, each=True):
            found[whose[key]] += connected
        return found

    def lengths(self) -> list[tuple[int, int]]:
        """Count connected legs by their bin."""
        return [(key, count) for key, count, _ in self._parts(Kind.LENGTH, _P.key)]

    def signals(self) -> list[tuple[str, str, str, int]]:
        """Count a campaign's legs by outcome, length and what was keyed; knows no other filter."""
        words = self._subjects.words("s:")
        found = []
        for key, count, _ in self._parts(Kind.SIGNALS, _P.key):
            outcome, length, reported = words[key][2:].split("|")
            found.append((outcome, length, reported, count))
        return found

    def meanings(self) -> list[AnswerCount]:
        """Count standing answers by revision, language and meaning."""
        found: Counter[tuple[str, str, str]] = Counter()
        which = {number: (row.digest, row.language) for number, row in self._those.items()}
        said = {key: word for key, (word, _) in self._subjects.said.items()}
        for profile, key, count, _ in self._parts(Kind.SAID, _P.profile, _P.key, revision=True):
            if key in said:
                found[(*which[profile], said[key])] += count
        return [
            AnswerCount(revision=digest, language=language, meaning=Meaning(word), count=count)
            for (digest, language, word), count in found.items()
        ]

    def corrected(self) -> int:
        """Count the answers that stand no more; knows no filter by source."""
        return sum(count for _, count, _ in self._parts(Kind.CORRECTED, _P.key))

    def by_target(self) -> Counter[tuple[str, str, Meaning]]:
        """Count standing answers by member, question and meaning."""
        whose, said = self._subjects.whose(), self._subjects.said
        found: Counter[tuple[str, str, Meaning]] = Counter()
        for subject, key, count, _ in self._parts(Kind.SAID, _P.subject, _P.key, each=True):
            if key in said:
                word, question = said[key]
                found[whose[subject], question, Meaning(word)] += count
        return found

    def positions(self) -> Counter[tuple[str, Meaning]]:
        """Count standing answers that say where a member stands, under any filter."""
        whose = self._subjects.whose()
        said = {key: Meaning(word) for key, (word, _) in self._subjects.said.items()}
        query = (
            select(_S.office, _S.said, cast(func.sum(_S.count), BigInteger))
            .where(
                _one_of(_S.profile, self._by_one or self._by_revision),
                self._when(_S),
                true() if self._everybody else _one_of(_S.office, self._subjects.offices.values()),
            )
            .group_by(_S.office, _S.said)
        )
        found: Counter[tuple[str, Meaning]] = Counter()
        for office, key, count in rows_of(self._connection, query):
            if key in said and count:
                found[whose[office], said[key]] += count
        return found

    def where(self) -> dict[date, tuple[int, int, int]]:
        """Return the days on which calls were asked for: how many, and bounds of answers' ids.

        By what calls have in common and by dates; a filter by office says nothing here. Calls
        that supporters dialled by themselves are in.
        """
        chosen = self._scope.selection
        since = chosen.since.toordinal() if chosen.since else 0
        until = chosen.until.toordinal() if chosen.until else END
        query = (
            select(
                _D.first, cast(func.sum(_D.calls), BigInteger), func.min(_D.low), func.max(_D.high)
            )
            .where(_one_of(_D.profile, self._profiles), _D.first.between(since, until))
            .group_by(_D.first)
        )
        return {
            date.fromordinal(day): (count, low, high)
            for day, count, low, high in rows_of(self._connection, query)
            if count
        }

    def know_whole_calls(self) -> bool:
        """Tell whether calls can be counted here: not at an office that two members share."""
        return not (self._scope.selection.office and len(self._subjects.offices) > 1)

    def _parts(
        self,
        kind: Kind,
        *by: Any,
        each: bool = False,
        revision: bool = False,
    ) -> Any:
        """Sum parts by columns; `each` office apart even where no filter asks for some.

        `revision`: they are told apart by the profile.
        """
        everybody = self._everybody and not each
        fitting = self._by_revision if revision else self._fitting
        if self._everybody:
            subjects = _P.subject > 0 if each else _P.subject == 0
        else:
            apart = each or kind is Kind.OFFICE
            of_legs = self._subjects.offices.values() if apart else self._subjects.of_legs
            subjects = _one_of(_P.subject, of_legs)
        query = (
            select(*by, *(cast(func.sum(one), BigInteger) for one in (_P.count, _P.connected)))
            .where(
                _one_of(_P.profile, self._profiles if everybody else fitting),
                _P.kind == int(kind),
                subjects,
                self._when(_P, own=self._narrow and not everybody),
            )
            .group_by(*by)
        )
        return [row for row in rows_of(self._connection, query) if row[-2]]

    def _calls(self, *, by_day: bool = False) -> list[ColumnElement[bool]]:
        if self._everybody:
            return [_one_of(_C.profile, self._profiles), _C.subject == 0]
        fitting = self._by_revision if by_day else self._fitting
        return [_one_of(_C.profile, fitting), _one_of(_C.subject, self._subjects.of_calls)]

    def _when(self, table: Any, *, own: bool = False) -> ColumnElement[bool]:
        """Return that a row is of the days asked for; `own`: of subjects of calls' own profiles."""
        chosen = self._scope.selection
        spans = OWN_SPANS if own else SPANS
        return within(table, stretches(chosen.since, chosen.until, spans=spans))

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
        """Return the profiles that the filter leaves in, by number; none that stands for more."""
        return {number: row for number, row in self._those.items() if row.digest and row.door}

    @cached_property
    def _by_revision(self) -> dict[int, Any]:
        """Return the profiles to sum offices by, of one revision and language each."""
        if self._narrow:
            return self._profiles
        return {number: row for number, row in self._those.items() if row.digest and not row.door}

    @cached_property
    def _by_one(self) -> dict[int, Any]:
        """Return the profile of the one door, referral or drive asked for; none for more."""
        chosen = self._scope.selection
        asked = {"door": chosen.channel, "referral": chosen.referral, "drive": chosen.drive}
        narrow = [name for name, value in asked.items() if value]
        if chosen.revision or chosen.language or len(narrow) > 1:
            return {}
        return {
            number: row
            for number, row in self._those.items()
            if not row.digest and [name for name in asked if getattr(row, name)] == narrow
        }

    @cached_property
    def _fitting(self) -> dict[int, Any]:
        """Return the profiles to sum offices by: of those that know enough, the fewest."""
        chosen = self._scope.selection
        dated = chosen.since is not None or chosen.until is not None
        return self._by_revision if dated else self._by_one or self._by_revision

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
