"""The whole flow as one table, read and agreed on: every stage and every event."""

from __future__ import annotations

import difflib
from copy import copy
from pathlib import Path

from callbridge.domain.call import Asking, Stage
from callbridge.domain.events import Event
from tests.domain.table import EVENTS, STARTS, write

TABLE = Path(__file__).with_name("flow_table.txt")


def test_every_stage_and_event_does_what_the_table_says() -> None:
    written = TABLE.read_text(encoding="utf-8")
    lines = difflib.unified_diff(written.splitlines(), write().splitlines(), "table", "flow", n=1)
    assert not list(lines), "The flow and its table differ; change flow_table.txt only on purpose."


def test_the_table_starts_at_every_stage_and_every_question() -> None:
    assert {told.call.stage for told in STARTS.values()} == set(Stage)
    assert {told.call.asking for told in STARTS.values()} == set(Asking)


def test_the_table_tells_every_kind_of_event() -> None:
    assert {type(event) for event in EVENTS.values()} == set(Event.__args__)


def test_an_ended_call_never_lives_again() -> None:
    for name, told in STARTS.items():
        if told.call.stage is Stage.ENDED:
            for event in EVENTS.values():
                # A copy is told: the starts are shared with the other tests, in any order.
                assert copy(told).tell(event).call.stage is Stage.ENDED, name
