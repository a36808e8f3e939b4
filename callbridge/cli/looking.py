"""Commands about who represents whom: `lookup` and `directory`."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
