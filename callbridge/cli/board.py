"""Commands for analysts: `board` shows where members stand, `rollups` counts everything anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.instance import read_settings
from callbridge.domain.nouns import many

if TYPE_CHECKING:
    from callbridge.service.board import BoardRow

rollups = typer.Typer(no_args_is_help=True, help="The counts by day that pages read.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("board")(board)
    app.add_typer(rollups, name="rollups")


def board(
    slug: Annotated[str, typer.Argument(help="The campaign.")],
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
    everybody: Annotated[
        bool, typer.Option("--all", help="Members of whom nothing is known, too.")
    ] = False,
) -> None:
    """Show where each member stands, how sure that is, and what was set by hand."""
    from callbridge.service.board import as_json as row_json
    from callbridge.service.board import board as read

    with preparing.opened(read_settings()) as context:
        found = read(context, slug)
    if as_json:
        screen.show_json([row_json(row) for row in found.rows])
        return
    known = [row for row in found.rows if everybody or row.touched]
    if known:
        screen.show_table(
            ("member", "seat", "n#", "position", "sure#", "share supporting", "last", "by hand"),
            (_cells(row) for row in known),
        )
    answers = sum(row.estimate.n for row in found.rows)
    screen.say(
        f"{many(answers, 'position')} reported about "
        f"{sum(row.estimate.n > 0 for row in found.rows):,} of {len(found.rows):,} members. "
        "Supporters chose to call, and say themselves what they heard."
    )


def _cells(row: BoardRow) -> tuple[str, ...]:
    found = row.estimate
    low, high = found.interval
    sure = "" if found.probability is None else f"{found.probability:.0%}"
    by_hand = f"{row.evidence.position} ({row.evidence.grade})" if row.evidence else ""
    return (
        row.who.name,
        row.who.seat,
        str(found.n),
        found.position.value if found.position else "not known",
        sure,
        f"{bar(low, high)} {low:.0%}–{high:.0%}",
        found.last.strftime("%d %b %H:%M UTC") if found.last else "",
        by_hand,
    )


def bar(low: float, high: float, *, width: int = 20) -> str:
    """Draw an interval of shares in characters."""
    first, last = int(low * width), max(int(low * width), min(width - 1, int(high * width)))
    return "".join("━" if first <= place <= last else "·" for place in range(width))


@rollups.callback()
def group() -> None:
    """Count what pages show; the dialer keeps it up to date by itself."""


@rollups.command("rebuild")
def rebuild() -> None:
    """Count everything anew from the calls; nothing is lost while it runs."""
    from callbridge.service.rolling import rebuild as run

    with preparing.opened(read_settings()) as context, screen.progress("Counting"):
        positions, legs, calls = run(context.store, before=context.clock.now())
    screen.done(
        f"Rebuilt the rollups: {positions:,} rows of positions, {legs:,} of office legs;"
        f" {calls:,} calls entered."
    )
