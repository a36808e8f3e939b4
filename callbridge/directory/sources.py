"""The three public sources as bytes with their dates, from a folder; knows no network.

A folder may date its files in a README.md: a table row that begins with the file's name and ends
with a day. Without one, a file is as old as its modification time says.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from callbridge.directory.facts import Source
from callbridge.errors import DirectoryError

_LEGISLATORS = "https://github.com/unitedstates/congress-legislators"
_AREAS = "https://github.com/OpenSourceActivismTech/us-zipcodes-congress"
_ROW = re.compile(r"^\|\s*`(?P<file>[^`]+)`.*\|\s*(?P<day>\d{4}-\d{2}-\d{2})\s*\|\s*$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One source as it was read. `name` ends in .json, .yaml or .csv."""

    name: str
    data: bytes
    as_of: date

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    def entries(self) -> list[Mapping[str, Any]]:
        """Return the list in the file. Raises DirectoryError when there is none."""
        try:
            if self.name.endswith(".json"):
                found = json.loads(self.data)
            else:
                found = yaml.load(self.data, Loader=_loader())  # noqa: S506 (a safe loader)
        except (ValueError, yaml.YAMLError) as error:
            raise DirectoryError(f"{self.name} cannot be read: {error}") from error
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise DirectoryError(f"{self.name} is not the list it should be.")
        return found

    def text(self) -> str:
        """Return the file as text. Raises DirectoryError when it is none."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise DirectoryError(f"{self.name} is not text.") from error

    def source(self, *, url: str, licence: str) -> Source:
        """Return the note that goes into the snapshot."""
        return Source(
            name=self.name, url=url, licence=licence, as_of=self.as_of, digest=self.digest
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSources:
    """The three sources together."""

    legislators: Raw
    offices: Raw
    areas: Raw

    def notes(self) -> tuple[Source, ...]:
        """Return whose facts these are, under which licence and of which day."""
        return (
            self.legislators.source(url=_LEGISLATORS, licence="CC0 1.0"),
            self.offices.source(url=_LEGISLATORS, licence="CC0 1.0"),
            self.areas.source(url=_AREAS, licence="US Government Works"),
        )


def read_folder(folder: Path) -> RawSources:
    """Read the three files from a folder, JSON or YAML. Raises DirectoryError naming one missing.

    JSON wins where a folder holds both, because that is what the web gives.
    """
    if not folder.is_dir():
        raise DirectoryError(f"There is no folder {folder}.")
    days = _days(folder)
    return RawSources(
        legislators=_raw(folder, "legislators-current", (".json", ".yaml"), days),
        offices=_raw(folder, "legislators-district-offices", (".json", ".yaml"), days),
        areas=_raw(folder, "zccd", (".csv",), days),
    )


def _raw(folder: Path, stem: str, endings: tuple[str, ...], days: Mapping[str, date]) -> Raw:
    for ending in endings:
        path = folder / f"{stem}{ending}"
        if path.is_file():
            changed = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
            return Raw(name=path.name, data=path.read_bytes(), as_of=days.get(path.name, changed))
    names = " or ".join(f"{stem}{ending}" for ending in endings)
    raise DirectoryError(f"{folder} holds no {names}.")


def _days(folder: Path) -> dict[str, date]:
    readme = folder / "README.md"
    if not readme.is_file():
        return {}
    text = readme.read_text(encoding="utf-8", errors="replace")
    return {row["file"]: date.fromisoformat(row["day"]) for row in _ROW.finditer(text)}


def _loader() -> type[yaml.SafeLoader] | type[yaml.CSafeLoader]:
    # libyaml reads the legislators in one second, the pure loader in twelve.
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
