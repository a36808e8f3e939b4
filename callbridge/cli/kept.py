"""Commands about what an installation keeps: settings, database, people, and its doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from callbridge.cli import screen, settings_text
from callbridge.cli.instance import read_settings
from callbridge.settings import SETTINGS


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("settings")(show_settings)


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
