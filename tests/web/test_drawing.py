"""A picture is what Altair and the compiler would make of the same figures, each time anew."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

import pytest
import vl_convert

from callbridge.domain.congress import Chamber
from callbridge.domain.exported import Whose
from callbridge.domain.figures import (
    NOTHING,
    AnswerCount,
    DayCount,
    Figures,
    Funnel,
    LengthCount,
    Reach,
    Said,
)
from callbridge.domain.survey import Meaning
from callbridge.domain.tiles import DISTRICT_TILES, STATE_TILES
from callbridge.web import drawing, drawing_maps
from callbridge.web.figure_words import POSITION_ORDER
from tools import charts
from tools.charts_maps import rounded


def whose(chamber: Chamber, state: str, seat: str) -> Whose:
    """Return the member who fills a seat."""
    district = seat if chamber is Chamber.HOUSE else None
    return Whose(target=seat, name=seat, chamber=chamber, party="", state=state, district=district)


def made(seed: int, *, days: int, languages: tuple[str, ...], most: int, some: float) -> Figures:
    """Make figures up: `some` of everything there can be, none of it counted over `most`."""
    chance = Random(seed)
    seats = [
        whose(Chamber.SENATE, one.state, f"{one.state}-{place}")
        for one in STATE_TILES
        for place in "12"
    ] + [whose(Chamber.HOUSE, one.state, one.seat) for one in DISTRICT_TILES]
    steps = sorted((chance.randint(0, most) for _ in range(8)), reverse=True)
    hours = [(day, hour) for day in range(7) for hour in range(24) if chance.random() < some]
    return Figures(
        funnel=Funnel(**dict(zip(Funnel.__slots__, steps, strict=True))),
        days=[
            DayCount(
                day=date(2026, 2, 25) + timedelta(days=day),
                created=chance.randint(1, most),
                answered=chance.randint(0, most),
            )
            for day in range(days)
        ],
        reach=[
            Reach(weekday=day, hour=hour, dialled=most, connected=chance.randint(0, most))
            for day, hour in hours
        ],
        offices=(),
        meanings=[
            AnswerCount(
                revision=f"{revision}abcdef0" * 8,
                language=language,
                meaning=meaning,
                count=chance.randint(1, most),
            )
            for revision in range(2)
            for language in languages
            for meaning in Meaning
            if chance.random() < some
        ],
        lengths=[LengthCount(bin=at, count=chance.randint(1, most)) for at in range(21)],
        said=[
            Said(whose=one, counts={meaning: chance.randint(0, 3) for meaning in POSITION_ORDER})
            for one in seats
            if chance.random() < some
        ],
    )


FIGURES: Mapping[str, Figures] = {
    "nothing": NOTHING,
    "one call": made(1, days=1, languages=("en",), most=1, some=0.02),
    "a month": made(2, days=31, languages=("en",), most=907, some=0.3),
    "a season": made(3, days=120, languages=("en", "es"), most=2_345_678, some=1.0),
}


def the_whole_way(name: str, figures: Figures) -> str:
    """Draw a chart from its definition."""
    specified = json.dumps(charts.specified(name, drawing.DRAWINGS[name].rows(figures)))
    drawn = str(vl_convert.vegalite_to_svg(specified, allowed_base_urls=[]))
    return rounded(drawn) if name in drawing_maps.MAPS else drawn


def comparable(svg: str) -> str:
    """Leave out what the renderer counts up from picture to picture."""
    return re.sub(r"gradient_\d+", "gradient", svg)


@pytest.mark.parametrize("name", drawing.DRAWINGS)
def test_a_picture_is_what_its_definition_makes_of_the_same_figures(name: str) -> None:
    for kind, figures in FIGURES.items():
        drawn = drawing.render(name, figures, "svg").decode()
        assert comparable(drawn) == comparable(the_whole_way(name, figures)), kind


def test_the_charts_that_the_service_draws_with_are_those_that_are_defined() -> None:
    for path, text in charts.written():
        written = path.read_text(encoding="utf-8")
        assert written == text, f"{path.name} is not what tools/charts.py says: make format"


def test_every_tile_says_in_words_and_with_a_letter_what_its_colour_says() -> None:
    svg = drawing.render("house", FIGURES["a season"], "svg").decode()
    words = re.findall(r'aria-label="([A-Z]{2}-\d+|[A-Z]{2}): ([a-z, ]+)"', svg)
    assert len(words) == len(DISTRICT_TILES) == 435
    letters = re.findall(r'font-weight="bold" fill="#[0-9a-f]{6}">(.)</text>', svg)
    assert [drawing_maps.MEANT[letter] for letter in letters] == [said for _, said in words]
