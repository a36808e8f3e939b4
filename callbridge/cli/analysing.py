"""Commands for analysts: `codebook` says what an export's columns mean."""

from __future__ import annotations

from typing import Annotated

import typer

from callbridge.cli import screen


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("codebook")(show_codebook)


def show_codebook(
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As docs/codebook.md.")] = False,
) -> None:
    """Show what every column of every exported table means."""
    from callbridge.service import codebook

    if markdown:
        screen.say(codebook.as_markdown().rstrip())
        return
    rows = [(s.name, c.name, c.kind.value, c.meaning) for s in codebook.SHEETS for c in s.columns]
    names = ("table", "column", "type", "meaning")
    if as_json:
        screen.show_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    screen.show_table(names, rows)
