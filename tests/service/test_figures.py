"""Figures: every number on the pages is a plain SQL count over the export, on both databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from callbridge.domain.congress import Chamber
from callbridge.domain.selection import Selection, read_selection
from callbridge.service import answers, exporting, reading, rolling
from callbridge.service.blocs import arrange_blocs
from callbridge.service.figures import figures
from tests.service.setting import Service
from tests.service.test_answers import surveyed

SLUG = "water"
FILTERS = (
    "",
    "chamber=senate",
    "state=CA",
    "source=web",
    "since=2026-11-18",
    "channel=api",
    "party=Democrat",
)


@pytest.fixture
def called(service: Service) -> Service:
    """Return a service with finished calls, a corrected answer, one unanswered, a self-report."""
    surveyed(service)
    service.clock.forward(days=1, hours=3)
    call = surveyed(service)
    answers.report(service.ctx, call, leg=1, question="position", meaning="supports")
    service.start("202-555-0149")
    found = reading.targets_for(service.ctx, "water", "94110")
    answers.self_report(
        service.ctx,
        "water",
        zip="94110",
        target=found.targets[1].id,
        answers={"happened": "spoke", "position": "undecided"},
        network="192.0.2.0/24",
    )
    return service


def exported(service: Service, folder: Path, where: str) -> closing[sqlite3.Connection]:
    """Export under a filter and open the file."""
    chosen = read_selection(dict(pair.split("=") for pair in where.split("&") if pair))
    exporting.export(service.ctx, SLUG, format="sqlite", folder=folder, selection=chosen)
    return closing(sqlite3.connect(folder / f"{SLUG}.sqlite"))


def one(file: sqlite3.Connection, sql: str) -> int:
    """Return the number a statement counts."""
    return int(file.execute(sql).fetchone()[0])


def test_members_of_a_party_are_counted_together_and_come_to_the_same(called: Service) -> None:
    chambers = [Selection(chamber=one) for one in Chamber]
    asked = [*chambers, Selection(party="Democrat"), Selection()]
    before = [figures(called.ctx, SLUG, chosen).figures for chosen in asked]
    assert before[0].funnel != before[1].funnel
    called.clock.forward(hours=1)
    rolling.roll_up(called.ctx)
    today = called.ctx.clock.now().date()
    assert arrange_blocs(called.ctx.store, called.ctx.directory, today) > 0
    assert arrange_blocs(called.ctx.store, called.ctx.directory, today) == 0
    assert [figures(called.ctx, SLUG, chosen).figures for chosen in asked] == before
    with called.ctx.store.reading() as unit:
        assert {"b:senate|", "b:|Democrat", "b:senate|Democrat"} <= unit.blocs.known()


@pytest.mark.parametrize("where", FILTERS)
def test_every_total_is_a_plain_count_over_the_export(
    called: Service, tmp_path: Path, where: str
) -> None:
    chosen = read_selection(dict(pair.split("=") for pair in where.split("&") if pair))
    found = figures(called.ctx, SLUG, chosen).figures
    rung = "door <> 'self-dialled'"
    positions = (
        "('supports','leans-supports','undecided','leans-opposes','opposes','would-not-say')"
    )
    told = "FROM standing_answers JOIN calls USING (call) WHERE " + rung
    dialled = "FROM legs JOIN calls USING (call) WHERE " + rung
    with exported(called, tmp_path, where) as file:
        steps = {
            "asked": f"SELECT count(*) FROM calls WHERE {rung}",
            "created": f"SELECT count(*) FROM calls WHERE placed AND {rung}",
            "answered": f"SELECT count(*) FROM calls WHERE answered IS NOT NULL AND {rung}",
            "key_pressed": f"SELECT count(*) FROM calls WHERE key_pressed AND {rung}",
            "bridged": f"SELECT count(DISTINCT call) {dialled}",
            "office_answered": f"SELECT count(DISTINCT call) {dialled} AND outcome = 'connected'",
            "survey": f"SELECT count(DISTINCT call) {told}",
            "position": f"SELECT count(DISTINCT call) {told} AND meaning IN {positions}",
        }
        for name, sql in steps.items():
            assert getattr(found.funnel, name) == one(file, sql), name
        asked = one(file, f"SELECT count(*) FROM calls WHERE {rung}")
        assert sum(day.created for day in found.days) == asked
        assert {d.day.isoformat(): d.created for d in found.days} == dict(
            file.execute(
                f"SELECT substr(created, 1, 10), count(*) FROM calls WHERE {rung} GROUP BY 1"
            )
        )
        legs = one(file, f"SELECT count(*) {dialled}")
        assert sum(hour.dialled for hour in found.reach) == legs
        assert sum(office.dialled for office in found.offices) == legs
        assert {f"{h.weekday}-{h.hour:02d}": h.dialled for h in found.reach} == dict(
            file.execute(
                "SELECT ((strftime('%w', substr(started_local, 1, 19)) + 6) % 7) || '-' ||"
                f" substr(started_local, 12, 2), count(*) {dialled} GROUP BY 1"
            )
        )
        assert sum(m.count for m in found.meanings) == one(
            file, "SELECT count(*) FROM standing_answers"
        )
        assert sum(length.count for length in found.lengths) == one(
            file, "SELECT count(*) FROM legs WHERE outcome = 'connected' AND seconds IS NOT NULL"
        )
        said = {(s.whose.target, m): c for s in found.said for m, c in s.counts.items()}
        assert said == {
            (target, meaning): count
            for target, meaning, count in file.execute(
                "SELECT target, meaning, count(*) FROM standing_answers"
                f" WHERE meaning IN {positions} GROUP BY 1, 2"
            )
        }


def test_the_calls_of_these_tests_reach_every_step(called: Service) -> None:
    found = figures(called.ctx, SLUG, Selection()).figures
    funnel = found.funnel
    assert (funnel.asked, funnel.answered, funnel.key_pressed, funnel.bridged) == (3, 2, 2, 2)
    assert (funnel.office_answered, funnel.survey, funnel.position) == (2, 2, 2)
    assert [(s.n, s.most) for s in found.said if s.whose.state != "CA"] == []
    assert sum(said.n for said in found.said) == 3
    assert {said.whose.party for said in found.said} == {"Democrat"}


def test_hours_are_the_offices_own(called: Service) -> None:
    found = figures(called.ctx, SLUG, Selection()).figures
    # Noon and three in the afternoon in Washington, a Tuesday and a Wednesday.
    assert [(r.weekday, r.hour, r.dialled) for r in found.reach] == [(1, 12, 1), (2, 15, 1)]
