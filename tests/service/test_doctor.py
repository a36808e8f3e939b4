"""The doctor names what is wrong and what to do about it."""

from __future__ import annotations

from dataclasses import replace

from callbridge.service import publishing
from callbridge.service.doctor import check
from tests.service.setting import Service


def ailing(service: Service) -> dict[str, str]:
    """Return the advice for what is not well."""
    return {found.subject: found.advice for found in check(service.ctx) if not found.well}


def test_a_service_that_can_work_is_well(service: Service) -> None:
    assert ailing(service) == {}


def test_an_old_directory_of_the_sitting_congress_is_worth_a_word_and_no_alarm(
    service: Service,
) -> None:
    found = next(one for one in check(service.ctx) if one.subject == "directory")
    assert found.well
    assert "directory update" in found.advice


def test_each_fault_is_named_with_what_to_do(service: Service) -> None:
    publishing.pause(service.ctx, "water")
    service.line.trouble = "lost-after"
    publishing.resume(service.ctx, "water")
    service.start()
    publishing.pause(service.ctx, "water")
    assert "campaigns publish" in ailing(service)["campaigns"]
    assert "dialer" in ailing(service)["dialer"]
    service.ctx = replace(service.ctx, carrier=None)
    assert "TWILIO_ACCOUNT_SID" in ailing(service)["carrier"]


def test_a_real_carrier_needs_an_address_the_world_reaches(service: Service) -> None:
    service.line.real = True
    assert "PUBLIC_URL" in ailing(service)["public address"]
    plain = service.with_settings(PUBLIC_URL="http://calls.example.org")
    assert "https" in ailing(plain)["public address"]
    safe = service.with_settings(PUBLIC_URL="https://calls.example.org")
    assert "public address" not in ailing(safe)


def test_a_directory_past_its_congress_is_not_well(service: Service) -> None:
    service.clock.forward(days=800)
    assert "directory update" in ailing(service)["directory"]
