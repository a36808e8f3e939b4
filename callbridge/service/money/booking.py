"""Books what calls cost once they are over: by our prices at once, by the carrier's when known."""

from __future__ import annotations

from datetime import datetime, timedelta

from callbridge.domain.budget import Booked, Booking, Unbooked, cost_of, day_of, micros, scopes_of
from callbridge.domain.telephony import CarrierCall, CarrierStatus
from callbridge.errors import CarrierError
from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.money.ceilings import LOCK

_log = log(__name__)

AT_ONCE = 200
ROUNDS = 10
# A carrier prices a call some time after its end; what it has not priced by then it never does.
FIRST_ASK = timedelta(minutes=5)
ASK_AGAIN = timedelta(minutes=30)
LAST_ASK = timedelta(days=2)
_ASKED_AT_ONCE = 50


def book_ended(ctx: Context, *, rounds: int = ROUNDS) -> int:
    """Book calls that are over by our own prices; return how many."""
    done = 0
    for _ in range(rounds):
        with ctx.store.reading() as unit:
            if not unit.budget.unbooked(most=1):
                return done
        with ctx.store.writing() as unit:
            # Nobody judges a ceiling between what was held going and what it cost coming.
            unit.guards.lock(LOCK)
            found = unit.budget.unbooked(most=AT_ONCE)
            costs = [(one, _cost(ctx, one)) for one in found]
            unit.budget.book(_booking(one, cost, calls=1) for one, cost in costs)
            ask = ctx.clock.now() + FIRST_ASK
            unit.budget.booked(
                [
                    Booked(call=one.call, micros=cost, ask_at=ask if one.sid and cost else None)
                    for one, cost in costs
                ]
            )
        done += len(found)
        if len(found) < AT_ONCE:
            # What ended meanwhile is left for the next time: one by one it costs far more.
            break
    return done


def ask_prices(ctx: Context) -> int:
    """Ask the carrier what calls really cost and correct what was booked; return how many."""
    if ctx.carrier is None:
        return 0
    now = ctx.clock.now()
    with ctx.store.reading() as unit:
        found = unit.budget.unpriced(now=now, most=_ASKED_AT_ONCE)
    return sum(_ask(ctx, one, booked, now) for one, booked in found)


def _ask(ctx: Context, one: Unbooked, booked: int, now: datetime) -> bool:
    if ctx.carrier is None or one.sid is None:
        return False
    try:
        leg = ctx.carrier.fetch(one.sid)
        children = ctx.carrier.children(one.sid)
    except CarrierError as trouble:
        _log.warning("cannot_ask_price", call=one.call, type=trouble.type)
        return False
    with ctx.store.reading() as unit:
        # The line of a shift has the legs of each of its conversations; those have been booked.
        others = unit.budget.of_others(one.call, [child.sid for child in children])
    own = [child for child in children if child.sid not in others]
    price = _price([leg, *own]) if leg is not None else None
    again = now + ASK_AGAIN if price is None and now - one.created < LAST_ASK else None
    cost = booked if price is None else price
    with ctx.store.writing() as unit:
        unit.guards.lock(LOCK)
        if not unit.budget.price_asked(one.call, cost=cost, again=again):
            return False
        if cost != booked:
            unit.budget.book([_booking(one, cost - booked, calls=0)])
    return price is not None


def _price(legs: list[CarrierCall]) -> int | None:
    """Return what all legs cost together, None while one that was answered has no price."""
    answered = [leg for leg in legs if leg.status is CarrierStatus.COMPLETED]
    if any(leg.price is None for leg in answered):
        return None
    return micros(sum(leg.price or 0.0 for leg in legs))


def _cost(ctx: Context, one: Unbooked) -> int:
    return cost_of(
        one.cost,
        minute=ctx.settings.minute_price,
        office_minute=ctx.settings.office_minute_price,
    )


def _booking(one: Unbooked, cost: int, *, calls: int) -> Booking:
    scopes = scopes_of(slug=one.slug, drive=one.drive, area=one.area)
    return Booking(scopes=scopes, day=day_of(one.created), micros=cost, calls=calls)
