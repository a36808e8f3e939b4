"""A timer on which somebody sleeps too long: the machine stands still between commit and ring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from callbridge.service.timer import WallTimer
from tests.service.setting import Service


def _nothing() -> None:
    """Let nothing happen meanwhile."""


@dataclass
class Standstill(WallTimer):
    """The wall's timer; so many waits for a slot end half a second late.

    The first wait of a round is for the dial's own moment, and those after it for its slots.
    """

    times: int = 1
    meanwhile: Callable[[], None] = _nothing
    ahead: float = field(default=0.0, init=False)
    waits: int = field(default=0, init=False)

    def seconds(self) -> float:
        """Return the wall's seconds, and what was slept too long."""
        return super().seconds() + self.ahead

    def sleep(self, seconds: float) -> None:
        """Wait so long, and longer while there are standstills left."""
        super().sleep(seconds)
        self.waits += 1
        if self.times and self.waits > 1:
            self.times -= 1
            self.ahead += 0.5
            self.meanwhile()


def standing_still(
    service: Service, times: int = 1, meanwhile: Callable[[], None] = _nothing
) -> Service:
    """Return the service on such a timer."""
    timer = Standstill(times=times, meanwhile=meanwhile)
    return replace(service, ctx=replace(service.ctx, timer=timer))
