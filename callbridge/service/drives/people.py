"""Judges each line of a list and adds the people who may be called to a drive; rings nobody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from callbridge.domain import legal_hours, windows, zones
from callbridge.domain.call import Door
from callbridge.domain.campaign import Campaign
from callbridge.domain.drives import Done, DriveRecord, DriveState, NewPerson
from callbridge.domain.flow import begin
from callbridge.domain.nouns import many
from callbridge.errors import NotFoundError, RefusedError
from callbridge.service import phones
from callbridge.service.context import Context
from callbridge.service.drives.confirming import grew, note
from callbridge.service.drives.sheet import BadLine, People, Row, rows_of
from callbridge.service.drives.views import Imported, RefusedLine
from callbridge.service.hours import is_federal_holiday
from callbridge.service.placing import check_targets, place_of
from callbridge.service.worlds import place_world

_AT_ONCE = 1000
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
# Lists that are filled in further west may be a day ahead of UTC's date; no further.
_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """When somebody may be rung and which offices they need, the first dialled first."""

    zones: tuple[str, ...]
    states: tuple[str, ...]
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    line: int
    phone: str
    phone_hash: str
    row: Row
    zip: str | None
    language: str
    consent_at: datetime
    where: Whereabouts


def preview(
    ctx: Context,
    record: DriveRecord,
    content: People,
    *,
    given: Mapping[str, str] | None = None,
) -> Imported:
    """Say what an import would do, and do nothing."""
    return _Import(ctx, record, given).run(content, write=False)


def preview_more(
    ctx: Context, drive: str, content: People, *, given: Mapping[str, str] | None = None
) -> Imported:
    """Say what `add_people` would do, and do nothing."""
    with ctx.store.reading() as unit:
        record = _open(unit.drives.get(drive), drive)
    return _Import(ctx, record, given).run(content, write=False)


def add_people(
    ctx: Context,
    drive: str,
    content: People,
    *,
    given: Mapping[str, str] | None = None,
    by: str | None = None,
) -> Imported:
    """Add a list to a drive; whoever is in it already stays as they are.

    `given` fills cells that the list leaves empty: where and when its people agreed. Raises
    NotFoundError, and RefusedError for a list without the columns or a drive that is over.
    """
    with ctx.store.reading() as unit:
        record = _open(unit.drives.get(drive), drive)
    imported = _Import(ctx, record, given).run(content, write=True)
    with ctx.store.writing() as unit:
        accepted = many(imported.accepted, "person", "people")
        words = f"{accepted}, {many(len(imported.refused), 'line')} refused"
        note(ctx, unit, drive, Done.ADDED, by=by, words=words)
    return imported


def _open(record: DriveRecord | None, drive: str) -> DriveRecord:
    """Return a drive that may get more people. Raises NotFoundError, RefusedError."""
    if record is None:
        raise NotFoundError(f"There is no drive {drive!r}.")
    if record.state in {DriveState.STOPPED, DriveState.FINISHED}:
        raise RefusedError("This drive is over. Create another one for more people.")
    return record


class _Import:
    """One list on its way into one drive."""

    def __init__(
        self, ctx: Context, record: DriveRecord, given: Mapping[str, str] | None = None
    ) -> None:
        self._ctx = ctx
        self._record = record
        self._given = given or {}
        self._now = ctx.clock.now()
        self._window = windows.read(record.window, record.days)
        with ctx.store.reading() as unit:
            self._campaign: Campaign = ctx.shelf.find(unit, record.slug).campaign
        self._places: dict[str, Whereabouts | str] = {}
        self._buckets: dict[Whereabouts, int] = {}
        self._seen: dict[str, int] = {}
        self._refused: list[RefusedLine] = []
        self._duplicates = self._opted_out = self._already = self._accepted = 0
        self._groups: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._zones: Counter[str] = Counter()

    def run(self, content: People, *, write: bool) -> Imported:
        """Judge every line, in parts; add who may be called."""
        part: list[_Judged] = []
        for one in self._judged(content):
            part.append(one)
            if len(part) == _AT_ONCE:
                self._take(part, write=write)
                part = []
        self._take(part, write=write)
        return Imported(
            drive=self._record.id if write else None,
            accepted=self._accepted,
            refused=sorted(self._refused, key=lambda one: one.line),
            duplicates=self._duplicates,
            opted_out=self._opted_out,
            already=self._already,
            groups=dict(self._groups.most_common()),
            languages=dict(self._languages.most_common()),
            zones=dict(self._zones.most_common()),
        )

    def _judged(self, content: People) -> Iterator[_Judged]:
        for row in rows_of(content, given=self._given):
            if isinstance(row, BadLine):
                self._refuse(row.line, row.why)
                continue
            try:
                judged = self._judge(row)
            except RefusedError as refusal:
                self._refuse(row.line, refusal.sentence)
                continue
            first = self._seen.setdefault(judged.phone_hash, row.line)
            if first != row.line:
                self._duplicates += 1
                self._refuse(row.line, f"This number stands in line {first} already.")
                continue
            yield judged

    def _refuse(self, line: int, why: str) -> None:
        self._refused.append(RefusedLine(line=line, why=why))

    def _judge(self, row: Row) -> _Judged:
        ctx, cells = self._ctx, row.cells
        phone = phones.read_phone(
            re.sub(r"\.0$", "", cells["phone"]),
            regions=ctx.settings.phone_regions,
            loopback=ctx.on_loopback,
        )
        if not cells["consent_source"]:
            raise RefusedError("It does not say where this person agreed to be called.")
        consent_at = read_time(cells["consent_at"], now=self._now)
        zip_code = _zip(cells["zip"])
        where = self._where(zip_code, phone)
        return _Judged(
            line=row.line,
            phone=phone,
            phone_hash=ctx.vault.hash(phone),
            row=row,
            zip=zip_code,
            language=_language(cells["language"], self._campaign),
            consent_at=consent_at,
            where=where,
        )

    def _where(self, zip_code: str | None, phone: str) -> Whereabouts:
        """Return where a person is and whom they call. Raises RefusedError."""
        key = zip_code or phone[:5]
        if key not in self._places:
            try:
                self._places[key] = where_of(self._ctx, self._campaign, zip_code, phone, self._now)
            except RefusedError as refusal:
                self._places[key] = refusal.sentence
        found = self._places[key]
        if isinstance(found, str):
            raise RefusedError(found)
        open_ = windows.next_opening(
            legal_hours.effective(self._window, *found.states),
            now=self._now,
            zones=found.zones,
            holidays=is_federal_holiday,
        )
        if open_ is None:
            raise RefusedError("The hours of this drive never open where this person lives.")
        return found

    def _take(self, part: Sequence[_Judged], *, write: bool) -> None:
        if not part:
            return
        hashes = {one.phone_hash: one for one in part}
        rotated = {h: one for one in part for h in self._ctx.vault.hashes(one.phone)}
        with self._ctx.store.reading() as unit:
            gone = {rotated[h].phone_hash for h in unit.contacts.opted_out(rotated)}
            known = {rotated[h].phone_hash for h in unit.contacts.known(self._record.id, rotated)}
        for hash_ in gone:
            self._refuse(hashes[hash_].line, "The owner asked never to be called again.")
        for hash_ in known - gone:
            self._refuse(hashes[hash_].line, "This number is in the drive already.")
        self._opted_out += len(gone)
        self._already += len(known - gone)
        new = [one for one in part if one.phone_hash not in gone | known]
        self._languages.update(one.language for one in new)
        self._groups.update(one.row.cells["group"][:120] for one in new)
        self._zones.update(one.where.zones[0] for one in new)
        if not write:
            self._accepted += len(new)
            return
        with self._ctx.store.writing() as unit:
            record = _open(unit.drives.get(self._record.id, lock=True), self._record.id)
            for one in new:
                if one.where not in self._buckets:
                    self._buckets[one.where] = unit.drives.bucket(
                        self._record.id,
                        zones=one.where.zones,
                        states=one.where.states,
                        offices=one.where.offices,
                    )
            rows = [self._person(one) for one in new]
            added = unit.contacts.add(self._record.id, rows, run_at=self._now)
            self._accepted += added
            if added:
                grew(self._ctx, unit, record, unit.contacts.count(self._record.id))

    def _person(self, one: _Judged) -> NewPerson:
        extra: Mapping[str, str] = one.row.extra
        return NewPerson(
            phone_hash=one.phone_hash,
            phone_enc=self._ctx.vault.encrypt(one.phone),
            zip=one.zip,
            language=one.language,
            group=one.row.cells["group"][:120],
            consent_source=one.row.cells["consent_source"][:300],
            consent_at=one.consent_at,
            extra=extra,
            bucket=self._buckets[one.where],
        )


def where_of(
    ctx: Context, campaign: Campaign, zip_code: str | None, phone: str, now: datetime
) -> Whereabouts:
    """Return where somebody is and which offices the campaign has for them.

    Raises RefusedError for a ZIP that is none or for which the campaign has nobody to call.
    """
    place = place_of(ctx, zip_code, now)
    call = begin(
        campaign,
        place_world(ctx, campaign, place, now),
        language=campaign.language,
        door=Door.DRIVE,
    )
    offices = [target.offices[0].phone for target in call.targets if target.offices]
    numbers = tuple(phone for phone in offices if phone)
    if place is None:
        area = zones.area_of(phone)
        known = (area.state,) if area.state else ()
        return Whereabouts(zones=area.zones, states=known, offices=numbers)
    check_targets(call, campaign, place)
    states = tuple(place.states) or (place.state,)
    return Whereabouts(zones=(place.zone,), states=states, offices=numbers)


def read_time(text: str, *, now: datetime) -> datetime:
    """Read when somebody agreed: `2026-05-04`, `2026-05-04T10:00`, `5/4/2026`; not later than now.

    Raises RefusedError with a sentence.
    """
    if not text:
        raise RefusedError("It does not say when this person agreed to be called.")
    try:
        if found := _US_DATE.fullmatch(text):
            month, day, year = (int(part) for part in found.groups())
            at = datetime.combine(date(year, month, day), time(), UTC)
        else:
            at = datetime.fromisoformat(text)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            at = at.astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise RefusedError(
            f"The time of the consent is written like 2026-05-04, not {text[:40]!r}."
        ) from problem
    if at > now + _SLACK:
        raise RefusedError("The time of the consent is still to come.")
    return at


def _zip(text: str) -> str | None:
    """Return a ZIP; spreadsheets take zeros in front away, and this puts them back."""
    digits = re.sub(r"\.0$", "", text.strip())
    if not digits:
        return None
    if digits.isascii() and digits.isdecimal() and len(digits) in {3, 4}:
        digits = digits.zfill(5)
    return digits[:5] if re.fullmatch(r"\d{5}-?\d{4}", digits) else digits


def _language(text: str, campaign: Campaign) -> str:
    code = text.strip().casefold()[:2]
    names = {"english": "en", "spanish": "es", "español": "es", "espanol": "es"}
    code = names.get(text.strip().casefold(), code)
    return code if code in campaign.languages else campaign.language
