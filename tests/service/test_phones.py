"""Only ordinary numbers of the regions are rung, however they are written."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.errors import PhoneError
from callbridge.service.phones import masked, read_phone, zone_of

REGIONS = ("US", "PR", "VI", "GU", "AS", "MP")
# The Library of Congress' and a state capitol's switchboards: ordinary numbers that exist.
ORDINARY = "+12027075000"


def read(text: str, *, loopback: bool = False) -> str:
    return read_phone(text, regions=REGIONS, loopback=loopback)


@pytest.mark.parametrize(
    "text", ["202-707-5000", "(202) 707 5000", "202.707.5000", "+1 202 707 5000", "12027075000"]
)
def test_one_number_has_one_form(text: str) -> None:
    assert read(text) == ORDINARY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "12",
        "not a number",
        "202-707-50００",
        "２０２７０７５０００",
        "1-800-FLOWERS",
        "+12027075000;ext=5",
        "+12027075000;phone-context=+44",
        "202-707-5000 x12",
        "tel:+12027075000",
        "+1900 555 0123",
        "+18005550123",
        "+12129761234",
        "+12024111234",
        "+18765550123",
        "+442079460958",
        "911",
        "+15005550006",
    ],
)
def test_what_is_not_an_ordinary_number_of_the_regions_is_refused(text: str) -> None:
    with pytest.raises(PhoneError):
        read(text)


@pytest.mark.parametrize("text", ["202-555-0147", "5552025000", "+1 (303) 555-9876"])
def test_example_numbers_ring_on_loopback_and_nowhere_else(text: str) -> None:
    assert read(text, loopback=True).startswith("+1")
    with pytest.raises(PhoneError):
        read(text)


def hostile() -> list[str]:
    """Return every example number of every other region and of every costly kind."""
    numbers = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in phonenumbers.PhoneNumberType.values():
            found = phonenumbers.example_number_for_type(region, kind)
            costly = kind not in {0, 1, 2, 6}
            if found is not None and (region not in REGIONS or costly):
                numbers.append(phonenumbers.format_number(found, 0))
    return numbers


def test_no_foreign_or_costly_example_number_of_any_region_is_rung() -> None:
    numbers = hostile()
    assert len(numbers) > 1000
    accepted = []
    for number in numbers:
        try:
            accepted.append(read(number))
        except PhoneError:
            continue
    kinds = {phonenumbers.region_code_for_number(phonenumbers.parse(n)) for n in accepted}
    assert kinds <= set(REGIONS)
    assert not [
        n for n in accepted if phonenumbers.number_type(phonenumbers.parse(n)) not in {0, 1, 2, 6}
    ]


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_sentence(text: str) -> None:
    try:
        assert read(text, loopback=True).startswith("+")
    except PhoneError as refusal:
        assert refusal.sentence.endswith(".")


def test_a_number_is_masked_but_for_its_last_two_digits() -> None:
    assert masked("+12025550147") == "•••47"


def test_an_area_code_tells_a_time_zone() -> None:
    assert zone_of("+12027075000") == "America/New_York"
    assert zone_of("+14157075000") == "America/Los_Angeles"
