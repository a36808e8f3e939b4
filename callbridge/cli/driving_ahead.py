"""The commands `drive estimate` and `drive dry-run`: what a drive would do; rings nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from callbridge.cli import driving, preparing, screen
from callbridge.cli.driving import Id, Json
from callbridge.cli.instance import read_settings
from callbridge.domain.nouns import many

if TYPE_CHECKING:
    from callbridge.service.drives.foreseeing import Foresight
    from callbridge.service.drives.views import DriveEstimate


def register(_app: typer.Typer) -> None:
    """Add these commands to those of drives."""
    driving.drive.command("estimate")(estimate)
    driving.drive.command("dry-run")(dry_run)


def estimate(drive: Id, as_json: Json = False) -> None:
    """Say how long a drive takes and what it costs, from low to high."""
    from callbridge.service.drives.estimating import estimate as work

    with preparing.opened(read_settings(running=True)) as context:
        found = work(context, drive)
    if as_json:
        screen.show_json(_estimate_json(found))
        return
    _tell_estimate(found)


def dry_run(
    drive: Id,
    hours: Annotated[int, typer.Option(min=1, max=24, help="How far ahead.")] = 1,
    as_json: Json = False,
) -> None:
    """Say who would ring in which order, were the drive to ring from now on."""
    from callbridge.service.drives.foreseeing import foresee

    with preparing.opened(read_settings(running=True)) as context:
        found = foresee(context, drive, hours=hours)
    if as_json:
        screen.show_json(_foresight_json(found))
        return
    _tell_foresight(found)


def _foresight_json(found: Foresight) -> dict[str, Any]:
    return {
        "drive": found.drive,
        "hours": found.hours,
        "waiting": found.waiting,
        "rings": found.rings,
        "cut": found.cut,
        "opens": found.opens.isoformat() if found.opens else None,
        "by_hour": [{"hour": at.isoformat(), "rings": count} for at, count in found.by_hour],
        "first": [
            {
                "at": one.at.isoformat(),
                "local": one.local.isoformat(),
                "phone": one.phone,
                "zip": one.zip,
                "language": one.language,
                "group": one.group,
                "office": one.office,
            }
            for one in found.first
        ],
    }


def _tell_foresight(found: Foresight) -> None:
    many = f"{'At least ' if found.cut else ''}{found.rings:,} of {found.waiting:,}"
    span = "the next hour" if found.hours == 1 else f"the next {found.hours} hours"
    screen.done(f"{many} waiting people would be rung within {span}; nothing was dialled.")
    if not found.rings and found.opens:
        screen.say(f"  The first hours open {found.opens:%Y-%m-%d %H:%M} UTC.")
    screen.show_table(
        ("their clock", "phone", "zip", "language", "group", "for the office"),
        (
            (
                f"{one.local:%a %H:%M:%S}",
                one.phone,
                one.zip or "",
                one.language,
                one.group,
                one.office or "",
            )
            for one in found.first
        ),
    )


def _estimate_json(found: DriveEstimate) -> dict[str, Any]:
    made = found.estimate
    ranges = {
        name: {"low": value.low, "likely": value.likely, "high": value.high}
        for name, value in (
            ("rings", made.rings),
            ("reached", made.reached),
            ("seconds", made.seconds),
            ("cost", made.cost),
        )
    }
    return {
        "drive": found.drive,
        "people": found.people,
        **ranges,
        "bound": made.bound.value,
        "measured": made.measured,
        "ends": found.ends.isoformat() if found.ends else None,
        "open_now": found.open_now,
        "budget_left": found.budget_left,
    }


def _tell_estimate(found: DriveEstimate) -> None:
    made = found.estimate
    rows = [
        ("rings", made.rings, "{:,.0f}"),
        ("people reached", made.reached, "{:,.0f}"),
        ("calling hours", made.seconds, "{:,.1f}"),
        ("cost", made.cost, "{:,.2f}"),
    ]
    shown = []
    for name, value, form in rows:
        by = 3600 if name == "calling hours" else 1
        parts = (value.low, value.likely, value.high)
        shown.append((name, *(form.format(part / by) for part in parts)))
    screen.show_table(("", "low#", "likely#", "high#"), shown)
    waiting = many(found.people, "person", "people")
    screen.say(f"  {waiting} to ring; {found.open_now:,} may be rung at this hour.")
    screen.say(f"  What sets the pace: {made.bound.value}.")
    if found.ends:
        screen.say(f"  Likely end: {found.ends:%Y-%m-%d %H:%M} UTC.")
    if found.budget_left is not None:
        screen.say(f"  Left of its budget: {found.budget_left:,.2f}.")
    if found.short:
        screen.warn("The budget is likely spent before everybody was rung; then it pauses.")
    if not made.measured:
        screen.note("Nobody measured how many answer here, so the range is as wide as it can be.")
