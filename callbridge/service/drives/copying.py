"""Copies a drive for a rehearsal: campaign, hours, pace, list without a number; changes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.fernet import InvalidToken

from callbridge.domain.drives import DriveRecord, DriveState, Listed
from callbridge.errors import NotFoundError, PhoneError
from callbridge.service import phones
from callbridge.service.context import Context
from callbridge.service.drives.sheet import BadLine, rows_of
from callbridge.service.drives.views import DriveRequest

_OVER = frozenset({DriveState.STOPPED, DriveState.FINISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedPerson:
    """Somebody of a list: where, by ZIP or else by area code, and in which language."""

    zip: str | None
    area: str
    language: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveCopy:
    """What a rehearsal needs of a drive. `left_out` counts those who may not or need not be rung.

    It has no phone number of a person in it.
    """

    drive: str
    slug: str
    title: str
    files: Mapping[str, bytes]
    request: DriveRequest
    people: Sequence[CopiedPerson]
    left_out: int


def copy_drive(ctx: Context, drive: str, *, people: bytes | None = None) -> DriveCopy:
    """Copy a drive with its own list, or with another one instead.

    Of a drive that is under way only those are copied who are still to be rung; of one that is
    over, everybody, as if it began anew. Who opted out is left out. Raises NotFoundError, and
    RefusedError for a list without its columns.
    """
    with ctx.store.reading() as unit:
        record = unit.drives.get(drive)
        if record is None:
            raise NotFoundError(f"There is no drive {drive!r}.")
        campaign = unit.campaigns.get(record.slug)
        files = unit.campaigns.files(campaign.digest) if campaign else None
        listed = unit.contacts.listed(drive) if people is None else []
        published = ctx.shelf.find(unit, record.slug)
    if files is None:
        raise NotFoundError(f"There is no campaign {record.slug!r}.")
    if people is not None:
        copied, left_out = _read(ctx, people)
    else:
        over = record.state in _OVER
        chosen = [one for one in listed if not one.opted_out and (over or not one.over)]
        copied = [_person(ctx, one) for one in chosen]
        left_out = len(listed) - len(chosen)
    return DriveCopy(
        drive=drive,
        slug=record.slug,
        title=published.campaign.wording().title,
        files=files.files,
        request=_request(record),
        people=copied,
        left_out=left_out,
    )


def _request(record: DriveRecord) -> DriveRequest:
    return DriveRequest(
        slug=record.slug,
        rate=record.rate,
        window=record.window,
        days=record.days,
        in_progress=record.in_progress,
        promised=record.promised,
        redial_missing=record.redial_missing,
        weight=record.weight,
    )


def _person(ctx: Context, one: Listed) -> CopiedPerson:
    area = ""
    if one.zip is None and one.phone_enc is not None:
        # Without a ZIP the area code is all that tells where somebody is.
        try:
            area = ctx.vault.decrypt(one.phone_enc)[2:5]
        except InvalidToken:
            area = ""
    return CopiedPerson(zip=one.zip, area=area, language=one.language, group=one.group)


def _read(ctx: Context, content: bytes) -> tuple[list[CopiedPerson], int]:
    """Read another list; a line that has no number to ring is left out."""
    found, left_out = list[CopiedPerson](), 0
    for row in rows_of(content):
        if isinstance(row, BadLine):
            left_out += 1
            continue
        cells = row.cells
        try:
            phone = phones.read_phone(
                re.sub(r"\.0$", "", cells["phone"]),
                regions=ctx.settings.phone_regions,
                loopback=True,  # examples may be rehearsed: nobody is rung
            )
        except PhoneError:
            left_out += 1
            continue
        found.append(
            CopiedPerson(
                zip=cells["zip"] or None,
                area="" if cells["zip"] else phone[2:5],
                language=cells["language"],
                group=cells["group"][:120],
            )
        )
    return found, left_out
