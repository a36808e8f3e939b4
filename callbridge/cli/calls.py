"""Commands about calls: `call` rings somebody, `export` takes the answers away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.instance import read_settings
from callbridge.cli.looking import grouped
from callbridge.domain.nouns import many

CONSENT = (
    "Asked for on the command line by whoever runs this service, who says that the owner of the "
    "number agreed to be rung now by an automated voice."
)
Json = Annotated[bool, typer.Option("--json", help="For a program.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("call")(call)
    app.command("export")(export)


def call(  # noqa: PLR0917  a command line's options are its parameters
    slug: Annotated[str, typer.Argument(help="The campaign.")],
    phone: Annotated[str, typer.Option(help="The supporter's number; they agreed to be rung.")],
    zip_code: Annotated[
        str | None, typer.Option("--zip", help="Without it the keypad asks.")
    ] = None,
    district: Annotated[str | None, typer.Option(help="Where the ZIP is split: CA-12.")] = None,
    language: Annotated[str | None, typer.Option(help="en, es, …")] = None,
    as_json: Json = False,
) -> None:
    """Ring somebody who asked for it and carry them through a campaign."""
    from callbridge.domain.call import Door
    from callbridge.service.placing import start_call
    from callbridge.service.views import CallRequest
    from callbridge.web.shapes import started

    settings = read_settings(running=True)
    with preparing.opened(settings) as context:
        begun = start_call(
            context,
            CallRequest(
                slug=slug,
                phone=phone,
                zip=zip_code,
                district=district,
                language=language,
                consent=True,
                consent_words=CONSENT,
                door=Door.COMMAND,
            ),
        )
    body = started(begun, public_url=settings.public_url)
    if as_json:
        screen.show_json(body)
        return
    when = f"rings in {begun.wait_seconds} s" if begun.wait_seconds else "rings now"
    screen.done(f"Call {begun.call} placed from {grouped(begun.from_)}: the phone {when}.")
    for position, target in enumerate(begun.targets, start=1):
        screen.say(f"  {position}. {target.name}")
    if begun.needs_district or not begun.targets:
        screen.note("The keypad asks where the supporter lives.")
    screen.say(f"  {body['links']['page']}")


def export(
    slug: Annotated[str, typer.Argument(help="The campaign.")],
    out: Annotated[Path, typer.Option(help="The folder to write to; made when missing.")],
    format_: Annotated[
        str, typer.Option("--format", help="csv, jsonl, parquet or sqlite.")
    ] = "csv",
    where: Annotated[
        str, typer.Option(help="A filter as in a page's address: since=2026-11-01&state=VT.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write a campaign's data to a folder, with its codebook, without anybody's phone number."""
    from callbridge.domain.selection import read_selection
    from callbridge.service.exporting import export as write

    selection = read_selection(dict(parse_qsl(where)))
    with (
        preparing.opened(read_settings()) as context,
        screen.progress(f"Exporting {slug}") as bar,
    ):
        written = write(
            context,
            slug,
            format=format_,
            folder=out,
            selection=selection,
            progress=bar.reach,
        )
    if as_json:
        screen.show_json(
            {
                "files": [str(file) for file in written.files],
                "answers": written.answers,
                "calls": written.calls,
                "legs": written.legs,
                "rows": dict(written.rows),
            }
        )
        return
    names = ", ".join(file.name for file in written.files)
    screen.done(
        f"Exported {many(written.answers, 'answer')}, {many(written.calls, 'call')} and "
        f"{many(written.legs, 'leg')} of {slug} to {out}: {names}."
    )
