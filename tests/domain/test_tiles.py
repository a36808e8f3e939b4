"""The equal-tile maps: every state and every seat once, no two on one place."""

from __future__ import annotations

from callbridge.domain.states import STATES
from callbridge.domain.tiles import DISTRICT_TILES, SEATS, STATE_TILES


def test_the_house_has_435_seats_and_every_state_has_one() -> None:
    assert sum(SEATS.values()) == 435
    assert len(SEATS) == 50 and min(SEATS.values()) == 1
    assert set(SEATS) <= set(STATES)


def test_every_state_has_one_tile_of_its_own() -> None:
    assert {tile.state for tile in STATE_TILES} == {*SEATS, "DC"}
    assert len({(tile.x, tile.y) for tile in STATE_TILES}) == len(STATE_TILES) == 51


def test_every_district_has_one_tile_of_its_own() -> None:
    assert len({tile.seat for tile in DISTRICT_TILES}) == 435
    assert len({(tile.x, tile.y) for tile in DISTRICT_TILES}) == 435
    assert {"AK-0", "VT-0", "CA-1", "CA-52"} <= {tile.seat for tile in DISTRICT_TILES}


def test_the_districts_of_a_state_stand_together() -> None:
    for state in SEATS:
        own = [tile for tile in DISTRICT_TILES if tile.state == state]
        wide = max(t.x for t in own) - min(t.x for t in own) + 1
        high = max(t.y for t in own) - min(t.y for t in own) + 1
        others = [
            tile
            for tile in DISTRICT_TILES
            if tile.state != state
            and min(t.x for t in own) <= tile.x <= max(t.x for t in own)
            and min(t.y for t in own) <= tile.y <= max(t.y for t in own)
        ]
        assert not others
        assert wide * high < len(own) + max(wide, high)
