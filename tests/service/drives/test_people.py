"""A list of people as the world writes it: who is taken, who is refused, on which line and why."""

from __future__ import annotations

import codecs

import pytest

from callbridge.errors import RefusedError
from callbridge.service.drives import running
from callbridge.service.drives.people import add_people
from callbridge.service.drives.views import DriveRequest, Imported
from callbridge.service.erasing import erase_due
from tests.service.drives.crowd import HEADER, begun, create, dial, everybody_answers, people, told
from tests.service.setting import Service

ROW = "202-555-0101,94110,en,north,rally,2026-05-04"


def made(service: Service, content: bytes | str) -> Imported:
    """Import a list into a new drive."""
    return running.create(service.ctx, DriveRequest(slug="water"), content)


def why(imported: Imported) -> dict[int, str]:
    """Return the refusals by line."""
    return {one.line: one.why for one in imported.refused}


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n",
        f"{HEADER}\r\n{ROW}\r\n\r\n",
        codecs.BOM_UTF8 + f"{HEADER}\n{ROW}".encode(),
        f"{HEADER}\n{ROW}".encode("utf-16"),
        f"sep=;\n{HEADER}\n{ROW}".replace(",", ";"),
        f"{HEADER}\n{ROW}".replace(",", "\t"),
        "Consent Date,Telephone,ZIP code,Source,town\n5/4/2026,2025550101.0,94110,rally,Bogotá\n",
        "phone,consent_source,consent_at,name\n2025550101,rally,2026-05-04,José Muñoz\n".encode(
            "cp1252"
        ),
        f'{HEADER},note\n{ROW},"two\nlines"\n',
    ],
    ids=["plain", "crlf", "bom", "utf-16", "excel", "tabs", "aliases", "latin", "quoted"],
)
def test_a_list_is_read_however_it_was_saved(service: Service, content: bytes | str) -> None:
    imported = made(service, content)
    assert (imported.accepted, imported.refused) == (1, [])


def test_every_line_that_is_refused_is_named_with_its_reason(service: Service) -> None:
    lines = [
        HEADER,
        ROW,
        "not a phone,94110,,,rally,2026-05-04",
        "+1 (202) 555-0101,94110,,,rally,2026-05-04",
        "202-555-0102,94110,,,,2026-05-04",
        "202-555-0103,94110,,,rally,",
        "202-555-0104,94110,,,rally,yesterday",
        "202-555-0105,94110,,,rally,2031-01-01",
        "202-555-0106,00000,,,rally,2026-05-04",
        "202-555-0107,20001,,,rally,2026-05-04",
        "202-555-0108,94110,,,rally,2026-05-04,too,many",
        "202-555-0109,94110,,,rally,2026-05-04",
    ]
    imported = made(service, "\n".join(lines))
    reasons = why(imported)
    assert sorted(reasons) == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert "line 2" in reasons[4]
    assert "where" in reasons[5] and "when" in reasons[6]
    assert "senators" in reasons[10] or "Nobody" in reasons[10] or "represent" in reasons[10]
    assert (imported.accepted, imported.duplicates) == (2, 1)


def test_lines_are_counted_by_the_files_own_lines(service: Service) -> None:
    content = f'{HEADER},note\n{ROW},"two\nlines"\nnobody,,,,rally,2026-05-04,\n'
    assert sorted(why(made(service, content))) == [4]


def test_a_zip_that_lost_its_zero_is_found(service: Service) -> None:
    imported = made(service, f"{HEADER}\n202-555-0101,2139,,,rally,2026-05-04\n")
    assert imported.accepted == 1


@pytest.mark.parametrize(
    "content", ["", "phone,zip\n2025550101,94110\n", b"PK\x03\x04workbook", f"{HEADER},phone\n"]
)
def test_a_list_without_its_columns_makes_no_drive(service: Service, content: bytes | str) -> None:
    with pytest.raises(RefusedError):
        made(service, content)
    assert not running.drives(service.ctx)


