"""The commands `drive …`: phone drives made, started, watched and ended; rings nobody itself."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.instance import read_settings
from callbridge.domain.nouns import many
from callbridge.errors import RefusedError

if TYPE_CHECKING:
    from callbridge.service.drives.views import DriveView, Imported

Json = Annotated[bool, typer.Option("--json", help="For a program.")]
Id = Annotated[str, typer.Argument(help="The drive.")]
People = Annotated[Path, typer.Option(help="A CSV of people who agreed to be called.")]
By = Annotated[str | None, typer.Option("--as", help="Who does this, for the drive's history.")]
_SHOWN = 20
# Who did it, in the history, when nobody says a name: it did not come about by itself.
_SOMEBODY = "the command line"
_WIDTH = 30
drive = typer.Typer(no_args_is_help=True, help="Phone drives.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    from callbridge.cli import rehearsing  # noqa: F401  adds `drive rehearse`

    app.add_typer(drive, name="drive")


@drive.command("create")
def create(  # noqa: PLR0917  a command line's options are its parameters
    slug: Annotated[str, typer.Argument(help="The campaign.")],
    people: People,
    rate: Annotated[
        float | None, typer.Option(help="Calls a second; else as fast as the pace allows.")
    ] = None,
    window: Annotated[str, typer.Option(help="Hours at the person's place.")] = "09:00-20:00",
    days: Annotated[str, typer.Option(help="mon-fri, sat,sun, … or all.")] = "mon-fri",
    at_once: Annotated[int | None, typer.Option(help="The most calls at once.")] = None,
    shift: Annotated[
        list[str] | None,
        typer.Option(help="A shift: each person stays on the line for this campaign too."),
    ] = None,
    budget: Annotated[
        float | None, typer.Option(help="The most that its calls may cost in all.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be.")] = False,
    name: Annotated[str, typer.Option(help="Your own word for it.")] = "",
    by: By = None,
    as_json: Json = False,
) -> None:
    """Make a drive over a list of people; nobody is rung before `drive start`."""
    from callbridge.service.drives import running
    from callbridge.service.drives.views import DriveRequest

    request = DriveRequest(
        slug=slug,
        name=name,
        rate=rate,
        window=window,
        days=days,
        in_progress=at_once,
        shift=tuple(shift or ()),
        budget=budget,
    )
    content = _read(people)
    with preparing.opened(read_settings(running=True)) as context:
        if dry_run:
            imported = running.preview(context, request, content)
        else:
            imported = running.create(context, request, content, by=by or _SOMEBODY)
    _tell_import(imported, as_json=as_json)


@drive.command("add")
def add(drive: Id, people: People, by: By = None, as_json: Json = False) -> None:
    """Add people to a drive; who is in it already stays as they are."""
    from callbridge.service.drives.people import add_people

    with preparing.opened(read_settings(running=True)) as context:
        imported = add_people(context, drive, _read(people), by=by or _SOMEBODY)
    _tell_import(imported, as_json=as_json)


@drive.command("start")
def start(
    drive: Id,
    by: Annotated[
        str | None, typer.Option("--as", help="Who starts it; a big drive needs two persons.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Start a drive, or let a paused one go on."""
    from callbridge.service.drives import running

    with preparing.opened(read_settings(running=True)) as context:
        view = running.start(context, drive, by=by)
    _tell(view, as_json=as_json)
    _ask_the_second(view)


def _ask_the_second(view: DriveView) -> None:
    if view.persons and view.approved:
        screen.note(
            f"{view.approved} wants this drive. It has {view.people:,} people, more than "
            f"{view.confirm_over:,}: a second person must confirm it, and nobody is rung before."
        )
        screen.say(f"  python -m callbridge drive start {view.drive} --as SOMEBODY-ELSE")


@drive.command("pause")
def pause(drive: Id, by: By = None, as_json: Json = False) -> None:
    """Start no more calls of a drive; those in progress go on to their end."""
    _change("pause", drive, by=by or _SOMEBODY, as_json=as_json)


@drive.command("resume")
def resume(drive: Id, by: By = None, as_json: Json = False) -> None:
    """Let a paused drive go on."""
    _change("resume", drive, by=by, as_json=as_json)


@drive.command("stop")
def stop(drive: Id, by: By = None, as_json: Json = False) -> None:
    """End a drive for good, whoever still waits."""
    _change("stop", drive, by=by or _SOMEBODY, as_json=as_json)


@drive.command("finish")
def finish(drive: Id, by: By = None, as_json: Json = False) -> None:
    """Call a drive done."""
    _change("finish", drive, by=by or _SOMEBODY, as_json=as_json)


