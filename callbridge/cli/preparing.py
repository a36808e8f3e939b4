"""The steps that make an installation ready, each told in a line; starts nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from callbridge.cli import looking, screen
from callbridge.cli.directory import in_a_line
from callbridge.errors import DatabaseError
from callbridge.settings import Settings

if TYPE_CHECKING:
    from callbridge.service.context import Context
    from callbridge.store.state import DatabaseState


@contextmanager
def opened(settings: Settings) -> Iterator[Context]:
    """Give a context for one command and close its database after.

    Raises DatabaseError when the database does not answer or its tables are not the newest.
    """
    from callbridge.compose import build_context
    from callbridge.store import Database

    state = database_state(settings)
    if not state.current:
        raise DatabaseError(
            f"The database ({state.kind}, {state.where}) does not answer: {state.trouble}."
            if state.trouble
            else f"The database ({state.kind}, {state.where}) does not have the newest tables. Run "
            "`python -m callbridge db upgrade`."
        )
    context = build_context(settings)
    try:
        yield context
    finally:
        if isinstance(context.store, Database):
            context.store.close()


def database_state(settings: Settings) -> DatabaseState:
    """Look at the database. Raises SettingsError when its address cannot be read."""
    from callbridge.store.state import state_of

    return state_of(settings.database_url)


def database(settings: Settings) -> None:
    """Bring the database's tables up to date, making a new SQLite file where there is none.

    Raises DatabaseError when it does not answer.
    """
    from callbridge.store import migrate

    state = database_state(settings)
    if state.trouble:
        raise DatabaseError(
            f"The database ({state.kind}, {state.where}) does not answer: {state.trouble}. See "
            "that it runs and that DATABASE_URL is right."
        )
    if not state.current:
        migrate(settings.database_url)
    done = "up to date already" if state.current else "brought up to date"
    screen.done(f"Database ready: {state.kind} ({state.where}), tables {done}.")


def somebody_signs_in(settings: Settings) -> bool:
    """Tell whether anybody was given a sign-in."""
    from callbridge.store.state import somebody_signs_in

    return somebody_signs_in(settings.database_url)


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
