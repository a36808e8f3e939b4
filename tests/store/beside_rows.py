"""What pages show beside what the rows say, under filters of every kind, to be the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from sqlalchemy import func, select

from callbridge.domain.blocs import bloc_word
from callbridge.domain.call import Door
from callbridge.domain.congress import Chamber
from callbridge.domain.selection import Scope, Selection
from callbridge.domain.survey import POSITIONS
from callbridge.store import Database
from callbridge.store.database import Unit
from callbridge.store.figured import Figured
from callbridge.store.figures import FigureCounts
from callbridge.store.finding import Finding
from callbridge.store.tables import attempts, calls
from callbridge.store.tally_reading import hour_of_week
from tests.store.histories import (
    AFTER,
    DRIVES,
    TARGETS,
    zone_of,
)
from tests.store.listing import PAGE, listed, plainly_listed

PARTY = "Reform"


def filters(chance: Random, count: int) -> list[Scope]:
    """Draw filters of every kind, alone and together."""
    found = [Scope(slug="water", selection=Selection())]
    for _ in range(count):
        chosen = Selection(
            since=chance.choice([None, None, date(2026, 11, 9), date(2026, 8, 1)]),
            until=chance.choice([None, None, date(2026, 11, 16), date(2026, 11, 10)]),
            office=chance.choice(["", "", "T2-a", "shared", "nowhere"]),
            revision=chance.choice(["", "", "d1d1d1", "e2e2"]),
            channel=chance.choice([None, None, Door.PAGE, Door.SELF_DIALLED]),
            source=chance.choice(["", "", "web", "keypad"]),
            language=chance.choice(["", "", "es"]),
            referral=chance.choice(["", "", "letter", "nowhere"]),
            drive=chance.choice(["", "", *DRIVES]),
        )
        some = frozenset(chance.sample(TARGETS, chance.randrange(len(TARGETS))))
        members = chance.choice([None, some])
        found.append(Scope(slug="water", selection=chosen, members=members))
        found.append(Scope(slug="water", selection=replace(Selection(), office=chosen.office)))
        found.append(Scope(slug="water", selection=Selection(), members=members))
        found.append(Scope(slug="water", selection=_one_of(chosen, chance), members=members))
        # As a filter by party comes to them, whether they are the bloc of that name or not.
        asked = chance.choice([Selection(), replace(chosen, office="")])
        found.append(Scope(slug="water", selection=replace(asked, party=PARTY), members=some))
    return found


def arrange(unit: Unit, chance: Random) -> None:
    """Let some members be a bloc, and the others another, where any of them were dialled."""
    some = set(chance.sample(TARGETS, chance.randrange(1, len(TARGETS))))
    others = set(TARGETS) - some
    unit.blocs.arrange(bloc_word(None, PARTY), some, most=chance.choice([3, 1000]))
    unit.blocs.arrange(bloc_word(Chamber.HOUSE, ""), others, most=1000)


def _one_of(chosen: Selection, chance: Random) -> Selection:
    """Leave one of a filter's parts."""
    name = chance.choice(["channel", "referral", "drive", "language", "revision", "source"])
    return replace(Selection(), **{name: getattr(chosen, name)})


def plain(unit: Unit, scope: Scope) -> list[Any]:
    """Count everything from the rows."""
    rows = FigureCounts(unit.connection)
    hours: dict[int, list[int]] = {}
    offices: dict[str, list[int]] = {}
    for one in rows.hours(scope):
        utc = datetime.strptime(one.hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
        for where, key in ((hours, hour_of_week(utc, zone_of(one.office))), (offices, one.office)):
            cell = where.setdefault(key, [0, 0])  # type: ignore[attr-defined]
            cell[0] += one.dialled
            cell[1] += one.connected
    said = {
        (target, meaning): 0 for target, _, meaning in rows.by_target(scope) if meaning in POSITIONS
    }
    for (target, _, meaning), count in rows.by_target(scope).items():
        if meaning in POSITIONS:
            said[target, meaning] += count
    return [
        rows.funnel(scope),
        rows.days(scope),
        hours,
        offices,
        rows.meanings(scope),
        rows.lengths(scope),
        said,
    ]


def shown(unit: Unit, scope: Scope) -> list[Any]:
    """Return the same as pages show it."""
    pages = Figured(unit.connection)
    reach, offices = pages.reach(scope)
    return [
        pages.funnel(scope),
        pages.days(scope),
        {one.weekday * 24 + one.hour: [one.dialled, one.connected] for one in reach},
        {one.office: [one.dialled, one.connected] for one in offices},
        pages.meanings(scope),
        pages.lengths(scope),
        {(one.target, one.meaning): one.count for one in pages.positions(scope)},
    ]


def looked_at(unit: Unit) -> None:
    """Fail unless health and metrics count calls as the rows do."""
    by = (calls.c.stage, calls.c.ending)
    rows = unit.connection.execute(select(*by, func.count()).group_by(*by))
    vitals = unit.counting.vitals(AFTER)
    assert vitals.calls == {(stage, ending or ""): count for stage, ending, count in rows}
    states = unit.connection.execute(
        select(attempts.c.state, func.count()).group_by(attempts.c.state)
    )
    assert vitals.attempts == {row.state: row[1] for row in states}
    assert vitals.steps == (unit.connection.scalar(select(func.sum(calls.c.step))) or 0)


def same(database: Database, scopes: Sequence[Scope]) -> None:
    """Fail unless pages show what the rows say."""
    with database.reading() as unit:
        looked_at(unit)
        for scope in scopes:
            assert shown(unit, scope) == plain(unit, scope), scope
        # Page by page costs most; the last filter is a drawn one.
        # By one that looks at few calls before it asks for their legs, few days at a time.
        short_sighted = Finding(unit.connection, nearest=PAGE + 1, some=2)
        assert listed(scopes[-1], short_sighted) == plainly_listed(unit, scopes[-1]), scopes[-1]
        everything = FigureCounts(unit.connection)
        pages, all_of = Figured(unit.connection), Scope(slug="water", selection=Selection())
        signals = {(o.outcome, o.length, o.reported): o.count for o in pages.signals("water")}
        assert signals == everything.signals(all_of)
        tallies = {(t.target, t.question, t.meaning): t.count for t in pages.tallies("water")}
        assert tallies == everything.by_target(all_of)
        reached = everything.connected(all_of)
        assert pages.reached("water") == (reached.total(), len(reached))
        answers = everything.by_target(all_of).total() + everything.corrected(all_of)
        assert pages.answers("water") == answers
