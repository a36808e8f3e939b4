"""What a rehearsal is given, all of it: a copied drive, rules, speed and seed; holds no secret.

It goes to the rehearsal's process as one JSON text. Nothing else does: no environment with a
carrier's credentials, no address of the real database, no phone number of a real person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from callbridge.errors import RefusedError
from callbridge.service.drives.copying import DriveCopy
from callbridge.settings import Settings

SLOWEST, FASTEST = 1.0, 100.0

# The rules that decide how a drive goes. Where calls go, with what keys and credentials, is not
# among them and never may be.
RULES = (
    "calls_per_second",
    "lease_seconds",
    "unknown_checks",
    "office_max_calls",
    "office_calls_per_minute",
    "office_rest_seconds",
    "limit_number_hour",
    "limit_number_day",
    "limit_campaign_minute",
    "calls_in_progress",
    "campaign_calls_in_progress",
    "drive_ramp_seconds",
    "dials_at_once",
    "minute_price",
    "office_minute_price",
    "ring_seconds",
    "call_seconds",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One rehearsal. `limit_seconds` are the wall's; `days` simulated days it may take at most.

    `directory` is the folder whose directory is copied, `rules` settings by field name. `begins`
    is the simulated time at which the drive is started.
    """

    copy: DriveCopy
    begins: datetime
    speed: float
    seed: int
    rules: Mapping[str, object]
    organization: str
    directory: str
    limit_seconds: float
    days: int = 30
    postgresql: bool = False
    rates: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be rehearsed; raise RefusedError with a sentence."""
        if not SLOWEST <= self.speed <= FASTEST:
            raise RefusedError("A rehearsal runs at 1 to 100 times the clock.")
        if not self.copy.people:
            raise RefusedError("There is nobody left to ring in this drive.")
        if unknown := self.rules.keys() - set(RULES):
            raise ValueError(f"not a rule of drives: {', '.join(sorted(unknown))}")


def rules_of(settings: Settings) -> dict[str, object]:
    """Return the rules of an installation, and nothing else of its settings."""
    return {name: getattr(settings, name) for name in RULES}


def pack(scenario: Scenario) -> bytes:
    """Write a scenario as JSON."""
    return msgspec.json.encode(scenario)


def unpack(packed: bytes) -> Scenario:
    """Read a scenario. Raises msgspec.ValidationError."""
    return msgspec.json.decode(packed, type=Scenario)
