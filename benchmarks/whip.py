"""Checks the whip model against worlds whose truth is known; writes the tables of docs/whip.md.

`python -m benchmarks.whip` (about a minute); `--offices 2000` for a quick look.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from callbridge.domain.survey import Meaning
from callbridge.domain.whip import DayCount, Estimate, estimate, pile
from callbridge.domain.whip_model import DEFAULT, SCALE, SUPPORTING, Model, said

TODAY = date(2026, 11, 17)
MOST_REPORTS = 30
PLAIN = replace(DEFAULT, half_life_days=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One office of a made-up world: the truth, and what supporters reported of it."""

    position: Meaning
    shares: tuple[float, ...]
    reports: Sequence[tuple[date, Meaning]]

    @property
    def supporting(self) -> float:
        """Return the true share of supporting answers."""
        pairs = zip(SCALE, self.shares, strict=True)
        return sum(share for meaning, share in pairs if meaning in SUPPORTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How a made-up world departs from what the model believes; the defaults do not.

    `wrong` of the reports are wrong: any other position alike, or towards support with `hopeful`.
    `copies`: so many supporters repeat each report (a group that shares one answer). `turning`:
    offices change their position at half time. `days`: over how many days the reports come.
    """

    name: str
    wrong: float = 0.20
    falloff: float = DEFAULT.falloff
    concentration: float = DEFAULT.concentration
    hopeful: bool = False
    copies: int = 1
    turning: bool = False
    days: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How an estimate did: shares of offices, in percent, and the interval's mean width."""

    offices: int
    covered: float
    right: float
    majority: float
    believed: float
    width: float


def draw(world: World, rng: Random) -> Office:
    """Draw an office and its reports."""
    truth = replace(DEFAULT, falloff=world.falloff, concentration=world.concentration)
    place = rng.choices(range(len(SCALE)), DEFAULT.prior)[0]
    shares = dirichlet(rng, [truth.concentration * share for share in said(truth)[place]])
    before = shares
    if world.turning:
        before = dirichlet(rng, [truth.concentration * s for s in said(truth)[-1 - place]])
    reports: list[tuple[date, Meaning]] = []
    for _ in range(rng.randint(1, MOST_REPORTS)):
        age = rng.randrange(world.days)
        now = before if age * 2 >= world.days and world.turning else shares
        reports += [(TODAY - timedelta(days=age), report(world, now, rng))] * world.copies
    return Office(position=SCALE[place], shares=shares, reports=reports)


def report(world: World, shares: Sequence[float], rng: Random) -> Meaning:
    """Say what one supporter reports."""
    heard = rng.choices(SCALE, shares)[0]
    if rng.random() >= world.wrong:
        return heard
    if world.hopeful:
        return SCALE[max(0, SCALE.index(heard) - 1)]
    return rng.choice([meaning for meaning in SCALE if meaning is not heard])


def dirichlet(rng: Random, alpha: Sequence[float]) -> tuple[float, ...]:
    """Draw shares that add up to 1."""
    while True:
        raw = [rng.gammavariate(one, 1.0) for one in alpha]
        if sum(raw) > 0:
            return tuple(one / sum(raw) for one in raw)


def judged(office: Office, *, model: Model) -> Estimate:
    """Estimate an office from its reports."""
    counts = Counter(office.reports)
    days = [
        DayCount(day=day, meaning=meaning, count=n, last=datetime.combine(day, time(12), UTC))
        for (day, meaning), n in counts.items()
    ]
    return estimate(pile(days, today=TODAY, model=model), model=model)


def majority(office: Office, rng: Random) -> Meaning:
    """Return the meaning reported most; chance settles a tie."""
    counts = Counter(meaning for _, meaning in office.reports)
    most = max(counts.values())
    return rng.choice([meaning for meaning in SCALE if counts[meaning] == most])


def score(
    world: World,
    *,
    offices: int,
    seed: int,
    model: Model = PLAIN,
    step: Callable[[], None] = lambda: None,
) -> Score:
    """Draw offices of a world and compare what is estimated with what is true."""
    rng = Random(seed)
    covered = right = plain = 0
    believed = width = 0.0
    for _ in range(offices):
        office = draw(world, rng)
        found = judged(office, model=model)
        low, high = found.interval
        covered += low <= office.supporting <= high
        right += found.position is office.position
        plain += majority(office, rng) is office.position
        believed += found.probability or 0.0
        width += high - low
        step()
    return Score(
        offices=offices,
        covered=100 * covered / offices,
        right=100 * right / offices,
        majority=100 * plain / offices,
        believed=100 * believed / offices,
        width=width / offices,
    )


AS_ASSUMED = World(name="as the model assumes")
BROKEN = (
    World(name="10 % wrong reports", wrong=0.10),
    World(name="30 % wrong reports", wrong=0.30),
    World(name="40 % wrong reports", wrong=0.40),
    World(name="wrong reports lean towards support", hopeful=True),
    World(name="staff answer more evenly (falloff 0.5)", falloff=0.5),
    World(name="offices differ more (concentration 2)", concentration=2.0),
    World(name="each report repeated by two friends", copies=3),
    World(name="offices turn round at half time, 60 days", turning=True, days=60),
)


def line(world: World, found: Score) -> str:
    """Write one row of a table."""
    return (
        f"| {world.name} | {found.covered:.1f} % | {found.width:.2f} | {found.right:.1f} % |"
        f" {found.believed:.1f} % | {found.majority:.1f} % |"
    )


HEAD = (
    "| world | interval covers | mean width | position right | believed right | majority right |\n"
    "|---|---|---|---|---|---|"
)


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--offices", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    print(HEAD)
    for seed in range(given.seed, given.seed + 3):
        named = replace(AS_ASSUMED, name=f"{AS_ASSUMED.name}, seed {seed}")
        print(line(named, score(AS_ASSUMED, offices=given.offices, seed=seed)))
    print(f"\n{HEAD}")
    for world in BROKEN:
        print(line(world, score(world, offices=given.offices, seed=given.seed)))
    turning = BROKEN[-1]
    named = replace(turning, name=f"{turning.name}, half-life {DEFAULT.half_life_days:g} days")
    print(line(named, score(turning, offices=given.offices, seed=given.seed, model=DEFAULT)))


if __name__ == "__main__":
    main()
