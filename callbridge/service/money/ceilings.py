"""Keeps calls under their ceilings: holds a sum for each, and says which ceiling is reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from callbridge.domain.budget import (
    EVERYTHING,
    Ceiling,
    Period,
    Spending,
    Spent,
    day_of,
    judge,
    micros,
    scopes_of,
)
from callbridge.errors import BudgetError, NotFoundError, RefusedError
from callbridge.service.context import Context
from callbridge.service.storage import Unit
from callbridge.settings import Settings

# One place where claims of every door and drive come by one after another.
LOCK = "budget"
AREA = "area:"
DRIVE = "drive:"


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingView:
    """A scope's ceiling with what is spent and held of it; `spent` when no call fits any more."""

    scope: str
    ceiling: Ceiling
    spending: Spending
    spent: Spent | None


def area_of(phone: str) -> str | None:
    """Return a number's area code; None for one that is not of the North American plan."""
    return phone[2:5] if phone.startswith("+1") and len(phone) == 12 else None


def hold(
    ctx: Context, unit: Unit, attempt: int, *, slug: str, phone: str, drive: str | None = None
) -> Spent | None:
    """Hold what a call may cost, and say which ceiling that passes, None when it passes none.

    Whoever holds waits here for whoever held before, until that transaction has ended: so no two
    take the last of a ceiling. To be called after every other guard, for the lock is everybody's.
    """
    unit.guards.lock(LOCK)
    area = area_of(phone)
    unit.budget.hold(attempt, micros=_held(ctx.settings), slug=slug, area=area)
    ceilings = _ceilings(ctx, unit, scopes_of(slug=slug, drive=drive, area=area))
    if not ceilings:
        return None
    day = day_of(ctx.clock.now())
    return judge(ceilings, unit.budget.spending(tuple(ceilings), day=day))


def in_the_way(
    ctx: Context, unit: Unit, *, slug: str, phone: str, drive: str | None = None
) -> Spent | None:
    """Say which ceiling one more call would pass, None when it passes none.

    To be asked before there is an attempt. Takes the lock that `hold` takes, for both are to be
    of one moment.
    """
    unit.guards.lock(LOCK)
    scopes = scopes_of(slug=slug, drive=drive, area=area_of(phone))
    ceilings = _ceilings(ctx, unit, scopes)
    spending = unit.budget.spending(tuple(ceilings), day=day_of(ctx.clock.now()))
    next_call = _held(ctx.settings)
    return judge(ceilings, {one: _and_one(spending[one], next_call) for one in ceilings})


def check_start(ctx: Context, unit: Unit, attempt: int, *, slug: str, phone: str) -> None:
    """Hold what a call asked for on a page may cost. Raises BudgetError; nothing is kept then."""
    spent = hold(ctx, unit, attempt, slug=slug, phone=phone)
    if spent is None:
        return
    if spent.period is Period.DAY:
        raise BudgetError(
            "We have made all the calls that we can pay for today. Thank you for wanting to"
            " call! Please come back tomorrow, or dial your office yourself."
        )
    raise BudgetError(
        "We have made all the calls that we can pay for. Thank you for wanting to call!"
        " Please dial your office yourself."
    )


def views(ctx: Context) -> list[CeilingView]:
    """Return every ceiling with what is spent of it; all calls together come first, always."""
    with ctx.store.reading() as unit:
        ceilings = {EVERYTHING: Ceiling()} | dict(unit.budget.ceilings())
        ceilings = {scope: _with_settings(ctx, scope, one) for scope, one in ceilings.items()}
        spending = unit.budget.spending(tuple(ceilings), day=day_of(ctx.clock.now()))
    next_call = _held(ctx.settings)
    return [
        CeilingView(
            scope=scope,
            ceiling=ceiling,
            spending=spending[scope],
            spent=judge({scope: ceiling}, {scope: _and_one(spending[scope], next_call)}),
        )
        for scope, ceiling in ceilings.items()
        if scope == EVERYTHING or ceiling.any
    ]


