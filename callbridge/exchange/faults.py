"""What goes wrong on purpose, scripted or at a seeded rate; only says what strikes when.

A rule says what (`kind`), when (`where`) and how often (`skip`, `times`, `rate`). Whoever sends a
hook or answers a request asks which rules strike and does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from random import Random


class HookFault(StrEnum):
    """What may befall one hook."""

    DUPLICATE = "duplicate"
    """Delivered, then delivered again with the same idempotency token; the second reply is lost."""
    TOGETHER = "duplicate-together"
    """Delivered twice at the same moment."""
    DROP = "drop"
    """Never reaches the application; the carrier takes it for a read timeout."""
    LOST_REPLY = "lost-reply"
    """Reaches the application, whose reply is lost: retried only if the rule has `rt`."""
    SLOW = "slow"
    """Held back for `seconds` of the exchange's clock before it is sent."""
    BAD_SIGNATURE = "bad-signature"
    NO_SIGNATURE = "no-signature"
    WRONG_TOKEN = "wrong-token"  # noqa: S105 - a fault's name
    """Signed with the secondary token, or with a stranger's when there is none."""
    RESET = "reset"
    """The connection breaks before the application answers (it may have read the hook)."""


class CallbackFault(StrEnum):
    """What may befall the order of status callbacks."""

    REORDER = "reorder"
    """Held back for `seconds` of the exchange's clock while the ones after it overtake it."""


class RestFault(StrEnum):
    """What may befall one REST request."""

    TOO_MANY = "429"
    BEFORE_500 = "500-before"
    AFTER_500 = "500-after"
    BEFORE_503 = "503-before"
    AFTER_503 = "503-after"
    HANG_BEFORE = "hang-before"
    """Nothing is done and nothing is answered until the client gives up."""
    HANG_AFTER = "hang-after"
    """The request is carried out; nothing is answered until the client gives up."""
    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    SLOW = "slow-answer"
    """The request is carried out; the answer comes after `seconds` of the wall's clock."""

    @property
    def carried_out(self) -> bool:
        """Tell whether the request takes effect all the same."""
        return self in {
            RestFault.AFTER_500,
            RestFault.AFTER_503,
            RestFault.HANG_AFTER,
            RestFault.RESET_AFTER,
            RestFault.SLOW,
        }


AnyFault = HookFault | CallbackFault | RestFault
KINDS: dict[str, AnyFault] = {str(kind): kind for kind in (*HookFault, *CallbackFault, *RestFault)}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One rule. Every word of `where` must equal the occasion's (`path` must be contained in it).

    The first `skip` matching occasions pass, then it strikes `times` times (None: always), each
    with probability `rate`.
    """

    id: int
    kind: AnyFault
    where: Mapping[str, str] = field(default_factory=dict)
    skip: int = 0
    times: int | None = 1
    rate: float = 1.0
    seconds: float = 5.0
    struck: int = 0

    def as_json(self) -> dict[str, object]:
        """Return the rule as the control API shows it."""
        return {
            "id": self.id,
            "kind": str(self.kind),
            "where": dict(self.where),
            "skip": self.skip,
            "times": self.times,
            "rate": self.rate,
            "seconds": self.seconds,
            "struck": self.struck,
        }


@dataclass(slots=True)
class Faults:
    """The rules in force and the chance they throw."""

    seed: int = 1
    rules: list[Fault] = field(default_factory=list)
    _ids: count[int] = field(default_factory=lambda: count(1))
    _chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)  # noqa: S311 - chance that can be repeated, no secret

    def add(
        self,
        kind: AnyFault,
        *,
        where: Mapping[str, str] | None = None,
        skip: int = 0,
        times: int | None = 1,
        rate: float = 1.0,
        seconds: float = 5.0,
    ) -> Fault:
        """Put a rule in force."""
        rule = Fault(
            id=next(self._ids),
            kind=kind,
            where=dict(where or {}),
            skip=skip,
            times=times,
            rate=rate,
            seconds=seconds,
        )
        self.rules.append(rule)
        return rule

    def clear(self, id_: int | None = None) -> None:
        """Lift one rule, or all."""
        self.rules = [rule for rule in self.rules if id_ is not None and rule.id != id_]

    def reseed(self, seed: int) -> None:
        """Start the chance again."""
        self.seed = seed
        self._chance = Random(seed)  # noqa: S311 - see above

    def strike(self, kinds: type[AnyFault], **occasion: str) -> list[Fault]:
        """Return the rules that strike on this occasion, and count them as struck."""
        struck: list[Fault] = []
        for rule in tuple(self.rules):
            if not isinstance(rule.kind, kinds) or not _fits(rule.where, occasion):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            if rule.times is not None and rule.struck >= rule.times:
                continue
            if rule.rate < 1.0 and self._chance.random() >= rule.rate:
                continue
            rule.struck += 1
            struck.append(rule)
        return struck


def _fits(where: Mapping[str, str], occasion: Mapping[str, str]) -> bool:
    return all(
        value in occasion.get(name, "") if name == "path" else value == occasion.get(name)
        for name, value in where.items()
    )
