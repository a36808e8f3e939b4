"""The command that prints a campaign's one-page report, into a file or as mail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.instance import read_settings
from callbridge.errors import RefusedError

if TYPE_CHECKING:
    from callbridge.service.context import Context


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("report")(report)


def report(
    slug: Annotated[str, typer.Argument(help="The campaign.")],
    out: Annotated[
        Path | None, typer.Option(help="A file that ends in .pdf, .html or .txt.")
    ] = None,
    mail: Annotated[str, typer.Option(help="An address to send it to.")] = "",
) -> None:
    """Print a campaign on one page: how far calls came, where members stand."""
    from callbridge.service import reporting

    if out is not None and out.suffix not in {".pdf", ".html", ".txt"}:
        raise RefusedError(f"{out.name} ends in none of .pdf, .html, .txt.")
    with preparing.opened(read_settings()) as context:
        if mail:
            with screen.progress("Printing"):
                reporting.post(context, slug, to=mail)
            screen.done(f"The report waits for the mail server, for {mail}.")
        if out is not None:
            with screen.progress("Printing"):
                out.write_bytes(_printed(context, slug, out.suffix))
            screen.done(f"Wrote {out}.")
        elif not mail:
            screen.say(_printed(context, slug, ".txt").decode().rstrip())


def _printed(context: Context, slug: str, kind: str) -> bytes:
    from callbridge.service import reporting

    found, printer = reporting.report(context, slug), reporting.printer(context)
    if kind == ".pdf":
        return printer.pdf(found)
    return (printer.html(found) if kind == ".html" else printer.text(found)).encode()
