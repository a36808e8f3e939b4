"""The command `jobs`: how the housekeeping stands, and running one job now."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.exits import Exit
from callbridge.cli.instance import read_settings

if TYPE_CHECKING:
    from callbridge.service.jobs import JobView

jobs = typer.Typer(help="What the dialer does beside ringing: how each job stands.")
Json = Annotated[bool, typer.Option("--json", help="For a program.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(jobs, name="jobs")


@jobs.callback(invoke_without_command=True)
def show(group: typer.Context, as_json: Json = False) -> None:
    """Show each job's last run; with `run NAME`, run one now."""
    if group.invoked_subcommand:
        return
    from callbridge.service.jobs import standings

    with preparing.opened(read_settings(running=True)) as context:
        found = standings(context)
    if as_json:
        screen.show_json([_document(view) for view in found])
        return
    screen.show_table(("job", "state", "last run", "next", "what it found"), map(_row, found))


@jobs.command("run")
def run(
    name: Annotated[str, typer.Argument(help="The job's name.")], as_json: Json = False
) -> None:
    """Run one job now, here, whether it is due or not."""
    from callbridge.service.jobs import run_now

    owner = f"{socket.gethostname()[:40]}-{os.getpid()}-by-hand"
    with preparing.opened(read_settings(running=True)) as context:
        view = run_now(context, name, owner=owner)
    if as_json:
        screen.show_json(_document(view))
    elif view.record.failures:
        screen.found(f"{name}: {view.record.result}")
    else:
        screen.done(f"{name}: {view.record.result}")
    raise typer.Exit(Exit.PROBLEMS if view.record.failures else Exit.FINE)


def _row(view: JobView) -> tuple[str, str, str, str, str]:
    record = view.record
    following = "" if view.off else _moment(record.due)
    said = view.off or record.result or "has not run yet"
    if record.failures:
        said = f"{record.failures} failures in a row: {said}"
    return view.job.name, view.state.value, _moment(record.finished), following, said


def _moment(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _document(view: JobView) -> dict[str, object]:
    record = view.record
    return {
        "job": view.job.name,
        "state": view.state.value,
        "started": record.started.isoformat() if record.started else None,
        "finished": record.finished.isoformat() if record.finished else None,
        "succeeded": record.succeeded.isoformat() if record.succeeded else None,
        "due": None if view.off else record.due.isoformat(),
        "failures": record.failures,
        "result": record.result,
        "off": view.off,
    }
