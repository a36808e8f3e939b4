"""The command `lookup`: who represents a ZIP, for a person and for a program."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import screen
from callbridge.cli.instance import read_settings

if TYPE_CHECKING:
    from callbridge.directory import Directory
    from callbridge.domain.congress import Member, Place


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("lookup")(lookup)


def today() -> date:
    """Return the day on which terms are judged, UTC."""
    return datetime.now(UTC).date()


def open_directory() -> Directory:
    """Open the updated directory, else the shipped one. Raises DirectoryError."""
    from callbridge.directory import Directory

    return Directory.open_best(read_settings(complete=False).callbridge_directory)


def lookup(
    zip_code: Annotated[str, typer.Argument(metavar="ZIP", help="Five digits, or ZIP+4.")],
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Show who represents a ZIP, and the offices to call."""
    opened = open_directory()
    place = opened.lookup(zip_code, on=today())
    if warning := opened.warning(today()):
        screen.warn(warning)
    if as_json:
        screen.show_json(opened.to_json(place))
    else:
        _show_place(place)


def _show_place(place: Place) -> None:
    seats = ", ".join(place.districts) or "no district"
    screen.say(f"{place.zip} {place.city}, {place.state}: {seats} ({place.kind.value})")
    if place.split:
        screen.note("Split: more than one district is possible; the person must say which.")
    if place.estimated:
        screen.note("Estimated: this ZIP has no area of its own, so nearby ones stand in.")
    for seat in place.vacant:
        screen.note(f"Vacant: {seat}.")
    if place.reason:
        screen.note(place.reason)
    rows = [row for member in (*place.senators, *place.representatives) for row in _rows(member)]
    if rows:
        screen.show_table(("member", "seat", "party", "office", "phone"), rows)


def _rows(member: Member) -> list[tuple[str, str, str, str, str]]:
    who = f"{member.title} {member.name}", member.district or member.state, member.party
    rest = [who] + [("", "", "")] * len(member.offices)
    return [
        (*named, office.city, grouped(office.phone))
        for named, office in zip(rest, member.offices, strict=False)
    ]


def grouped(phone: str | None) -> str:
    """Group an E.164 number of the North American plan: +12025550123 is (202) 555-0123."""
    if phone is None:
        return "none known"
    if len(phone) != 12 or not phone.startswith("+1"):
        return phone
    return f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"
