"""Dials side by side: no more than may be, none forgotten, and a fault is heard of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Lock

import pytest

from callbridge.service.drives.abreast import Abreast


def test_no_more_are_under_way_than_may_be_and_none_above_the_most_is_begun() -> None:
    dialled, guard = Abreast(3), Lock()
    here, fullest = 0, 0

    def dial() -> str:
        nonlocal here, fullest
        with guard:
            here += 1
            fullest = max(fullest, here)
        Event().wait(0.002)
        with guard:
            here -= 1
        return "rung"

    with ThreadPoolExecutor(8) as pool:
        begun = 0
        while dialled.room(20):
            dialled.begin()
            pool.submit(dialled.run, dial)
            begun += 1
        dialled.settle()
    assert (begun, dialled.made) == (20, 20)
    assert 1 < fullest <= 3


def test_one_that_is_let_go_leaves_its_place_to_another() -> None:
    dialled, answers = Abreast(2), [None, "rung", None, "rung", "never asked for"]
    while dialled.room(2):
        dialled.begin()
        dialled.run(partial(answers.pop, 0))
    assert (dialled.made, answers) == (2, ["never asked for"])


def test_a_fault_ends_the_plan_and_is_raised_when_all_are_through() -> None:
    dialled = Abreast(4)

    def broken() -> str:
        raise ConnectionError("the database is away")

    dialled.begin()
    assert dialled.run(broken) is None
    assert not dialled.room(10)
    with pytest.raises(ConnectionError):
        dialled.settle()
    assert dialled.room(10)
    dialled.settle()