def test_owners_who_opted_out_are_refused_and_counted(service: Service) -> None:
    with service.database.writing() as unit:
        hash_ = service.ctx.vault.hash("+12025550101")
        unit.guards.opt_out(hash_, call=None, at=service.clock.now())
    imported = made(service, f"{HEADER}\n{ROW}\n")
    assert (imported.accepted, imported.opted_out, sorted(why(imported))) == (0, 1, [2])


def test_importing_again_changes_nothing_that_was_done(service: Service) -> None:
    roomy = service.with_settings(DRIVE_RAMP_SECONDS="0", OFFICE_MAX_CALLS="50")
    drive = begun(roomy, 3)
    dial(roomy)
    everybody_answers(roomy)
    again = add_people(roomy.ctx, drive, people(4))
    assert (again.accepted, again.already) == (1, 3)
    assert told(roomy, drive).by_state == {"done": 3, "planned": 1}


def test_a_preview_keeps_nothing(service: Service) -> None:
    found = running.preview(service.ctx, DriveRequest(slug="water"), people(5))
    assert (found.accepted, found.drive) == (5, None)
    assert not running.drives(service.ctx)


def test_numbers_are_stored_unreadable_and_erased_after_the_drive(service: Service) -> None:
    drive = create(service, 3).drive
    assert drive is not None
    running.start(service.ctx, drive)
    running.stop(service.ctx, drive)

    def stored() -> list[tuple[str | None, str | None, str | None, str]]:
        with service.database.reading() as unit:
            rows = unit.connection.exec_driver_sql(
                "SELECT phone_enc, phone_hash, zip, extra FROM contacts"
            )
            return [tuple(row) for row in rows]  # type: ignore[misc]

    assert not any("5550" in str(row) for row in stored())
    erased = []
    for days in (2, 30, 60):
        service.clock.forward(days=days)
        erase_due(service.ctx)
        erased.append([value is None for value in stored()[0][:3]])
    # The list is gone first, ZIPs and all; what stays for a month is the keyed hash.
    assert erased == [[True, False, True], [True, True, True], [True, True, True]]
    assert told(service, drive).people == 3


def test_a_list_without_column_names_and_with_its_consent_said_once_is_taken(
    service: Service,
) -> None:
    given = {"consent_source": "town hall", "consent_at": "2026-05-04"}
    text = "202-555-0101;94110;en;north\n202-555-0102;;;south\n;94110\n"
    imported = running.create(service.ctx, DriveRequest(slug="water"), text, given=given)
    assert (imported.accepted, sorted(why(imported))) == (2, [3])
    assert imported.groups == {"north": 1, "south": 1}
    assert imported.zones == {"America/Los_Angeles": 1, "America/New_York": 1}
    with pytest.raises(RefusedError):
        made(service, text)


def test_what_a_line_says_of_its_consent_goes_before_what_is_said_for_all(
    service: Service,
) -> None:
    given = {"consent_source": "town hall", "consent_at": "2031-01-01"}
    rows = f"{HEADER}\n{ROW}\n202-555-0102,94110,,,,\n"
    imported = running.create(service.ctx, DriveRequest(slug="water"), rows, given=given)
    assert (imported.accepted, sorted(why(imported))) == (1, [3])


def test_a_list_is_kept_as_long_as_the_setting_says(service: Service) -> None:
    patient = service.with_settings(LIST_DAYS="10")
    drive = create(patient, 2).drive
    assert drive is not None
    running.start(patient.ctx, drive)
    running.stop(patient.ctx, drive)
    patient.clock.forward(days=9)
    assert erase_due(patient.ctx).people == 0
    patient.clock.forward(days=2)
    assert erase_due(patient.ctx).people == 2
    assert erase_due(patient.ctx).people == 0
    assert told(patient, drive).people == 2