@drive.command("change")
def change(  # noqa: PLR0917  a command line's options are its parameters
    drive: Id,
    rate: Annotated[float | None, typer.Option(help="Calls a second.")] = None,
    window: Annotated[str | None, typer.Option(help="Hours at the person's place.")] = None,
    days: Annotated[str | None, typer.Option(help="mon-fri, … or all.")] = None,
    at_once: Annotated[int | None, typer.Option(help="The most calls at once.")] = None,
    budget: Annotated[float | None, typer.Option(help="The most it may cost in all.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Change the pace, the hours or the budget of a drive, also while it runs."""
    from callbridge.service.drives import running

    with preparing.opened(read_settings(running=True)) as context:
        view = running.change(
            context,
            drive,
            rate=rate,
            in_progress=at_once,
            window=window,
            days=days,
            budget=budget,
            by=by or _SOMEBODY,
        )
    _tell(view, as_json=as_json)


@drive.command("status")
def status(
    drive: Id,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, with a bar, to its end.")] = False,
    as_json: Json = False,
) -> None:
    """Say how a drive stands."""
    from callbridge.service.drives import running

    with preparing.opened(read_settings(running=True)) as context:
        view = running.status(context, drive)
        if watch and not as_json:
            with screen.progress(f"Drive of {view.campaign}", total=view.people) as bar:
                while view.state.value not in {"stopped", "finished"}:
                    bar.reach(view.over, view.people)
                    bar.tell(f"{view.state.value}, {many(view.calls_now, 'call')} now")
                    time.sleep(1)
                    view = running.status(context, drive)
    _tell(view, as_json=as_json)


@drive.command("list")
def list_drives(as_json: Json = False) -> None:
    """List the drives, newest first."""
    from callbridge.service.drives import running

    with preparing.opened(read_settings(running=True)) as context:
        found = running.drives(context)
    if as_json:
        rows = [{"drive": one.id, "campaign": one.slug, "state": one.state.value} for one in found]
        screen.show_json(rows)
        return
    made = ((one.id, one.slug, one.state.value, f"{one.created:%Y-%m-%d}") for one in found)
    screen.show_table(("drive", "campaign", "state", "made"), made)


def _change(what: str, drive: str, *, by: str | None, as_json: bool) -> None:
    from callbridge.service.drives import running

    with preparing.opened(read_settings(running=True)) as context:
        view = getattr(running, what)(context, drive, by=by)
    _tell(view, as_json=as_json)
    _ask_the_second(view)


def _read(people: Path) -> bytes:
    try:
        return people.read_bytes()
    except OSError as trouble:
        raise RefusedError(f"{people} cannot be read: {trouble.strerror}.") from trouble


def _tell_import(imported: Imported, *, as_json: bool) -> None:
    if as_json:
        refused = [{"line": one.line, "why": one.why} for one in imported.refused]
        screen.show_json(
            {"drive": imported.drive, "accepted": imported.accepted, "refused": refused}
        )
        return
    made = f"Drive {imported.drive}: " if imported.drive else "Nothing was kept: "
    accepted = many(imported.accepted, "person", "people")
    screen.done(f"{made}{accepted}, {many(len(imported.refused), 'line')} refused.")
    for one in imported.refused[:_SHOWN]:
        screen.warn(f"Line {one.line}: {one.why}")
    if len(imported.refused) > _SHOWN:
        screen.note(f"And {len(imported.refused) - _SHOWN:,} more lines; --json gives them all.")
    if imported.drive:
        screen.say(f"  python -m callbridge drive start {imported.drive}")


def status_json(view: DriveView) -> dict[str, Any]:
    """Return a drive's status as a program reads it."""
    return {
        "drive": view.drive,
        "state": view.state.value,
        "people": view.people,
        "by_state": dict(view.by_state),
        "unknown": view.unknown,
    }


def _tell(view: DriveView, *, as_json: bool) -> None:
    if as_json:
        screen.show_json(status_json(view))
        return
    screen.done(f"Drive {view.drive} of {view.campaign} is {view.state.value}.")
    if view.cause:
        screen.warn(view.cause)
    screen.say(f"  {_bar(view.over, view.people)} {many(view.calls_now, 'call')} now")
    for state, count in sorted(view.by_state.items()):
        screen.say(f"  {count:>9,}  {state}")
    for cause, count in sorted(view.by_cause.items()):
        screen.say(f"  {count:>9,}  of them: {cause}")


def _bar(over: int, people: int) -> str:
    """Draw how far a drive is, for a terminal and a log alike."""
    done = round(_WIDTH * over / people) if people else 0
    return f"[{'#' * done}{'.' * (_WIDTH - done)}] {over:,} of {people:,} people are done,"
