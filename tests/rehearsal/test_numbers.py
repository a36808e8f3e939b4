"""Made-up numbers: none twice, none that could be somebody's, where the person is."""

from __future__ import annotations

import re

import pytest

from callbridge.domain.zones import AREAS, area_of
from callbridge.errors import RefusedError
from callbridge.rehearsal.numbers import fictitious


def test_everybody_gets_a_number_of_their_own_that_is_nobodys() -> None:
    found = fictitious([""] * 5000)
    assert len(set(found)) == 5000
    assert all(re.fullmatch(r"\+1\d{3}55501\d{2}", number) for number in found)


def test_whose_area_code_says_where_they_are_stay_there() -> None:
    areas = ["", *["808"] * 60, *["928"] * 100, "", *["213"] * 250]
    found = fictitious(areas)
    assert len(set(found)) == len(areas)
    for area, number in zip(areas, found, strict=True):
        if area:
            assert area_of(number) == AREAS[area]


def test_more_people_than_made_up_numbers_are_refused_in_a_sentence() -> None:
    with pytest.raises(RefusedError, match="not enough made-up numbers"):
        fictitious([""] * 60_000)


def test_numbers_of_other_states_serve_before_those_of_other_hours() -> None:
    found = fictitious(["406"] * 150)  # Montana has one area code
    assert {area_of(number).zones for number in found} == {("America/Denver",)}