def set_ceiling(
    ctx: Context,
    scope: str,
    *,
    by: str,
    day: float | None = None,
    total: float | None = None,
    calls_day: int | None = None,
) -> None:
    """Set what a scope may spend a day and in all, in the carrier's currency; None lifts it.

    Raises NotFoundError for a campaign or drive that is not there, RefusedError for an amount or
    a scope that is none. Written into the audit.
    """
    ceiling = Ceiling(
        day=None if day is None else _amount(day),
        total=None if total is None else _amount(total),
        calls_day=calls_day,
    )
    if calls_day is not None and calls_day < 0:
        raise RefusedError("Write a number of calls from 0 up.")
    with ctx.store.writing() as unit:
        _check_scope(unit, scope)
        unit.guards.lock(LOCK)
        unit.budget.set_ceiling(scope, ceiling)
        about = f"{scope} day={day} total={total} calls_day={calls_day}"
        unit.audit.note(who=by, what="budget.set", about=about, at=ctx.clock.now())


def set_drive_total(
    ctx: Context, unit: Unit, drive: str, total: float | None, *, by: str | None
) -> None:
    """Set what a drive may spend in all; its other ceilings stay. Raises RefusedError."""
    scope = f"{DRIVE}{drive}"
    unit.guards.lock(LOCK)
    before = unit.budget.ceilings((scope,)).get(scope, Ceiling())
    after = replace(before, total=None if total is None else _amount(total))
    if after != before:
        unit.budget.set_ceiling(scope, after)
        about = f"{scope} total={total}"
        unit.audit.note(who=by or "somebody", what="budget.set", about=about, at=ctx.clock.now())


def of_drive(ctx: Context, unit: Unit, drive: str) -> tuple[Ceiling, Spending]:
    """Return a drive's own ceiling and what is spent of it."""
    scope = f"{DRIVE}{drive}"
    ceiling = unit.budget.ceilings((scope,)).get(scope, Ceiling())
    return ceiling, unit.budget.spending((scope,), day=day_of(ctx.clock.now()))[scope]


def _check_scope(unit: Unit, scope: str) -> None:
    kind, _, name = scope.partition(":")
    match kind:
        case "campaign" if unit.campaigns.get(name) is None:
            raise NotFoundError(f"There is no campaign {name!r}.")
        case "drive" if unit.drives.get(name) is None:
            raise NotFoundError(f"There is no drive {name!r}.")
        case "area" if not (len(name) == 3 and name.isascii() and name.isdigit()):
            raise RefusedError("An area code has three digits.")
        case "campaign" | "drive" | "area":
            return
        case _ if scope != EVERYTHING:
            raise RefusedError("A budget is of all calls, a campaign, a drive or an area code.")


def _amount(value: float) -> int:
    if not 0 <= value < 1e9:
        raise RefusedError("Write an amount from 0 up, such as 25 or 12.50.")
    return micros(value)


def _ceilings(ctx: Context, unit: Unit, scopes: Iterable[str]) -> Mapping[str, Ceiling]:
    wanted = tuple(scopes)
    set_ = unit.budget.ceilings(wanted)
    found = {one: _with_settings(ctx, one, set_.get(one, Ceiling())) for one in wanted}
    return {scope: ceiling for scope, ceiling in found.items() if ceiling.any}


def _with_settings(ctx: Context, scope: str, ceiling: Ceiling) -> Ceiling:
    """Return a ceiling with the settings' own where none was set."""
    settings = ctx.settings
    if scope == EVERYTHING:
        return Ceiling(
            day=_first(ceiling.day, settings.budget_day),
            total=_first(ceiling.total, settings.budget_total),
            calls_day=ceiling.calls_day,
        )
    if scope.startswith(AREA):
        limit = settings.limit_area_day
        return Ceiling(
            day=_first(ceiling.day, settings.budget_area_day),
            total=ceiling.total,
            calls_day=ceiling.calls_day if ceiling.calls_day is not None else limit,
        )
    return ceiling


def _first(set_: int | None, setting: float | None) -> int | None:
    if set_ is not None:
        return set_
    return None if setting is None else micros(setting)


def _held(settings: Settings) -> int:
    """Return what is held for a call: both its legs for BUDGET_HOLD_MINUTES."""
    minute = settings.minute_price + settings.office_minute_price
    return micros(settings.budget_hold_minutes * minute)


def _and_one(found: Spending, held: int) -> Spending:
    return Spending(
        day=found.day,
        total=found.total,
        held=found.held + held,
        calls_day=found.calls_day,
        calls_held=found.calls_held + 1,
    )
