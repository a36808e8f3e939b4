"""Rebuilds the directory from its publishers or a folder and puts it in place; prints nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from callbridge.directory.difference import Difference, compare
from callbridge.directory.download import PUBLISHERS, USUAL, Addresses, Limits, fetch_sources
from callbridge.directory.facts import Source
from callbridge.directory.importer import import_facts
from callbridge.directory.lookup import FILE_NAME, Directory
from callbridge.directory.packing import pack
from callbridge.directory.sanity import Sanity, check, judge
from callbridge.directory.sources import Raw, RawSources, read_folder
from callbridge.directory.terms import spoken_date
from callbridge.errors import DirectoryError

Tell = Callable[[str], None]
HELD = "held.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What an update found and did. `applied` is False when it was held for an operator.

    `path` is where the new snapshot is, or would be; `after` the new directory, ready for use.
    """

    difference: Difference
    sanity: Sanity
    applied: bool
    path: Path
    after: Directory


def update(
    *,
    source: Path | None,
    target: Path,
    today: date,
    only_if_sane: bool = False,
    addresses: Addresses = PUBLISHERS,
    limits: Limits = USUAL,
    tell: Tell = lambda _: None,
) -> Update:
    """Rebuild from the folder `source` (None: the web) into the folder `target`.

    With `only_if_sane` a suspicious difference is held: nothing is written. `tell` hears a
    sentence at each stage. Raises DirectoryError, and then nothing has changed, when the sources
    cannot be had or read, are older than what is in use, or cannot be the whole Congress.
    """
    before = Directory.open_best(target)
    if source is None:
        tell("Fetching the members, offices and districts")
        raw = fetch_sources(addresses, today=today, limits=limits)
    else:
        tell(f"Reading the members, offices and districts from {source}")
        raw = read_folder(source)
    raw = dated(raw, known=before.sources)
    if raw.legislators.as_of < before.as_of:
        raise DirectoryError(
            f"These sources are of {spoken_date(raw.legislators.as_of)}, older than the directory "
            f"in use ({spoken_date(before.as_of)}). Nothing was changed."
        )
    tell("Working out the districts of every ZIP")
    data = pack(import_facts(raw))
    after = Directory.from_bytes(data)
    check(after)
    difference = compare(before, after, on=max(today, after.as_of))
    sanity = judge(difference)
    path, applied = target / FILE_NAME, sanity.sane or not only_if_sane
    if applied:
        swap(path, data)
        (target / HELD).unlink(missing_ok=True)  # whatever waited for an operator is overtaken
    return Update(difference=difference, sanity=sanity, applied=applied, path=path, after=after)


def swap(path: Path, data: bytes) -> None:
    """Put a file in place at once: a reader sees the old one whole or the new one whole.

    Raises DirectoryError when the disk refuses; the old file is then untouched.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with fresh.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError:
            with suppress(FileNotFoundError):
                fresh.unlink()
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise DirectoryError(f"{path} cannot be written: {error.strerror}.") from error


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut (a folder's entry is data of its own)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def dated(raw: RawSources, *, known: Iterable[Source]) -> RawSources:
    """Keep the day of a file that is byte for byte a known one: a copy of it is not newer."""
    days = {source.digest: source.as_of for source in known if source.digest and source.as_of}

    def day_kept(file: Raw) -> Raw:
        return replace(file, as_of=days.get(file.digest, file.as_of))

    return RawSources(
        legislators=day_kept(raw.legislators),
        offices=day_kept(raw.offices),
        areas=day_kept(raw.areas),
    )
