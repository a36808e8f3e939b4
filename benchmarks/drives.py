"""Makes drives over made-up people all over the country, for measurements; rings nobody."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

from callbridge.directory.lookup import Directory
from callbridge.service.context import Clock, Context
from callbridge.service.drives import running
from callbridge.service.drives.views import DriveRequest

HEADER = "phone,zip,language,group,consent_source,consent_at"


def numbers() -> Iterator[str]:
    """Yield made-up phone numbers, a different one each time; none of 202, where we call from."""
    for n in itertools.count():
        area = 203 + n // 10_000
        yield f"+1{area + (area >= 555)}555{n % 10_000:04}"


def people(count: int, *, seed: int = 7) -> str:
    """Return a list of so many people, each with a ZIP that somebody represents."""
    chance = random.Random(seed)
    zips = Directory.open().zips()
    rows = (
        f"{phone},{chance.choice(zips)},en,,rally,2026-05-04"
        for phone in itertools.islice(numbers(), count)
    )
    return "\n".join((HEADER, *rows))


def started(ctx: Context, slug: str, count: int, *, clock: Clock | None = None) -> str:
    """Make a drive over so many people who may be rung at any lawful hour, and start it."""
    ctx = replace(ctx, clock=clock) if clock else ctx
    request = DriveRequest(
        slug=slug, window="08:00-21:00", days="all", in_progress=100_000, promised=False
    )
    made = running.create(ctx, request, people(count))
    if made.drive is None:
        raise RuntimeError(f"no drive was made: {made}")
    for who in ("ada", "bob"):
        running.start(ctx, made.drive, by=who)
    return made.drive
