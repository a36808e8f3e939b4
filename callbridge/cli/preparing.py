"""The steps that make an installation ready, each told in a line; starts nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from callbridge.cli import looking, screen
from callbridge.cli.directory import in_a_line
from callbridge.settings import Settings

if TYPE_CHECKING:
    from callbridge.service.context import Context


@contextmanager
def opened(settings: Settings) -> Iterator[Context]:
    """Give a context for one command and close its database after."""
    from callbridge.compose import build_context
    from callbridge.store import Database

    context = build_context(settings)
    try:
        yield context
    finally:
        if isinstance(context.store, Database):
            context.store.close()


def database(settings: Settings) -> None:
    """Bring the database's tables up to date, making a new SQLite file where there is none."""
    from callbridge.store import Database, is_current, migrate

    before = Database(settings.database_url)
    try:
        known = before.kind == "postgresql" or Path(before.url.database or "").is_file()
        current = known and is_current(before)
        where = before.url.host or before.url.database or "memory"
        kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[before.kind]
    finally:
        before.close()
    if not current:
        if kind == "SQLite":
            Path(where).parent.mkdir(parents=True, exist_ok=True)
        migrate(settings.database_url)
    done = "tables up to date" if current else "tables brought up to date"
    screen.done(f"Database ready: {kind}, {where}, {done}.")


def directory(settings: Settings) -> None:
    """Open the directory once, so that a broken one stops the start and an old one is told."""
    from callbridge.directory import Directory
    from callbridge.directory.summary import summarize

    found = summarize(Directory.open_best(settings.callbridge_directory), on=looking.today())
    screen.done(f"Directory ready: {in_a_line(found)}.")
    if found.warning:
        screen.warn(found.warning)


def campaigns(context: Context, folders: list[Path]) -> tuple[int, int]:
    """Publish the documents of these folders; return how many changed and how many did not.

    Raises CampaignProblemsError with every problem of the first that has any.
    """
    from callbridge.library.files import files_of
    from callbridge.service import publishing

    changed = 0
    for folder in folders:
        files = files_of(folder)
        with context.store.reading() as unit:
            before = unit.campaigns.get(folder.name)
        published = publishing.publish(context, folder.name, files)
        changed += before is None or before.digest != published.digest
    return changed, len(folders) - changed


def own_numbers(top: Path) -> list[str]:
    """List the numbers that campaign documents call their own; broken documents are skipped.

    The exchange owns them then, so that they can be dialled. What is wrong with a document is
    told when it is published.
    """
    numbers = []
    for file in sorted(top.glob("*/campaign.toml")):
        try:
            number = tomllib.loads(file.read_text(encoding="utf-8")).get("number")
        except ValueError:
            continue
        if isinstance(number, str) and number.startswith("+"):
            numbers.append(number)
    return numbers
