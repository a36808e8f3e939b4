"""How the keypad agrees on a ring at another time, or moves and stops a standing slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from callbridge.domain import moves
from callbridge.domain.appointments import call_back_at
from callbridge.domain.call import Asking, Call, Choice, Ending, Later, Stage
from callbridge.domain.events import Event, Keyed, World
from callbridge.domain.facts import RingAsked, SlotMoved, SlotStopped
from callbridge.domain.moves import Move
from callbridge.domain.reach import Reach
from callbridge.domain.windows import instant

# The key that asks for another time, wherever it is not the answer to something else.
KEY = "5"
ASKED = frozenset({Asking.LATER, Asking.WHEN, Asking.DAY, Asking.HOUR, Asking.CONFIRM})
# Where `KEY` (or 2, at the greeting of a ring that nobody waited for) asks for another time.
OPEN_TO = frozenset({Asking.GO_ON, Asking.CONNECT, Asking.NEXT_TARGET, Asking.OTHER_OFFICE})

SNOOZES = (("1", "quarter", 900), ("2", "hour", 3600))
MORNING, AFTERNOON = 10 * 60, 14 * 60
_LATEST_START = 16 * 60
_WEEK = timedelta(days=7)
_EVERY_DAY = "6"
_HALF_DAY = 12 * 60


def wants_reach(call: Call, event: Event) -> bool:
    """Tell whether the flow will want to know when this supporter may be rung."""
    if not isinstance(event, Keyed) or not call.ringable:
        return False
    return call.asking in ASKED or (call.asking in OPEN_TO and event.digits in {"2", KEY})


def ask_later(call: Call, world: World) -> Move:
    """Offer to ring again soon, or at another time; a standing slot can be moved and stopped."""
    if world.reach is None:
        return moves.wrong(call)
    soon = [
        Choice(key=key, value=str(seconds), words=words)
        for key, words, seconds in SNOOZES
        if world.reach.allows(world.now + timedelta(seconds=seconds))
    ]
    rest = ("move", "stop") if call.slot else ("when",)
    lines = [Choice(key=str(key), value=words, words=words) for key, words in enumerate(rest, 3)]
    today = world.now.astimezone(ZoneInfo(world.reach.zone)).date()
    later = Later(zone=world.reach.zone, today=today, back=Asking.GO_ON)
    asked = moves.ask(call, Stage.GREETING, Asking.LATER, "thanks")
    return replace(asked, menu=(*soon, *lines), later=later), ()


def ask_when(call: Call, world: World, *lead: str) -> Move:
    """Offer a few times and an hour of one's own; when offices are closed, their opening first."""
    reach = world.reach
    if reach is None:
        return moves.wrong(call)
    local = world.now.astimezone(ZoneInfo(reach.zone))
    later = Later(zone=reach.zone, today=local.date(), back=_back(call))
    lines = [
        Choice(key=key, value=at.isoformat(), words=words)
        for key, words, at in _times(local, reach)
        if reach.allows(at)
    ]
    asked = moves.ask(call, call.stage, Asking.WHEN, *(lead or ("thanks",)))
    own = Choice(key="6", value="", words="own")
    return replace(asked, later=later, menu=(*lines, own)), ()


def ask_opening(call: Call, world: World) -> Move:
    """Propose the moment when offices open; without one, offer other times."""
    reach = world.reach
    if reach is None:
        return moves.wrong(call)
    zones = {target.offices[0].zone for target in call.targets if target.offices}
    at = reach.offices_open(zones, now=world.now, recess=world.recess) if zones else None
    if at is None or at <= world.now:
        return ask_when(call, world)
    today = world.now.astimezone(ZoneInfo(reach.zone)).date()
    proposed = Later(zone=reach.zone, today=today, back=_back(call), at=at, opening=True)
    return _propose(call, proposed)


def press(call: Call, digits: str, world: World) -> Move:
    """Return where a key takes a call that is agreeing on another time."""
    if digits == "#" and call.asking is not Asking.HOUR and call.later is not None:
        return replace(moves.ask(call, call.stage, call.later.back, "thanks"), later=None), ()
    if digits == "*" and call.asking is not Asking.CONFIRM:
        return replace(call, lead=("again",)), ()
    match call.asking:
        case Asking.LATER:
            return _later(call, digits, world)
        case Asking.WHEN:
            return _when(call, digits)
        case Asking.DAY:
            return _day(call, digits)
        case Asking.HOUR:
            return _hour(call, digits, world)
        case _:
            return _confirm(call, digits, world)


