"""People and the doctor on the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli

KEYS = {"SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32}


@pytest.mark.usefixtures("tables")
def test_the_first_admin_is_added_with_a_password_shown_once(cli: Cli) -> None:
    ran = cli("people", "add", "Ada@Example.org", "--role", "admin", **KEYS)
    assert ran.code == 0, ran.err
    assert "Added Ada@Example.org as admin." in ran.out
    password = ran.out.split("Password: ")[1].strip()
    assert len(password) >= 12
    again = cli("people", "add", "Ada@example.org", "--role", "analyst", **KEYS)
    assert again.code == 6
    assert "is there already" in again.err


@pytest.mark.usefixtures("tables")
def test_people_are_listed_get_other_roles_another_password_and_go(cli: Cli) -> None:
    for email, roles in (("bo@example.org", ["analyst"]), ("ada@example.org", ["organizer"])):
        given = [word for role in roles for word in ("--role", role)]
        assert cli("people", "add", email, *given, **KEYS).code == 0
    change = ["people", "change", "Ada@example.org", "--role", "organizer", "--role", "analyst"]
    assert "organizer and analyst" in cli(*change, **KEYS).out
    listed = cli("people", "list", "--json", **KEYS).json
    assert [(one["email"], one["roles"]) for one in listed] == [
        ("ada@example.org", ["analyst", "organizer"]),
        ("bo@example.org", ["analyst"]),
    ]
    assert len(cli("people", "password", "ada@example.org", **KEYS).out.split("Password: ")[1]) > 12
    assert cli("people", "remove", "bo@example.org", **KEYS).code == 0
    assert "bo@" not in cli("people", "list", **KEYS).out
    for gone in (["remove"], ["password"], ["change", "--role", "admin"]):
        ran = cli("people", gone[0], "bo@example.org", *gone[1:], **KEYS)
        assert ran.code == 5
        assert "Nobody signs in as bo@example.org" in ran.err


@pytest.mark.usefixtures("tables")
def test_a_role_or_an_address_that_is_none_is_refused(cli: Cli) -> None:
    role = cli("people", "add", "ada@example.org", "--role", "king", **KEYS)
    assert role.code == 6
    assert "admin, organizer, analyst" in role.err
    address = cli("people", "add", "ada", "--role", "admin", **KEYS)
    assert address.code == 6
    assert "no email address" in address.err


def test_the_doctor_says_what_to_do_before_anything_is_made(cli: Cli) -> None:
    ran = cli("check", "--json", **KEYS)
    assert ran.code == 1
    database = next(one for one in ran.json if one["subject"] == "database")
    assert database["well"] is False
    assert "db upgrade" in database["advice"]


@pytest.mark.usefixtures("tables")
def test_the_doctor_looks_at_every_part(cli: Cli) -> None:
    assert cli("campaigns", "publish", **KEYS).code == 0
    found = {one["subject"]: one["well"] for one in cli("check", "--json", **KEYS).json}
    assert {"database", "carrier", "public address", "directory", "campaigns"} <= set(found)
    assert found["database"] is True
    assert found["campaigns"] is True
    assert found["carrier"] is False
