"""Area codes and their zones, compared with what the phone number library knows."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import pytest
from phonenumbers.timezone import time_zones_for_number

from callbridge.domain.states import STATES
from callbridge.domain.zones import ANYWHERE, AREAS, area_of

# The library puts Orlando's second code, 689, into Central time; its county keeps Eastern.
LIBRARY_IS_WRONG = {"689"}
SUMMER, WINTER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def clock(zone: str) -> tuple[object, object]:
    """Name a zone by what its clock shows in summer and in winter."""
    where = ZoneInfo(zone)
    return SUMMER.astimezone(where).utcoffset(), WINTER.astimezone(where).utcoffset()


def known_codes() -> dict[str, set[tuple[object, object]]]:
    """List the library's geographic codes of the United States and what their clocks show."""
    codes: dict[str, set[tuple[object, object]]] = {}
    real = available_timezones()
    for npa in range(201, 990):
        number = phonenumbers.parse(f"+1{npa}2340123")
        region = phonenumbers.region_code_for_number(number)
        fixed = (
            phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
        )
        if region not in {"US", "PR", "VI", "GU", "MP", "AS"} or not fixed:
            continue
        zones = {
            zone
            for exchange in range(200, 1000, 7)
            for zone in time_zones_for_number(phonenumbers.parse(f"+1{npa}{exchange}0123"))
            if zone in real
        }
        codes[str(npa)] = {clock(zone) for zone in zones} if len(zones) < 8 else set()
    return codes


@pytest.mark.slow
def test_every_area_code_of_the_country_has_its_zones() -> None:
    known = known_codes()
    assert len(known) > 330
    assert not known.keys() - AREAS.keys()
    missing = {
        code: (clocks, area.zones)
        for code, clocks in known.items()
        if code not in LIBRARY_IS_WRONG
        # Alaska's code lists two of its old zones; one of them is Honolulu's, which no town keeps.
        and code != "907"
        and (area := AREAS[code])
        and not clocks <= {clock(zone) for zone in area.zones}
    }
    assert not missing


def test_every_zone_and_state_of_the_table_exists() -> None:
    zones = available_timezones()
    assert {zone for area in AREAS.values() for zone in area.zones} <= zones
    assert {area.state for area in AREAS.values()} == set(STATES)


def test_an_unknown_code_is_judged_by_every_zone_of_the_states() -> None:
    assert area_of("+12995550123") == ANYWHERE
    assert area_of("+442075550123") == ANYWHERE
    assert len(ANYWHERE.zones) == 7


def test_a_code_on_a_border_lists_both_sides() -> None:
    assert area_of("+12085550123").zones == ("America/Boise", "America/Los_Angeles")
    assert area_of("+12025550123").zones == ("America/New_York",)
