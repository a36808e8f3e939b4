"""The doctor's whole round: database, carrier, address, directory, campaigns; mends nothing."""

from __future__ import annotations

from collections.abc import Iterator

from callbridge.cli import preparing
from callbridge.service.views import Finding
from callbridge.settings import Settings


def everything(settings: Settings) -> Iterator[Finding]:
    """Look at the database first: without its tables nothing else can be asked of it."""
    from callbridge.carriers.choose import from_settings
    from callbridge.carriers.doctor import examine
    from callbridge.service import doctor

    database = _database(settings)
    yield database
    told: list[Finding] = []
    if database.well:
        with preparing.opened(settings) as context:
            told = doctor.check(context)
    yield from told
    if settings.has_carrier:
        for one in examine(from_settings(settings), public_url=settings.public_url):
            # What cannot be told is no fault, unless something can be done about it.
            well = one.good is True or (one.good is None and not one.advice)
            if well and any(finding.subject == one.what for finding in told):
                continue
            yield Finding(subject=one.what, well=well, sentence=one.sentence, advice=one.advice)


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
