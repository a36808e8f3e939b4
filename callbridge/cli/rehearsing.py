"""The command `drive rehearse`: shows what a drive would do, without ringing anybody."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import children, preparing, screen
from callbridge.cli.driving import Id, Json, drive
from callbridge.cli.instance import read_settings
from callbridge.domain.nouns import many
from callbridge.errors import RefusedError

if TYPE_CHECKING:
    from callbridge.rehearsal.directing import Progress
    from callbridge.rehearsal.result import Result

_SHOWN = 8


@drive.command("rehearse")
def rehearse(  # noqa: PLR0917  a command line's options are its parameters
    drive: Id,
    speed: Annotated[float, typer.Option(help="How much faster than the clock: 1 to 100.")] = 100.0,
    seed: Annotated[int, typer.Option(help="Another seed, other people and offices.")] = 1,
    people: Annotated[Path | None, typer.Option(help="Another list (CSV) than its own.")] = None,
    at: Annotated[str | None, typer.Option(help="When it starts: 2026-06-15T09:00 (UTC).")] = None,
    minutes: Annotated[float, typer.Option(help="The most minutes it may take here.")] = 60.0,
    postgres: Annotated[
        bool, typer.Option("--postgres", help="On a PostgreSQL of its own, not SQLite.")
    ] = False,
    who: Annotated[str, typer.Option("--as", help="Who wants to know.")] = "the command line",
    as_json: Json = False,
) -> None:
    """Rehearse a drive in a world of its own: simulated people, nobody's telephone rings."""
    from callbridge.rehearsal.keeping import Shelf
    from callbridge.rehearsal.rehearsing import Asked, scenario_of
    from callbridge.rehearsal.rehearsing import rehearse as work

    children.end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    settings = read_settings()
    asked = Asked(
        drive=drive,
        speed=speed,
        seed=seed,
        people=_read(people) if people else None,
        begins=_moment(at),
        postgresql=postgres,
        limit_minutes=minutes,
    )
    # The real database is only read, and closed before anything begins.
    with preparing.opened(settings) as context:
        scenario = scenario_of(context, asked)
    shelf = Shelf(settings.callbridge_rehearsals)
    with screen.progress("Rehearsing", total=len(scenario.copy.people)) as bar:

        def tell(how: Progress) -> None:
            bar.reach(how.over, how.people)
            bar.tell(f"{how.now:%a %d %b %H:%M} UTC, {how.rings:,} rings, {how.factor:.0f}×")

        name, result = work(scenario, shelf=shelf, tell=tell, who=who)
    if as_json:
        screen.show_json(result_json(name, result))
        return
    show(result)
    screen.say(f"Kept as {name}; the console shows it with all its figures.")


def result_json(name: str, result: Result) -> dict[str, object]:
    """Return a result as a program reads it."""
    import msgspec

    plain: dict[str, object] = msgspec.to_builtins(result)
    return {"rehearsal": name, **plain, "cost": result.cost, "offices_above": result.above_cap}


def show(result: Result) -> None:
    """Say what would have happened."""
    if not result.complete:
        screen.warn("Its time was over before the drive was: these are the figures so far.")
    first = f"{result.first:%a %d %b %H:%M}" if result.first else "nobody was rung"
    screen.done(
        f"Rehearsed {many(result.people, 'person', 'people')}: from {first} to "
        f"{result.ends:%a %d %b %H:%M} UTC, in {result.wall_seconds:,.0f} s here."
    )
    estimated = result.estimated_cost
    screen.say(
        f"  Cost {result.cost:,.2f} (the estimate said {estimated.low:,.2f} to "
        f"{estimated.high:,.2f}), of it {result.office_cost:,.2f} for offices"
    )
    screen.say(
        f"  {many(result.rings, 'ring')}, {result.answered:,} answered, "
        f"{result.keyed:,} took part, {result.bridged:,} reached an office; "
        f"{many(result.office_calls, 'call')} to offices"
    )
    _show_people(result)
    _show_offices(result)
    _show_board(result)


def _show_people(result: Result) -> None:
    for cause, count in sorted(result.by_cause.items(), key=lambda one: -one[1]):
        screen.say(f"  {count:>9,}  {cause}")


def _show_offices(result: Result) -> None:
    busiest = [
        (f"{one.name}, {one.city}", f"{one.calls:,}", str(one.at_once), str(one.in_a_minute))
        for one in result.offices[:_SHOWN]
    ]
    if busiest:
        screen.show_table(("busiest offices", "calls#", "at once#", "a minute#"), busiest)
    screen.say(
        f"  {result.above_cap} of {len(result.offices):,} offices above {result.cap_at_once} at "
        f"once or {result.cap_in_a_minute} a minute"
    )
    screen.say(
        f"  Numbers at fault: {result.faults_found} of {result.faults_planted} found, "
        f"{result.false_alarms} false alarms"
    )


def _show_board(result: Result) -> None:
    from callbridge.rehearsal.result import shares

    screen.show_table(
        ("answers about a member", "members#", "board right#", "majority right#"),
        (
            (one.words, str(one.members), str(one.board), str(one.majority))
            for one in shares(result.board)
        ),
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as problem:
        raise RefusedError(f"A time is written like 2026-06-15T09:00, not {text!r}.") from problem
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise RefusedError(f"{path} cannot be read: {trouble.strerror}.") from trouble
