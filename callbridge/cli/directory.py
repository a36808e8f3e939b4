"""Commands about the directory itself: `directory show|update`; they import and swap nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import screen
from callbridge.cli.exits import Exit
from callbridge.cli.instance import read_settings
from callbridge.cli.looking import open_directory, today

if TYPE_CHECKING:
    from callbridge.directory.summary import Summary
    from callbridge.directory.update import Update

directory = typer.Typer(no_args_is_help=True, help="The members, offices and ZIPs in force.")
Json = Annotated[bool, typer.Option("--json", help="For a program.")]
MOST_ROWS = 40


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(directory, name="directory")


def in_a_line(found: Summary) -> str:
    """Say in one line what a directory holds."""
    as_of = found.as_of
    return (
        f"{found.senators + found.representatives} members, {found.zips:,} ZIPs, "
        f"data of {as_of.day} {as_of:%B %Y}"
    )


@directory.command("show")
def show(as_json: Json = False) -> None:
    """Show what the directory in force holds, how old it is and whose facts it has."""
    from callbridge.directory.summary import summarize

    found = summarize(open_directory(), on=today())
    if as_json:
        screen.show_json(_summary(found))
        return
    screen.say(f"Directory    {in_a_line(found)}, Congress {found.congress}")
    screen.say(f"Members      {found.senators} senators, {found.representatives} in the House")
    screen.say(f"Vacant       {', '.join(found.vacant) or 'no seat'}")
    screen.say(
        f"Offices      {found.offices} in districts, {found.offices_with_phone} with a phone"
    )
    screen.say(f"ZIPs         {found.zips_split:,} split, {found.zips_estimated:,} estimated")
    for source in found.sources:
        screen.say(f"Source       {source.name}, {source.licence}, {source.url}")
    if found.warning:
        screen.warn(found.warning)


def _summary(found: Summary) -> dict[str, object]:
    return {
        "as_of": found.as_of.isoformat(),
        "congress": found.congress,
        "expires": found.expires.isoformat(),
        "warning": found.warning,
        "senators": found.senators,
        "representatives": found.representatives,
        "seats": found.seats,
        "vacant": list(found.vacant),
        "offices": found.offices,
        "offices_with_phone": found.offices_with_phone,
        "zips": found.zips,
        "zips_by_kind": {kind.value: count for kind, count in found.zips_by_kind.items()},
        "zips_split": found.zips_split,
        "zips_estimated": found.zips_estimated,
        "sources": [
            {
                "name": source.name,
                "url": source.url,
                "licence": source.licence,
                "as_of": source.as_of.isoformat() if source.as_of else None,
            }
            for source in found.sources
        ],
    }


@directory.command("update")
def update(
    source: Annotated[
        Path | None,
        typer.Option("--from", help="A folder with the three files, instead of the web."),
    ] = None,
    careful: Annotated[
        bool, typer.Option("--careful", help="Hold a difference too big to be ordinary.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Rebuild the directory, show the difference, swap it in; a bad source changes nothing."""
    from callbridge.directory.update import update as rebuild

    target = read_settings(complete=False).callbridge_directory
    with screen.progress("Updating the directory") as bar:
        done = rebuild(
            source=source, target=target, today=today(), only_if_sane=careful, tell=bar.tell
        )
    if as_json:
        from callbridge.directory.renewing import difference_document

        screen.show_json(difference_document(done))
    else:
        _show(done)
    raise typer.Exit(Exit.FINE if done.applied else Exit.PROBLEMS)


@directory.command("held")
def held(as_json: Json = False) -> None:
    """Show the difference that the daily update holds for you, if there is one."""
    from callbridge.directory.renewing import held as kept

    found = kept(read_settings(complete=False).callbridge_directory)
    if as_json:
        screen.show_json(found)
        return
    if found is None:
        screen.done("Nothing is held.")
        return
    screen.say(f"Members as of {found['after']} instead of {found['before']}.")
    for title, rows in found["changes"].items():
        screen.say(f"{title}: {len(rows):,}")
        screen.show_table(tuple(rows[0]), [tuple(row.values()) for row in rows[:MOST_ROWS]])
    for reason in found["reasons"]:
        screen.warn(f"Unusual: {reason}.")
    screen.note("To take it up: python -m callbridge directory update.")


def _show(done: Update) -> None:
    from callbridge.directory.summary import summarize

    for section in done.difference.sections():
        screen.say(f"{section.title}: {len(section.rows):,}")
        screen.show_table(section.columns, section.rows[:MOST_ROWS])
        if len(section.rows) > MOST_ROWS:
            screen.say(f"… and {len(section.rows) - MOST_ROWS:,} more (--json shows all)")
    if done.difference.empty:
        screen.say("Nobody left, nobody came, no number and no district changed.")
    for reason in done.sanity.reasons:
        screen.warn(f"Unusual: {reason}.")
    if done.applied:
        screen.done(f"Directory updated: {in_a_line(summarize(done.after, on=today()))}.")
    else:
        screen.found("Nothing was changed. Look at it, then run again without --careful.")
