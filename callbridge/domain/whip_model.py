"""The whip model's parameters and what follows from them alone; knows no answer and no member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log

from callbridge.domain.survey import Meaning

# From one end to the other: neighbours here are neighbours in meaning.
SCALE = (
    Meaning.SUPPORTS,
    Meaning.LEANS_SUPPORTS,
    Meaning.UNDECIDED,
    Meaning.LEANS_OPPOSES,
    Meaning.OPPOSES,
)
SUPPORTING = frozenset({Meaning.SUPPORTS, Meaning.LEANS_SUPPORTS})
OPPOSING = frozenset({Meaning.LEANS_OPPOSES, Meaning.OPPOSES})

_EVEN = (0.2, 0.2, 0.2, 0.2, 0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Every number that the estimate rests on; `docs/whip.md` says why each is what it is.

    `prior`: how likely each position is before anybody called, along `SCALE`. `falloff`: an
    office says the next position this much less often than its own. `concentration`: how alike
    offices of one position are (the Dirichlet's total). `error`: the share of reports that name a
    wrong position, any other one alike. `half_life_days`: after so many days a report weighs
    half, None never. `level`: the share of the posterior inside the interval. `bins`: how finely
    the share supporting is cut.
    """

    prior: tuple[float, ...] = _EVEN
    falloff: float = 0.25
    concentration: float = 6.0
    error: float = 0.20
    half_life_days: float | None = 21.0
    level: float = 0.90
    bins: int = 240

    def __post_init__(self) -> None:
        """Refuse what is no model; raise ValueError with a sentence."""
        if len(self.prior) != len(SCALE) or min(self.prior) <= 0 or abs(sum(self.prior) - 1) > 1e-9:
            raise ValueError("the prior needs five shares above 0 that add up to 1")
        if not 0 < self.falloff < 1 or self.concentration <= 0 or self.bins < 2:
            raise ValueError("falloff lies between 0 and 1, concentration above 0, bins above 1")
        if not 0 <= self.error < 0.8 or not 0 < self.level < 1:
            raise ValueError("error lies from 0 to 0.8 (0.8 says nothing), level between 0 and 1")
        if self.half_life_days is not None and self.half_life_days <= 0:
            raise ValueError("a half-life is longer than no time")

    def weight(self, age_days: float) -> float:
        """Return how much a report of this age counts; one from the future counts as of today."""
        if self.half_life_days is None:
            return 1.0
        return float(0.5 ** (max(0.0, age_days) / self.half_life_days))


DEFAULT = Model()


@lru_cache(maxsize=16)
def said(model: Model) -> tuple[tuple[float, ...], ...]:
    """Return, for an office of each position, the mean shares of what its staff says."""
    rows = []
    for own in range(len(SCALE)):
        raw = [model.falloff ** abs(own - other) for other in range(len(SCALE))]
        rows.append(tuple(value / sum(raw) for value in raw))
    return tuple(rows)


@lru_cache(maxsize=16)
def heard(model: Model) -> tuple[tuple[float, ...], ...]:
    """Return, for each position, the Dirichlet of what is reported: mean and spread are exact.

    Wrong reports shrink the shares towards even ones; the Dirichlet with the same means and the
    same total variance stands for the result.
    """
    keep = 1 - model.error * len(SCALE) / (len(SCALE) - 1)
    rows = []
    for shares in said(model):
        seen = [model.error / (len(SCALE) - 1) + keep * share for share in shares]
        before = sum(share * (1 - share) for share in shares)
        after = sum(share * (1 - share) for share in seen)
        total = after * (model.concentration + 1) / (keep**2 * before) - 1
        rows.append(tuple(total * share for share in seen))
    return tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The share supporting, cut into bins: each bin's edge, prior mass, log odds of a report."""

    width: float
    mass: tuple[float, ...]
    log_yes: tuple[float, ...]
    log_no: tuple[float, ...]


@lru_cache(maxsize=16)
def grid(model: Model) -> Grid:
    """Return the prior of the share supporting, and how likely each share makes a report."""
    edges = [index / model.bins for index in range(model.bins + 1)]
    mass = [0.0] * model.bins
    for weight, shares in zip(model.prior, said(model), strict=True):
        yes = model.concentration * _supporting(shares)
        below = [beta_cdf(edge, yes, model.concentration - yes) for edge in edges]
        for index in range(model.bins):
            mass[index] += weight * (below[index + 1] - below[index])
    others = len(SCALE) - 1
    # A wrong report of a supporting answer may still name the other supporting position.
    right = 1 - model.error + model.error * (len(SUPPORTING) - 1) / others
    wrong = model.error * len(SUPPORTING) / others
    middles = [(index + 0.5) / model.bins for index in range(model.bins)]
    odds = [wrong + (right - wrong) * middle for middle in middles]
    return Grid(
        width=1 / model.bins,
        mass=tuple(mass),
        log_yes=tuple(log(one) for one in odds),
        log_no=tuple(log(1 - one) for one in odds),
    )


def _supporting(shares: tuple[float, ...]) -> float:
    return sum(share for share, meaning in zip(shares, SCALE, strict=True) if meaning in SUPPORTING)


def log_evidence(weights: Mapping[Meaning, float], alpha: tuple[float, ...]) -> float:
    """Return the log of a Dirichlet-multinomial's likelihood of weighted reports, up to a constant.

    Fractions of a report are as good as whole ones: the gamma function does not mind.
    """
    total = sum(alpha)
    found = lgamma(total) - lgamma(total + sum(weights.values()))
    for one, meaning in zip(alpha, SCALE, strict=True):
        weight = weights.get(meaning, 0.0)
        if weight:
            found += lgamma(one + weight) - lgamma(one)
    return found


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularized incomplete beta function by its continued fraction (DLMF 8.17.22)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cdf(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    value, c, d = 1.0, 1.0, 0.0
    for step in range(400):
        half = step // 2
        if step == 0:
            term = 1.0
        elif step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + step - 1) * (a + step))
        else:
            term = half * (b - half) * x / ((a + step - 1) * (a + step))
        d = 1 / _away_from_zero(1 + term * d)
        c = _away_from_zero(1 + term / c)
        value *= c * d
        if abs(1 - c * d) < 1e-12:
            break
    return front * (value - 1)


def _away_from_zero(value: float) -> float:
    return value if abs(value) > 1e-30 else 1e-30
