"""Commands about campaigns: `campaigns check|preview|publish|list|export`; decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import looking, preparing, previewing, screen
from callbridge.cli.exits import Exit
from callbridge.cli.instance import read_settings
from callbridge.domain.nouns import many
from callbridge.errors import NotFoundError

if TYPE_CHECKING:
    from callbridge.domain.problem import Problem

campaigns = typer.Typer(no_args_is_help=True, help="What organizers write, and what is served.")
Json = Annotated[bool, typer.Option("--json", help="For a program.")]
Slugs = Annotated[
    list[str] | None, typer.Argument(metavar="[SLUG]...", help="All of the folder by default.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    campaigns.command("preview")(previewing.preview)
    app.add_typer(campaigns, name="campaigns")


def folders(slugs: list[str] | None) -> list[Path]:
    """List the folders of these campaigns, of all by default. Raises NotFoundError."""
    top = read_settings(complete=False).callbridge_campaigns
    if slugs:
        return [top / slug for slug in slugs]
    found = sorted(path.parent for path in top.glob("*/campaign.toml"))
    if not found:
        raise NotFoundError(
            f"There is no campaign in {top}: a campaign is a folder there with a campaign.toml."
        )
    return found


@campaigns.command("check")
def check(slugs: Slugs = None, as_json: Json = False) -> None:
    """Find every problem of the documents at once, with file, line and what to write instead."""
    from callbridge.domain.problem import Severity
    from callbridge.errors import CampaignProblemsError
    from callbridge.library.files import files_of
    from callbridge.library.reading import check as problems_of

    directory = looking.open_directory()
    in_office = {member.bioguide for member in directory.members(on=looking.today())}
    found: dict[str, tuple[Problem, ...]] = {}
    for folder in folders(slugs):
        try:
            files = files_of(folder)
        except CampaignProblemsError as error:
            found[folder.name] = error.extra["problems"]  # type: ignore[assignment]
        else:
            found[folder.name] = problems_of(folder.name, files, members=in_office.__contains__)
    if as_json:
        screen.show_json([_row(slug, one) for slug, all_ in found.items() for one in all_])
    else:
        for slug, problems in found.items():
            _show(slug, problems)
    errors = [one for all_ in found.values() for one in all_ if one.severity is Severity.ERROR]
    raise typer.Exit(Exit.PROBLEMS if errors else Exit.FINE)


def _row(slug: str, problem: Problem) -> dict[str, object]:
    return {
        "campaign": slug,
        "file": problem.file,
        "line": problem.line,
        "what": problem.what,
        "instead": problem.instead,
        "severity": problem.severity.value,
    }


def _show(slug: str, problems: tuple[Problem, ...]) -> None:
    from callbridge.domain.problem import Severity

    errors = sum(one.severity is Severity.ERROR for one in problems)
    advice = len(problems) - errors
    tail = f", {advice} to think about" if advice else ""
    if errors:
        screen.found(f"{slug}: {errors} to mend{tail}")
    else:
        screen.done(f"{slug}: checked, nothing to mend{tail}")
    for one in problems:
        line = f":{one.line}" if one.line else ""
        mark = "" if one.severity is Severity.ERROR else " (advice)"
        screen.say(f"  {slug}/{one.file}{line}{mark}")
        screen.say(f"    {one.what}")
        if one.instead:
            screen.say(f"    {one.instead}")


@campaigns.command("publish")
def publish(slugs: Slugs = None, as_json: Json = False) -> None:
    """Serve the documents from now on; calls in progress keep what they began with."""
    with preparing.opened(read_settings()) as context:
        changed, same = preparing.campaigns(context, folders(slugs))
    if as_json:
        screen.show_json({"published": changed, "unchanged": same})
    else:
        screen.done(f"Published {many(changed, 'campaign')}, {same} unchanged.")


@campaigns.command("list")
def list_(as_json: Json = False) -> None:
    """List what is published, and whether it is live."""
    from callbridge.service import reading

    with preparing.opened(read_settings()) as context:
        found = reading.campaigns(context)
    rows = [(one.slug, one.campaign.wording().title, one.state.value) for one in found]
    if as_json:
        screen.show_json([dict(zip(("slug", "title", "state"), row, strict=True)) for row in rows])
    elif rows:
        screen.show_table(("campaign", "title", "state"), rows)
    else:
        screen.say("Nothing is published yet: python -m callbridge campaigns publish")


@campaigns.command("export")
def export(
    slug: Annotated[str, typer.Argument(help="The campaign.")],
    out: Annotated[Path, typer.Option(help="A new or empty folder.")],
    as_json: Json = False,
) -> None:
    """Write a published campaign back to a folder, byte for byte."""
    from callbridge.library.export import export as write
    from callbridge.service import publishing

    with preparing.opened(read_settings()) as context:
        written = write(publishing.export_files(context, slug), out)
    if as_json:
        screen.show_json({"files": [str(file) for file in written]})
    else:
        screen.done(f"Exported {len(written)} files of {slug} to {out}.")
