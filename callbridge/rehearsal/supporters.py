"""The simulated people of a rehearsed list: what each does at each ring, by seed and rates.

docs/rehearsal.md gives the rates and where they come from. Nobody's own habits are known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from callbridge.exchange.behaviours import SUPPORTERS, Act, Behaviour, Moment, PickUp


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterRates:
    """Shares of all numbers (`dead`), of rings, of answers, and of those who take part.

    What is left of the rings is not answered; what is left of the answers takes part.
    """

    dead: float = 0.02
    answers: float = 0.38
    voicemail: float = 0.30
    busy: float = 0.05
    hangs_up: float = 0.12
    silent: float = 0.05
    opts_out: float = 0.03
    leaves: float = 0.10
    wrong_key: float = 0.20
    one_office: float = 0.45
    two_offices: float = 0.30


_LEAVING = (
    Act(at=Moment.GATHER, n=2, after=4.0, hang_up=True),
    Act(at=Moment.DIALLING, n=1, after=5.0, hang_up=True),
    Act(at=Moment.BRIDGE, n=1, after=20.0, hang_up=True),
    Act(at=Moment.BRIDGE, n=2, after=10.0, hang_up=True),
)
_NO_END = 99


@dataclass(slots=True, kw_only=True)
class Supporters:
    """Everybody on the list. `zips` are by number; chance comes from seed, number and ring alone.

    So a person does the same at the same ring however fast the clock runs.
    """

    seed: int
    zips: Mapping[str, str]
    rates: SupporterRates = field(default_factory=SupporterRates)
    _rings: dict[str, int] = field(default_factory=dict)

    def next(self, number: str) -> Behaviour:
        """Return what somebody does at their next ring."""
        ring = self._rings[number] = self._rings.get(number, 0) + 1
        habits = self._chance(f"{self.seed}/{number}")
        if habits.random() < self.rates.dead:
            return SUPPORTERS["dead-line"]
        return self._at_ring(number, habits, self._chance(f"{self.seed}/{number}/{ring}"))

    def _at_ring(self, number: str, habits: Random, chance: Random) -> Behaviour:
        rates, dice = self.rates, chance.random()
        if dice < rates.answers:
            return self._answering(number, habits, chance)
        if dice < rates.answers + rates.voicemail:
            return SUPPORTERS["voicemail-box"]
        if dice < rates.answers + rates.voicemail + rates.busy:
            return SUPPORTERS["busy-line"]
        return SUPPORTERS["ignores"]

    def _answering(self, number: str, habits: Random, chance: Random) -> Behaviour:
        rates, dice = self.rates, chance.random()
        after = chance.uniform(3.0, 15.0)
        if dice < rates.hangs_up:
            return replace(SUPPORTERS["hangs-up-greeting"], after=after)
        if dice < rates.hangs_up + rates.silent:
            return replace(SUPPORTERS["silent"], after=after)
        if dice < rates.hangs_up + rates.silent + rates.opts_out:
            return replace(SUPPORTERS["opts-out"], after=after)
        leaves = chance.random() < rates.leaves
        return Behaviour(
            name="takes-part",
            picks_up=PickUp.ANSWERS,
            after=after,
            think=habits.uniform(0.5, 4.0),
            truthful=True,
            zip=self.zips.get(number, ""),
            slip=chance.randrange(5) if chance.random() < rates.wrong_key else None,
            patience=self._patience(habits),
            star_after=min(300.0, 40.0 + chance.expovariate(1 / 60.0)),
            acts=(chance.choice(_LEAVING),) if leaves else (),
        )

    def _patience(self, habits: Random) -> int:
        dice = habits.random()
        if dice < self.rates.one_office:
            return 1
        return 2 if dice < self.rates.one_office + self.rates.two_offices else _NO_END

    @staticmethod
    def _chance(seed: str) -> Random:
        return Random(seed)  # noqa: S311 - chance that can be repeated, no secret
