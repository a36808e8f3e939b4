"""The directory: any ZIP to the right offices, on a day; knows the snapshot, no network."""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from callbridge.directory import sentences
from callbridge.directory.document import place_document
from callbridge.directory.facts import Person, Source
from callbridge.directory.roster import Roster, all_seats
from callbridge.directory.rows import row_person
from callbridge.directory.snapshot import ESTIMATED, PLACED, Snapshot, degrees, kind_of, unpack
from callbridge.directory.states import ASSOCIATED
from callbridge.directory.terms import congress_ends, congress_on
from callbridge.domain.congress import Member, Place, Seat, ZipKind
from callbridge.errors import DirectoryError, NobodyThereError, NotAZipError, UnknownZipError

SHIPPED = Path(__file__).with_name("snapshot.bin")
FILE_NAME = "snapshot.bin"

# ASCII only: full-width digits are digits to Python and a mistake on a form.
_ZIP = re.compile(r"([0-9]{5})(?:-[0-9]{4})?")
_log = logging.getLogger(__name__)


def read_zip(text: str) -> str:
    """Return the five digits of a ZIP or ZIP+4. Raises NotAZipError for anything else."""
    match = _ZIP.fullmatch(text.strip())
    if match is None:
        raise NotAZipError(sentences.NOT_A_ZIP)
    return match[1]


class Directory:
    """Members, seats, offices and ZIPs, as of one day. Safe to share between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._seats = all_seats(snapshot.house_seats)
        self._rosters: dict[date, Roster] = {}

    @classmethod
    def open(cls, path: Path | None = None) -> Directory:
        """Read a snapshot, the shipped one by default. Raises DirectoryError in a sentence."""
        chosen = path or SHIPPED
        try:
            data = chosen.read_bytes()
        except OSError as error:
            raise DirectoryError(
                f"The directory {chosen} cannot be read: {error.strerror}."
            ) from error
        return cls.from_bytes(data)

    @classmethod
    def from_bytes(cls, data: bytes) -> Directory:
        """Read a snapshot from memory. Raises DirectoryError when it is none."""
        return cls(unpack(data))

    @classmethod
    def open_best(cls, folder: Path) -> Directory:
        """Read the updated snapshot in a folder unless the shipped one is newer.

        An updated one that cannot be read is reported in the log and the shipped one serves.
        """
        shipped = cls.open()
        path = folder / FILE_NAME
        if not path.exists():
            return shipped
        try:
            updated = cls.open(path)
        except DirectoryError as error:
            _log.warning("updated directory unreadable, the shipped one serves: %s", error)
            return shipped
        return shipped if shipped.as_of > updated.as_of else updated

    @property
    def snapshot(self) -> Snapshot:
        """Return the data as it is kept, for those who count or compare it."""
        return self._snapshot

    @property
    def as_of(self) -> date:
        """Return the date of the members' data."""
        return self._snapshot.as_of

    @property
    def congress(self) -> int:
        """Return the number of the Congress that the members sit in."""
        return congress_on(self.as_of)

    @property
    def map_congress(self) -> int:
        """Return the number of the Congress whose district lines the ZIPs follow."""
        return self._snapshot.map_congress

    @property
    def expires(self) -> date:
        """Return the day on which this Congress ends."""
        return congress_ends(self.congress)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return whose facts these are."""
        return self._snapshot.sources

    def fits(self, on: date) -> bool:
        """Tell whether members and district lines are those of the Congress sitting that day."""
        sitting = congress_on(max(on, self.as_of))
        return sitting == self.congress == self.map_congress

    def warning(self, on: date) -> str | None:
        """Say in a sentence that the data is past its Congress or old, else None."""
        return sentences.warning(
            as_of=self.as_of, expires=self.expires, map_congress=self.map_congress, on=on
        )

    def seats(self) -> tuple[Seat, ...]:
        """Return every seat, taken or vacant."""
        return self._seats

    def vacant(self, *, on: date) -> tuple[str, ...]:
        """Return the seats without a member that day, such as "CA-14" or "OH-SEN"."""
        return self._on(on).vacant

    def members(self, *, on: date) -> tuple[Member, ...]:
        """Return everybody in office that day, by bioguide."""
        return tuple(self._on(on).by_bioguide.values())

    def member(self, bioguide: str, *, on: date) -> Member | None:
        """Return a member in office that day, None for anybody else."""
        return self._on(on).by_bioguide.get(bioguide)

    def zips(self) -> tuple[str, ...]:
        """Return every ZIP in use, in order."""
        return tuple(f"{number:05d}" for number in self._snapshot.zips)

    def lookup(self, zip_text: str, *, on: date) -> Place:
        """Return what a ZIP leads to on a day.

        Raises NotAZipError, UnknownZipError (no such ZIP in use) and NobodyThereError (a nation
        in free association, which sends nobody to Congress).
        """
        code = read_zip(zip_text)
        index, data = self._index(code), self._snapshot
        state = data.states[data.state[index]]
        if state in ASSOCIATED:
            raise NobodyThereError(sentences.associated(code, ASSOCIATED[state]))
        flags, seats = data.flags[index], data.seat_sets[data.seats[index]]
        states, senators, held, vacant = self._on(on).seated(state, seats)
        kind = kind_of(flags)
        lat, lon = degrees(data.lat[index], data.lon[index]) if flags & PLACED else (None, None)
        return Place(
            zip=code,
            city=data.cities[data.city[index]],
            state=state,
            states=states,
            kind=kind,
            districts=seats,
            split=len(seats) > 1,
            estimated=bool(flags & ESTIMATED),
            senators=senators,
            representatives=held,
            vacant=vacant,
            as_of=data.as_of,
            zone=data.zones[data.zone[index]],
            lat=lat,
            lon=lon,
            reason=None if senators or held else _reason(kind, code, vacant),
        )

    def to_json(self, place: Place) -> dict[str, Any]:
        """Return a place as the JSON of `lookup ZIP --json`."""
        return place_document(place)

    def _index(self, code: str) -> int:
        number, zips = int(code), self._snapshot.zips
        index = bisect_left(zips, number)
        if index == len(zips) or zips[index] != number:
            raise UnknownZipError(sentences.unknown(code))
        return index

    def _on(self, day: date) -> Roster:
        # The data knows nothing of days before its own, whatever a wrong clock says.
        judged = max(day, self.as_of)
        roster = self._rosters.get(judged)
        if roster is None:
            roster = Roster(self._people, on=judged, house_seats=self._snapshot.house_seats)
            # At most two days are asked about at once, today here and today there.
            self._rosters = {**dict(list(self._rosters.items())[-1:]), judged: roster}
        return roster

    @cached_property
    def _people(self) -> tuple[Person, ...]:
        return tuple(map(row_person, self._snapshot.people))


def _reason(kind: ZipKind, code: str, vacant: tuple[str, ...]) -> str:
    if kind is ZipKind.MILITARY:
        return sentences.military(code)
    return sentences.all_vacant(code, vacant)