def _times(local: datetime, reach: Reach) -> Iterator[tuple[str, str, datetime]]:
    today = local.date()
    tomorrow = today + timedelta(days=1)
    minute = local.hour * 60 + local.minute
    yield "1", "hour", local + timedelta(hours=1)
    if minute < _LATEST_START - 60:
        soon = AFTERNOON if minute < AFTERNOON - 60 else _LATEST_START
        yield "2", "afternoon", instant(today, soon, reach.zone)
    yield "3", "tomorrow_morning", instant(tomorrow, MORNING, reach.zone)
    yield "4", "tomorrow_afternoon", instant(tomorrow, AFTERNOON, reach.zone)
    yield "5", "next_week", instant(today + _WEEK, minute, reach.zone)


def _later(call: Call, digits: str, world: World) -> Move:
    choice = _choice(call, digits)
    if choice is None or call.later is None:
        return moves.wrong(call)
    match choice.value:
        case "when":
            return ask_when(call, world)
        case "move":
            moving = replace(call, later=replace(call.later, moving=True, days=call.slot))
            one_day = len(call.slot) == 1
            asking = Asking.DAY if one_day else Asking.HOUR
            return moves.ask(moving, call.stage, asking, "thanks"), ()
        case "stop":
            stopped, _ = moves.stop(call, Ending.FINISHED, "slot_stopped")
            return stopped, (SlotStopped(),)
        case seconds:
            return moves.ring_back(call, int(seconds))


def _when(call: Call, digits: str) -> Move:
    choice = _choice(call, digits)
    if choice is None or call.later is None:
        return moves.wrong(call)
    if not choice.value:
        return moves.ask(call, call.stage, Asking.HOUR, "thanks"), ()
    return _propose(call, replace(call.later, at=datetime.fromisoformat(choice.value)))


def _day(call: Call, digits: str) -> Move:
    if call.later is None or digits not in set("123456"):
        return moves.wrong(call)
    days = call.slot if digits == _EVERY_DAY else (int(digits) - 1,)
    moved = replace(call, later=replace(call.later, days=days))
    return moves.ask(moved, call.stage, Asking.HOUR, "thanks"), ()


def _hour(call: Call, digits: str, world: World) -> Move:
    later, reach = call.later, world.reach
    if later is None or reach is None:
        return moves.wrong(call)
    fitting = [
        (at, minute)
        for minute in read_clock(digits)
        if reach.allows(at := _next(world.now, minute, reach.zone))
    ]
    if not fitting:
        return moves.wrong(call, "hour_not_fitting")
    at, minute = min(fitting)
    if later.moving:
        return _propose(call, replace(later, minute=minute))
    return _propose(call, replace(later, at=at))


def _next(now: datetime, minute: int, zone: str) -> datetime:
    slot = call_back_at(now, minute=minute, zone=zone).slot
    return instant(slot.day, slot.minute, zone)


def read_clock(digits: str) -> tuple[int, ...]:
    """Return the minutes of a day that keyed digits can mean: 2 or 230 in both halves of the day.

    A zero in front, or an hour past twelve, says that the day has twenty-four hours: 0230, 14.
    """
    hours, minutes = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        return ()
    minute = int(hours) * 60 + int(minutes)
    if digits.startswith("0") or int(hours) > 12:
        return (minute,)
    return (minute % _HALF_DAY, minute % _HALF_DAY + _HALF_DAY)


def _propose(call: Call, later: Later) -> Move:
    asked = moves.ask(call, call.stage, Asking.CONFIRM, "thanks")
    return replace(asked, later=later), ()


def _confirm(call: Call, digits: str, world: World) -> Move:
    later = call.later
    if later is None:
        return moves.wrong(call)
    if digits == "*":
        if later.moving:
            return moves.ask(call, call.stage, Asking.HOUR, "thanks"), ()
        return ask_when(call, world)
    if digits != "1":
        return moves.wrong(call)
    if later.moving and later.minute is not None:
        moved, _ = moves.stop(call, Ending.RING_BACK, "slot_moved")
        return moved, (SlotMoved(days=later.days, minute=later.minute),)
    if later.at is None:
        return moves.wrong(call)
    agreed, _ = moves.stop(call, Ending.RING_BACK, "ring_back_at")
    return agreed, (RingAsked(at=later.at, opening=later.opening),)


def _back(call: Call) -> Asking:
    return call.later.back if call.later is not None else call.asking


def _choice(call: Call, digits: str) -> Choice | None:
    return next((one for one in call.menu if one.key == digits), None)
