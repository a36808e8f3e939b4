"""Commands that keep the database safe: `backup`, `restore`, and `dialing` on a restored copy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.instance import read_settings

dialing = typer.Typer(no_args_is_help=True, help="Whether anybody is rung by itself here.")
Json = Annotated[bool, typer.Option("--json", help="For a program.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.add_typer(dialing, name="dialing")


def backup(out: Annotated[Path, typer.Option("--out", help="A new file.")]) -> None:
    """Copy the database while it is used. The copy rings nobody until it is told to."""
    from callbridge.store.backup import back_up

    settings = read_settings(complete=False)
    with screen.progress("Copying the database", total=1) as bar:
        back_up(settings.database_url, out, at=datetime.now(UTC), tell=bar.reach)
    screen.done(f"Backup written: {out}, {out.stat().st_size / 1_000_000:.1f} MB.")
    screen.note("Phone numbers in it are readable with PHONE_KEYS only: keep those elsewhere.")


def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put an SQLite file that is there aside.")
    ] = False,
) -> None:
    """Bring a backup back as the database of DATABASE_URL; nobody is rung until you say so."""
    from callbridge.store.restore import restore as bring_back

    settings = read_settings(complete=False)
    with screen.progress("Bringing the copy back", total=1) as bar:
        held = bring_back(
            settings.database_url, file, at=datetime.now(UTC), replace=replace, tell=bar.reach
        )
    screen.done(f"Restored {file}, with the newest tables.")
    screen.warn(f"{held.why} Then: python -m callbridge dialing resume.")


@dialing.command("show")
def show(as_json: Json = False) -> None:
    """Say whether the dialers ring anybody by themselves."""
    from callbridge.service.restored import installation

    with preparing.opened(read_settings(running=True)) as context:
        here = installation(context)
    if as_json:
        times = {"held_since": here.held_since, "released": here.released, "copied": here.copied}
        shown = {name: at.isoformat() if at else None for name, at in times.items()}
        screen.show_json({"held": here.held, **shown})
    elif here.why:
        screen.mind(here.why)
    else:
        screen.done("The dialers ring what is due.")


@dialing.command("hold")
def hold() -> None:
    """Let nobody be rung by itself; calls asked for now are still placed."""
    from callbridge.service.restored import hold as put_on_hold

    with preparing.opened(read_settings(running=True)) as context:
        screen.done(f"{put_on_hold(context).why}")


@dialing.command("resume")
def resume() -> None:
    """Let the dialers ring what is due, after a restore or a hold."""
    from callbridge.service.restored import release

    with preparing.opened(read_settings(running=True)) as context:
        released = release(context)
    screen.done("The dialers ring what is due." if released else "Nothing was held.")
