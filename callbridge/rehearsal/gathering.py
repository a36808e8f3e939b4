"""Gathers what a rehearsal shows: our own books beside the wire and beside what was true."""

from __future__ import annotations

from collections.abc import Mapping

from callbridge.domain.estimate import Estimate
from callbridge.domain.rates import Range as Measured
from callbridge.domain.survey import POSITIONS, Meaning
from callbridge.rehearsal.result import Fault, Hour, Judged, OfficeLoad, Range, Result
from callbridge.rehearsal.tally import Tally, most_at_once, most_in_a_minute
from callbridge.rehearsal.world import World
from callbridge.service import board as boards
from callbridge.service import health, rolling
from callbridge.service.drives.views import DriveEstimate, DriveView
from callbridge.service.results import results

_ROUNDS = 100_000


def gather(
    here: World, view: DriveView, *, before: DriveEstimate, wall: float, complete: bool
) -> Result:
    """Return the result of a rehearsal that is over."""
    scenario, tally, settings = here.scenario, here.tally, here.ctx.settings
    rolling.roll_up(here.ctx, rounds=_ROUNDS)
    estimated: Estimate = before.estimate
    ends = tally.last or here.clock.now()
    return Result(
        drive=scenario.copy.drive,
        campaign=scenario.copy.title,
        database=here.database.kind,
        seed=scenario.seed,
        speed=scenario.speed,
        complete=complete,
        people=view.people,
        left_out=scenario.copy.left_out,
        refused=len(here.imported.refused),
        begins=scenario.begins,
        first=tally.first,
        ends=ends,
        seconds=(ends - (tally.first or ends)).total_seconds(),
        leapt_seconds=here.clock.leapt,
        wall_seconds=wall,
        rings=tally.rings,
        answered=tally.answered,
        keyed=view.keyed,
        bridged=view.bridged,
        by_state=dict(view.by_state),
        by_cause=dict(view.by_cause),
        supporter_cost=tally.minutes * settings.minute_price,
        office_cost=tally.office_minutes * settings.office_minute_price,
        estimated_cost=_range(estimated.cost),
        estimated_seconds=_range(estimated.seconds),
        hours=_hours(tally),
        office_calls=sum(len(spans) for spans in tally.at_offices.values()),
        ended=dict(tally.ended),
        answers=_answers(here),
        offices=_loads(tally),
        cap_at_once=settings.office_max_calls,
        cap_in_a_minute=settings.office_calls_per_minute,
        faults=_faults(here),
        board=_judged(here),
        unsettled=view.unknown,
        warnings=sorted({f"{one.code} {one.sentence}" for one in here.exchange.warnings})[:20],
    )


def _range(measured: Measured) -> Range:
    return Range(low=measured.low, likely=measured.likely, high=measured.high)


def _hours(tally: Tally) -> list[Hour]:
    names = ("rings", "answered", "bridged", "offices")
    return [
        Hour(at=at, **{name: counted[name] for name in names})
        for at, counted in sorted(tally.by_hour.items())
    ]


def _answers(here: World) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in results(here.ctx, here.scenario.copy.slug).tallies:
        found[one.meaning.value] = found.get(one.meaning.value, 0) + one.count
    return found


def _loads(tally: Tally) -> list[OfficeLoad]:
    loads = []
    for phone, spans in tally.at_offices.items():
        desk = tally.offices.desks.get(phone)
        loads.append(
            OfficeLoad(
                phone=phone,
                name=desk.name if desk else phone,
                city=desk.city if desk else "",
                calls=len(spans),
                at_once=most_at_once(spans),
                in_a_minute=most_in_a_minute(spans),
            )
        )
    return sorted(loads, key=lambda one: (-one.calls, one.name, one.phone))


def _faults(here: World) -> list[Fault]:
    offices = here.tally.offices
    suspected = {
        one.number.phone: one.trouble.value
        for one in health.suspects(here.ctx)
        if one.trouble is not None
    }
    found = []
    for load in _loads(here.tally):
        kind, trouble = offices.faults.get(load.phone), suspected.get(load.phone)
        if kind is not None or trouble is not None:
            found.append(
                Fault(
                    phone=load.phone,
                    name=load.name,
                    city=load.city,
                    calls=load.calls,
                    kind=kind,
                    suspected=trouble,
                )
            )
    return found


def _judged(here: World) -> list[Judged]:
    truth = here.tally.offices.positions
    rows = boards.board(here.ctx, here.scenario.copy.slug).rows
    return [
        Judged(
            target=row.who.target,
            name=row.who.name,
            n=row.estimate.n,
            truth=truth[row.who.target],
            position=row.estimate.position.value if row.estimate.position else None,
            probability=row.estimate.probability,
            majority=_majority(row.estimate.answers),
        )
        for row in rows
        if row.estimate.n and row.who.target in truth
    ]


def _majority(answers: Mapping[Meaning, int]) -> str | None:
    """Return what most answers say, None when two say it as often."""
    counts = {one: answers.get(one, 0) for one in POSITIONS}
    most = max(counts.values(), default=0)
    leading = [one for one, count in counts.items() if count == most]
    return Meaning(leading[0]).value if most and len(leading) == 1 else None
