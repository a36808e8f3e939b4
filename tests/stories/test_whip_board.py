"""The board's estimate against offices whose true positions are known, through the exchange."""

from __future__ import annotations

from random import Random

import pytest

from callbridge.domain.survey import Meaning
from callbridge.service import board as boards
from callbridge.service import rolling
from tests.stories.stage import Stage

KEYS = {"supports": "2", "opposes": "3", "undecided": "4"}
CALLS = 32
ZIPS = ("05401", "94110", "10001", "60601", "77001", "33101", "98101", "30301")


@pytest.mark.slow
@pytest.mark.sqlite_by_day
def test_the_board_finds_the_true_positions_of_simulated_offices(stage: Stage) -> None:
    """Report truly what each said; tests/rehearsal has wrong keys, and thousands of calls."""
    stage.change(
        OFFICE_CALLS_PER_MINUTE="100000",
        OFFICE_MAX_CALLS="1000",
        LIMIT_NETWORK_HOUR="100000",
        LIMIT_CAMPAIGN_MINUTE="100000",
        LIMIT_NUMBER_HOUR="100000",
        LIMIT_NUMBER_DAY="100000",
    )
    rng = Random(5)
    truth = {}
    for place, zip_code in enumerate(ZIPS):
        position = list(KEYS)[place % len(KEYS)]
        first = next(m for m in stage.members(zip_code) if m.district is None)
        truth[stage.office(zip_code, first.bioguide, position)] = (zip_code, position)
    reported: dict[str, int] = dict.fromkeys(truth, 0)
    for number in range(CALLS):
        target, (zip_code, position) = list(truth.items())[number % len(truth)]
        phone = f"+1{rng.choice((202, 303, 404, 505, 606, 707))}55501{number % 99 + 1:02}"
        stage.supporter("1", "1", "1", KEYS[position], "", "#", "", number=phone)
        story = stage.play(phone=phone, zip=zip_code)
        assert story.call["legs"][0]["target"] == target
        reported[target] += 1
    rolling.roll_up(stage.ctx)
    rows = {row.who.target: row for row in boards.board(stage.ctx, "attorney-general").rows}
    found = {target: rows[target].estimate for target in truth}
    assert {t: one.position for t, one in found.items()} == {
        t: Meaning(position) for t, (_, position) in truth.items()
    }
    assert all(0 < found[target].n <= count for target, count in reported.items())
