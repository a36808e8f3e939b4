"""The doctor's whole round: database, carrier, address, directory, campaigns; mends nothing."""

from __future__ import annotations

from collections.abc import Iterator

from callbridge.cli import preparing
from callbridge.domain.findings import Finding
from callbridge.settings import Settings


def everything(settings: Settings) -> Iterator[Finding]:
    """Look at the database first: without its tables nothing else can be asked of it."""
    from callbridge.service import doctor

    database = _database(settings)
    yield database
    if database.well:
        with preparing.opened(settings) as context:
            yield from doctor.check(context)


def _database(settings: Settings) -> Finding:
    state = preparing.database_state(settings)
    if state.current:
        return Finding(subject="database", well=True, sentence=f"{state.kind}, up to date.")
    return Finding(
        subject="database",
        well=False,
        sentence=f"{state.kind}: {state.trouble or 'its tables are not the newest'}.",
        advice=(
            "See that the server runs and DATABASE_URL is right."
            if state.trouble
            else "Run `python -m callbridge db upgrade`."
        ),
    )
