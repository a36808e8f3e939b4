"""What an installation counts about itself at one moment; counts nothing and names nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Counts over all calls and attempts, and how things stand now; times in seconds.

    `calls` is by stage and ending ("" while it goes on), `refusals` by the carrier's class of
    reason within the last hour. `steps` are the hooks that moved a conversation, ever.
    """

    kind: str
    bytes: int
    calls: Mapping[tuple[str, str], int] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)
    refusals: Mapping[str, int] = field(default_factory=dict)
    steps: int = 0
    oldest_waiting: float | None = None
    oldest_unknown: float | None = None
    pace_wait: float = 0.0
    offices_resting: int = 0
    dialers: int = 0
    dialer_silence: float | None = None

    def count(self, state: str) -> int:
        """Return how many attempts are in a state."""
        return self.attempts.get(state, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tide:
    """The greatest number that an attempt has, and the first writer who came afterwards.

    `writers` is None where nobody else writes meanwhile.
    """

    last: int
    writers: int | None
