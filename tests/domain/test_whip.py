"""Where a member stands: by hand for easy cases, and against worlds whose truth is known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.whip import AS_ASSUMED, BROKEN, HEAD, PLAIN, World, line, score
from callbridge.domain.survey import Meaning
from callbridge.domain.whip import DayCount, Estimate, estimate, pile, posterior, supporting
from callbridge.domain.whip_model import DEFAULT, SCALE, Model, beta_cdf, grid, heard, said
from tests.source import ROOT

TODAY = date(2026, 11, 17)
S, LS, U, LO, O = SCALE  # noqa: E741 - the scale from one end to the other


def told(*reports: tuple[Meaning, int], model: Model = DEFAULT) -> Estimate:
    """Estimate from (meaning, days ago) in the order they came."""
    days = [
        DayCount(
            day=TODAY - timedelta(days=age),
            meaning=meaning,
            count=1,
            last=datetime.combine(TODAY - timedelta(days=age), time(12, place), UTC),
        )
        for place, (meaning, age) in enumerate(reports)
    ]
    return estimate(pile(days, today=TODAY, model=model), model=model)


def today(*reports: Meaning) -> Estimate:
    """Estimate from reports of today."""
    return told(*((meaning, 0) for meaning in reports))


def test_without_a_report_no_position_is_shown() -> None:
    found = today()
    assert (found.n, found.position, found.probability, found.last) == (0, None, None, None)
    assert found.interval[1] - found.interval[0] > 0.9


def test_would_not_say_is_counted_and_informs_nothing() -> None:
    silent = today(*[Meaning.WOULD_NOT_SAY] * 5)
    assert silent.answers == {Meaning.WOULD_NOT_SAY: 5}
    assert (silent.n, silent.position, silent.interval) == (0, None, today().interval)
    mixed, plain = today(S, Meaning.WOULD_NOT_SAY), today(S)
    assert mixed.answers == {S: 1, Meaning.WOULD_NOT_SAY: 1}
    assert (mixed.n, mixed.probability, mixed.interval) == (1, plain.probability, plain.interval)


def test_reports_that_agree_make_it_surer() -> None:
    sure = [today(*[S] * count).probability or 0.0 for count in (1, 2, 3, 5, 10)]
    assert sure == sorted(sure)
    assert sure[0] < 0.7 < sure[1]
    widths = [high - low for low, high in (today(*[S] * n).interval for n in (1, 2, 5, 20))]
    assert widths == sorted(widths, reverse=True)


def test_both_sides_are_treated_alike() -> None:
    for meaning, mirror in zip(SCALE, reversed(SCALE), strict=True):
        one, other = today(meaning, S, U), today(mirror, O, U)
        assert one.probabilities[S] == pytest.approx(other.probabilities[O])


@pytest.mark.parametrize("older", [1, 2, 3, 5])
@pytest.mark.parametrize("age", [0, 10, 60, 365])
def test_a_single_report_flips_nobody(older: int, age: int) -> None:
    found = told(*[(S, age)] * older, (O, 0))
    assert found.position is S
    assert found.probability == found.probabilities[S]


def test_what_is_held_back_is_said() -> None:
    found = told((S, 60), (S, 60), (O, 0))
    assert (found.position, found.held) == (S, O)
    again = told((S, 60), (S, 60), (O, 0), (O, 0))
    assert (again.position, again.held) == (O, None)


@given(
    st.lists(st.tuples(st.sampled_from(SCALE), st.integers(0, 90)), min_size=1, max_size=12),
    st.sampled_from(SCALE),
)
def test_one_report_more_moves_nobody_from_one_side_to_the_other(
    before: list[tuple[Meaning, int]], new: Meaning
) -> None:
    first, second = told(*before), told(*before, (new, 0))
    if first.held or _level(first):
        return  # already between the sides: then the next report may settle it
    assert {first.position, second.position} & {S, LS} == set() or (
        {first.position, second.position} & {LO, O} == set()
    )


def _level(found: Estimate) -> bool:
    best = sorted(found.probabilities.values())
    return best[-1] - best[-2] < 1e-6


def test_recent_reports_weigh_more() -> None:
    assert told((S, 40), (S, 40), (O, 0), (O, 0)).position is O
    assert told((S, 0), (S, 0), (O, 40), (O, 40)).position is S
    assert DEFAULT.weight(21) == pytest.approx(0.5)
    assert DEFAULT.weight(-3) == 1.0
    assert replace(DEFAULT, half_life_days=None).weight(1000) == 1.0


def test_conflict_and_spread_show_disagreement() -> None:
    assert (today(S, S, LS).conflict, today(S, O).conflict) == (0.0, 1.0)
    assert today(S, S).spread == 0.0
    assert today(S, O).spread == 2.0
    assert today(U, U).conflict == 0.0


def test_probabilities_add_up_to_one_and_the_interval_lies_in_the_scale() -> None:
    rng = Random(3)
    for _ in range(200):
        found = today(*rng.choices(SCALE, k=rng.randint(0, 40)))
        assert sum(found.probabilities.values()) == pytest.approx(1)
        low, high = found.interval
        assert 0 <= low <= found.share <= high <= 1


def test_a_great_many_reports_leave_a_narrow_interval_around_the_truth() -> None:
    # Of 60 % supporting answers, 20 % wrong reports leave 0.1 + 0.75 * 0.6 = 55 %.
    share, (low, high) = supporting(11_000.0, 9_000.0)
    assert share == pytest.approx(0.6, abs=0.005)
    assert low < 0.6 < high < low + 0.03


def test_the_worked_example_of_the_documentation_comes_out() -> None:
    model = Model()
    assert [round(share, 4) for share in said(model)[0]] == [0.7507, 0.1877, 0.0469, 0.0117, 0.0029]
    assert [round(one, 2) for one in heard(model)[0]] == [10.37, 3.23, 1.44, 0.99, 0.88]
    assert [round(one, 2) for one in heard(model)[2]] == [1.07, 2.25, 6.97, 2.25, 1.07]
    found = posterior({S: 2.0, O: 1.0})
    assert {m.value: round(p, 2) for m, p in found.items()} == EXAMPLE
    example = today(S, S, O)
    assert (example.n, example.position) == (3, S)
    assert [round(edge, 2) for edge in example.interval] == [0.16, 1.0]


EXAMPLE = {
    "supports": 0.73,
    "leans-supports": 0.08,
    "undecided": 0.03,
    "leans-opposes": 0.04,
    "opposes": 0.12,
}


def test_the_incomplete_beta_function_is_right_where_it_is_known() -> None:
    # I_x(1, 1) = x; I_x(2, 3) = 6x² - 8x³ + 3x⁴; I_x(a, b) = 1 - I_(1-x)(b, a).
    for x in (0.01, 0.2, 0.5, 0.9):
        assert beta_cdf(x, 1, 1) == pytest.approx(x)
        assert beta_cdf(x, 2, 3) == pytest.approx(6 * x**2 - 8 * x**3 + 3 * x**4)
        assert beta_cdf(x, 0.1, 5.9) == pytest.approx(1 - beta_cdf(1 - x, 5.9, 0.1))
    assert sum(grid(DEFAULT).mass) == pytest.approx(1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"prior": (0.5, 0.5)},
        {"prior": (0.5, 0.5, 0.5, 0.5, 0.5)},
        {"falloff": 1.0},
        {"error": 0.8},
        {"level": 1.0},
        {"half_life_days": 0.0},
    ],
)
def test_a_model_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        replace(DEFAULT, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "offices", [2_000, pytest.param(40_000, marks=pytest.mark.nightly)], ids=str
)
def test_intervals_hold_what_they_promise_in_worlds_like_the_prior(offices: int) -> None:
    for seed in (1, 2):
        found = score(AS_ASSUMED, offices=offices, seed=seed)
        print(line(AS_ASSUMED, found))  # noqa: T201 - the figures are the point
        assert 88 <= found.covered <= 92
        assert found.right > found.majority
        assert abs(found.believed - found.right) < 5


# What 5,000 drawn offices may differ from the documentation's 6,000 by chance: three sigmas.
BY_CHANCE = 3.0
TURNING = BROKEN[-1]


def documented(name: str) -> tuple[float, float, float, float]:
    """Return a row of the documentation's tables: covered, right, believed and majority."""
    page = (ROOT / "docs" / "whip.md").read_text(encoding="utf-8")
    row = next(row for row in page.splitlines() if row.startswith(f"| {name} |"))
    covered, right, believed, majority = re.findall(r"([\d.]+) %", row.removeprefix(f"| {name}"))
    return float(covered), float(right), float(believed), float(majority)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("world", "model", "name"),
    [
        *(pytest.param(world, PLAIN, world.name, id=world.name) for world in BROKEN),
        pytest.param(TURNING, DEFAULT, f"{TURNING.name}, half-life 21 days", id="half-life"),
    ],
)
def test_where_the_assumptions_fail_the_documentation_says_how_far(
    world: World, model: Model, name: str
) -> None:
    found = score(world, offices=5_000, seed=1, model=model)
    print(f"{HEAD}\n{line(world, found)}")  # noqa: T201 - see above
    figures = (found.covered, found.right, found.believed, found.majority)
    assert figures == pytest.approx(documented(name), abs=BY_CHANCE)
    # Only where an office turned round does counting heads do better, unless old reports fade.
    without_fading = world is TURNING and model is PLAIN
    assert (found.right > found.majority) is not without_fading
