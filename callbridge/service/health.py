"""Which office numbers work, and where the three signals of a leg disagree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from callbridge.domain.board import SignalCount, SignalLine
from callbridge.domain.call import Outcome
from callbridge.domain.health import RULES, NumberHealth, Rules, Trouble, trouble
from callbridge.domain.records import FOREVER
from callbridge.domain.signals import Disagreement, Length, Signals, disagreement
from callbridge.domain.survey import Meaning
from callbridge.errors import NotFoundError
from callbridge.service.context import Context
from callbridge.service.views import PublishedCampaign

DAYS = 60
MOST_LINES = 200
E164 = re.compile(r"\+[1-9]\d{3,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A number with what is suspected of it; None for one that was only confirmed before."""

    number: NumberHealth
    trouble: Trouble | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalBoard:
    """A campaign's legs by their three signals, and those that disagree."""

    campaign: PublishedCampaign
    counts: Sequence[SignalCount]
    disagreements: Sequence[tuple[Disagreement, int]]
    legs: int
    lines: Sequence[SignalLine]
    kind: Disagreement | None


def suspects(ctx: Context, *, rules: Rules = RULES) -> list[Suspect]:
    """Return the numbers in trouble over the last 60 days, all campaigns together; worst first."""
    since = ctx.clock.now().date() - timedelta(days=DAYS)
    with ctx.store.reading() as unit:
        numbers = unit.health.numbers(since=since)
    order = {kind: place for place, kind in enumerate(Trouble)}
    found = [Suspect(number=one, trouble=trouble(one, rules=rules)) for one in numbers]
    listed = [one for one in found if one.trouble or one.number.confirmed]
    return sorted(
        listed,
        key=lambda one: (
            one.number.confirmed is not None,
            order[one.trouble] if one.trouble else len(order),
            one.number.name,
        ),
    )


def confirm_dead(ctx: Context, phone: str, *, who: str) -> None:
    """Let a number rest for every campaign until it is lifted. Raises NotFoundError."""
    with ctx.store.writing() as unit:
        if not E164.fullmatch(phone) or not unit.health.dialled(phone):
            raise NotFoundError("No campaign has dialled that number.")
        unit.health.confirm(phone, who=who, at=ctx.clock.now())
        unit.offices.rest(phone, FOREVER)


def lift(ctx: Context, phone: str) -> None:
    """Let a number be dialled again. Raises NotFoundError when it was not resting."""
    with ctx.store.writing() as unit:
        if not E164.fullmatch(phone) or not unit.health.lift(phone):
            raise NotFoundError("That number was not resting.")
        unit.offices.wake(phone)


def signal_board(ctx: Context, slug: str, *, kind: Disagreement | None = None) -> SignalBoard:
    """Return where the carrier, the seconds and the keypad disagree. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        unit.analysis.freeze()
        published = ctx.shelf.find(unit, slug)
        counts = unit.figures.signals(slug)
        # What no leg shows is not looked for.
        told = [(_signals(one), one.count) for one in counts]
        wanted = [one for one, _ in told if (found := disagreement(one)) and kind in {None, found}]
        lines = unit.disagreeing.newest(slug, wanted, most=MOST_LINES)
    totals = dict.fromkeys(Disagreement, 0)
    for one, count in told:
        found = disagreement(one)
        if found is not None:
            totals[found] += count
    return SignalBoard(
        campaign=published,
        counts=sorted(counts, key=lambda one: -one.count),
        disagreements=list(totals.items()),
        legs=sum(one.count for one in counts),
        lines=lines,
        kind=kind,
    )


def _signals(one: SignalCount) -> Signals:
    return Signals(
        outcome=Outcome(one.outcome) if one.outcome else None,
        length=Length(one.length),
        reported=Meaning(one.reported) if one.reported else None,
    )
