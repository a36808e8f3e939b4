"""Calls in progress: counted where they may be near a limit, and by a look that is young."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callbridge.domain.records import AttemptState
from callbridge.service.drives.dialling import place_drives
from callbridge.service.timer import WallTimer
from tests.service.drives.crowd import begun
from tests.service.plans import listening
from tests.service.scenarios import QUICK
from tests.service.setting import Service


class Stalls(WallTimer):
    """Whoever waits by it wakes up ten seconds late."""

    def __init__(self) -> None:
        self.late = 0.0

    def seconds(self) -> float:
        """Return the wall's seconds and those that were lost."""
        return super().seconds() + self.late

    def sleep(self, seconds: float) -> None:
        """Lose ten seconds."""
        self.late += 10.0


@pytest.mark.parametrize(("limit", "counted"), [(10_000, False), (12, True)])
def test_calls_in_progress_are_counted_where_they_may_be_near_a_limit(
    service: Service, monkeypatch: pytest.MonkeyPatch, limit: int, *, counted: bool
) -> None:
    quick = service.with_settings(
        **QUICK | {"CALLS_IN_PROGRESS": str(limit), "CAMPAIGN_CALLS_IN_PROGRESS": "10000"}
    )
    begun(quick, 20, in_progress=10_000)
    with listening(monkeypatch) as asked:
        rung = place_drives(quick.ctx, owner="dialer", most=20)
    assert any("of_campaign" in statement for statement in asked.statements) is counted
    assert rung == min(limit, 20)


def test_whoever_is_not_dialled_soon_after_the_look_is_let_go(service: Service) -> None:
    quick = service.with_settings(**QUICK)
    begun(quick, 3)
    stalled = replace(quick.ctx, timer=Stalls())
    assert place_drives(stalled, owner="slow", most=3) == 0
    with quick.ctx.store.reading() as unit:
        assert unit.attempts.count(AttemptState.PLANNED) == 3
    assert place_drives(quick.ctx, owner="dialer", most=3) == 3
