"""Commands about what an installation keeps: settings, database, people, and its doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from callbridge.cli import examining, preparing, screen, settings_text
from callbridge.cli.exits import Exit
from callbridge.cli.instance import read_settings
from callbridge.settings import SETTINGS

db = typer.Typer(no_args_is_help=True, help="The database.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("settings")(show_settings)
    app.command("check")(check)
    app.add_typer(db, name="db")


def show_settings(
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As docs/settings.md.")] = False,
    env: Annotated[bool, typer.Option("--env", help="As .env.example.")] = False,
) -> None:
    """Show every setting: what it is now, its default, what it means."""
    if markdown or env:
        screen.say((settings_text.as_markdown() if markdown else settings_text.as_env()).rstrip())
        return
    now = settings_text.shown(read_settings(complete=False))
    if as_json:
        screen.show_json(
            [
                {
                    "name": setting.name,
                    "value": now[setting.name],
                    "default": setting.default,
                    "help": setting.help,
                    "secret": setting.secret,
                }
                for setting in SETTINGS
            ]
        )
        return
    screen.show_table(
        ("setting", "now", "meaning"),
        ((setting.name, now[setting.name], setting.help) for setting in SETTINGS),
    )


def check(as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False) -> None:
    """Look at everything a call needs; say what is not well and what to do about it."""
    settings = read_settings(running=True)
    findings = list(examining.everything(settings))
    if as_json:
        screen.show_json(
            [
                {
                    "subject": one.subject,
                    "well": one.well,
                    "sentence": one.sentence,
                    "advice": one.advice,
                }
                for one in findings
            ]
        )
    else:
        for one in findings:
            told = f"{one.subject.capitalize()}: {one.sentence}"
            if not one.well:
                screen.found(told)
            elif one.advice:
                screen.mind(told)
            else:
                screen.done(told)
            if one.advice:
                screen.say(f"  {one.advice}")
    raise typer.Exit(Exit.FINE if all(one.well for one in findings) else Exit.PROBLEMS)


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database's tables up to date; a new SQLite file is made."""
    preparing.database(read_settings(complete=False))
