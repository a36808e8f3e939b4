"""What the link of a ring shows, and does: move, skip the next, stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from callbridge.domain.appointments import Appointment, Weekly, move, next_occurrence, skip
from callbridge.domain.records import AppointmentRecord
from callbridge.errors import AppointmentError, NotFoundError
from callbridge.service.appointments.planning import plan_next
from callbridge.service.appointments.reaching import reach
from callbridge.service.appointments.wishes import Repeat, Wish, check, rule_of
from callbridge.service.context import Context
from callbridge.service.phones import phone_of
from callbridge.service.storage import Unit
from callbridge.service.views import PublishedCampaign
from callbridge.service.worlds import look_up


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentView:
    """An appointment as its page shows it; nothing of it tells whose number it is.

    `days` are empty for a single ring. `following` is the next ring, None when there is none;
    `skipped` the days that were called off and are still to come.
    """

    token: str
    campaign: PublishedCampaign
    zone: str
    today: date
    following: datetime | None
    opening: bool
    days: Sequence[int]
    minute: int | None
    skipped: Sequence[date]
    ended: bool
    reason: str | None


def view(ctx: Context, token: str) -> AppointmentView:
    """Return an appointment by its link. Raises NotFoundError."""
    now = ctx.clock.now()
    with ctx.store.reading() as unit:
        record = _get(unit, token)
        published = ctx.shelf.find(unit, record.slug)
    rule = record.rule
    today = now.astimezone(ZoneInfo(rule.zone)).date()
    after = now if record.planned is None or record.planned < now else record.planned
    following = record.planned
    if following is None or following <= now:
        following = next_occurrence(rule, after=after)
    weekly = rule if isinstance(rule, Weekly) else None
    return AppointmentView(
        token=record.token,
        campaign=published,
        zone=rule.zone,
        today=today,
        following=None if record.ended else following,
        opening=record.opening,
        days=sorted(weekly.days) if weekly else (),
        minute=weekly.minute if weekly else None,
        skipped=sorted(day for day in weekly.skipped if day >= today) if weekly else (),
        ended=record.ended is not None,
        reason=record.reason,
    )


def link_of_call(ctx: Context, call: str) -> str | None:
    """Return the token of the ring that was agreed on in a call, or that rang it; None without."""
    with ctx.store.reading() as unit:
        record = unit.appointments.asked_in(call) or unit.appointments.of_call(call)
    return record.token if record and not record.ended else None


def stop(ctx: Context, token: str) -> None:
    """Ring no more. Raises NotFoundError."""
    with ctx.store.writing() as unit:
        record = _get(unit, token, lock=True)
        unit.appointments.end([record.id], at=ctx.clock.now(), reason="stopped")


def skip_next(ctx: Context, token: str) -> None:
    """Leave the next ring of a standing slot out. Raises NotFoundError."""
    with ctx.store.writing() as unit:
        record = _open(unit, token)
        rule = record.rule
        if not isinstance(rule, Weekly) or record.planned is None:
            raise AppointmentError("There is no next call to skip.")
        day = record.planned.astimezone(ZoneInfo(rule.zone)).date()
        _replan(ctx, unit, record, skip(rule, day))


def move_to(ctx: Context, token: str, wish: Wish, *, days: frozenset[int] | None = None) -> None:
    """Ring at another time: a single ring by its day, a slot on other `days` (0 is Monday).

    Raises NotFoundError and AppointmentError.
    """
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        record = _open(unit, token)
        campaign = ctx.shelf.find(unit, record.slug).campaign
        phone = phone_of(ctx, record)
        if phone is None:
            raise NotFoundError("This number is not kept any more.")
        place, _ = look_up(ctx, record.zip, now)
        when = reach(campaign, place, phone)
        if isinstance(record.rule, Weekly):
            if not days or wish.minute is None:
                raise AppointmentError("Please choose a day and a time.")
            rule: Appointment = move(record.rule, minute=wish.minute, days=days)
            check(rule, when, now)
        else:
            rule = rule_of(replace(wish, repeat=Repeat.ONCE), when, now)
        _replan(ctx, unit, record, rule)


def _replan(ctx: Context, unit: Unit, record: AppointmentRecord, rule: Appointment) -> None:
    unit.appointments.change(record.id, rule=rule)
    waiting = unit.appointments.unplan(record.id, reason="moved")
    again = unit.appointments.get(record.id)
    if waiting and again is not None:
        plan_next(ctx, unit, replace(again, opening=False), missed=record.missed)


def _get(unit: Unit, token: str, *, lock: bool = False) -> AppointmentRecord:
    record = unit.appointments.by_token(token, lock=lock)
    if record is None:
        raise NotFoundError("There is no such appointment. The link may be incomplete or old.")
    return record


def _open(unit: Unit, token: str) -> AppointmentRecord:
    record = _get(unit, token, lock=True)
    if record.ended is not None:
        raise AppointmentError("These calls have ended.")
    return record
