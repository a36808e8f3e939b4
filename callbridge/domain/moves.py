"""Where a call goes next, move by move; which event leads to which move is `flow`'s business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from callbridge.domain import locating, targets
from callbridge.domain.call import Asking, Call, Ending, Leg, Outcome, Shift, Stage, Target
from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Office, Place, ZipKind
from callbridge.domain.events import OfficeState, World
from callbridge.domain.facts import (
    CallEnded,
    Fact,
    LegStarted,
    LegWithdrawn,
    RingBackAsked,
    TargetSkipped,
    TargetsSettled,
)
from callbridge.domain.survey import Meaning

Move = tuple[Call, tuple[Fact, ...]]

MOST_TRIES = 3
RING_BACK_SECONDS = 60
BREAK_SECONDS = 900
UNSUCCESSFUL = frozenset({Outcome.BUSY, Outcome.NO_ANSWER, Outcome.FAILED})
UNHEARD = frozenset({Meaning.MAILBOX_FULL, Meaning.NOBODY, Meaning.WRONG_NUMBER})
_KIND_LEADS: Mapping[ZipKind, str] = {
    ZipKind.PO_BOX: "zip_only_mail",
    ZipKind.ORGANIZATION: "zip_one_organization",
}


def ask(call: Call, stage: Stage, asking: Asking, *lead: str) -> Call:
    """Stand at a new question, with no tries spent and `lead` said first."""
    return replace(
        call, stage=stage, asking=asking, lead=lead, tries=0, branch=None, read_back=False, menu=()
    )


def again(call: Call) -> Move:
    """Say the same once more, as asked."""
    return replace(call, lead=("again",), branch=None, read_back=False), ()


def wrong(call: Call, *lead: str) -> Move:
    """Count a key that does nothing here; after three say a kind goodbye."""
    if call.tries + 1 >= MOST_TRIES:
        return stop(call, Ending.SILENT, "stopped")
    words = lead or ("again",)
    return replace(call, tries=call.tries + 1, lead=words, read_back=False), ()


def stop(call: Call, ending: Ending, *lead: str) -> Move:
    """Say `lead` and hang up; what was answered is kept."""
    return replace(call, asking=Asking.NOTHING, ending=ending, lead=lead, menu=()), ()


def end(call: Call, ending: Ending) -> Move:
    """End the call; where it stood stays readable for a key that is still on its way."""
    final = call.ending or ending
    return replace(call, stage=Stage.ENDED, ending=final), (CallEnded(ending=final),)


def place_known(call: Call, place: Place) -> Call:
    """Take over a ZIP and its city."""
    return replace(call, zip=place.zip, city=place.city)


def locate(call: Call, campaign: Campaign, world: World, *lead: str) -> Move:
    """Ask what is still unclear about the place, or settle the targets and brief."""
    place = world.place
    if locating.needs_zip(campaign) and place is None:
        return ask(call, Stage.LOCATING, Asking.ZIP, *(lead or ("thanks",))), ()
    if place is not None:
        call = place_known(call, place)
        match locating.open_question(campaign, call, place):
            case Asking.HOME_ZIP:
                why = _KIND_LEADS.get(place.kind, "zip_no_streets")
                return ask(call, Stage.LOCATING, Asking.HOME_ZIP, *_instead(lead, why)), ()
            case Asking.STATE:
                asked = ask(call, Stage.LOCATING, Asking.STATE, *lead, "crosses_state_line")
                return replace(asked, menu=locating.state_menu(place)), ()
            case Asking.DISTRICT:
                asked = ask(call, Stage.LOCATING, Asking.DISTRICT, *lead, "several_districts")
                return replace(asked, menu=locating.district_menu(call, place)), ()
            case _:
                pass
    return settle(call, campaign, world, *lead)


def _instead(lead: tuple[str, ...], why: str) -> tuple[str, ...]:
    return (*(name for name in lead if name != "zip_heard"), why)


def settle(call: Call, campaign: Campaign, world: World, *lead: str) -> Move:
    """Snapshot the targets on the call and brief the first; end kindly when there is nobody."""
    state = call.state or (call.district or "").partition("-")[0] or None
    found = targets.settle(
        campaign,
        world.place,
        state=state,
        district=call.district,
        house=not call.house_left_out,
        members=world.members,
        chance=world.chance,
    )
    vacant = house_is_vacant(call, campaign, world.place)
    call = replace(call, targets=found, target=0, house_vacant=vacant)
    if not found:
        why = ("house_vacant",) if vacant else ()
        return stop(call, Ending.NO_TARGET, *lead, *why, "no_target")
    briefed, facts = brief(call, world, *lead)
    return briefed, (TargetsSettled(targets=found), *facts)


def house_is_vacant(call: Call, campaign: Campaign, place: Place | None) -> bool:
    """Tell whether the campaign calls the House and this supporter's seat there is empty."""
    if place is None or call.house_left_out or not locating.wants_house(campaign):
        return False
    seats = locating.candidate_districts(call, place)
    return bool(seats) and all(seat in place.vacant for seat in seats)


def brief(call: Call, world: World, *lead: str) -> Move:
    """Name the first target and read what to say."""
    call = _face(call, world, call.target)
    vacant = ("house_vacant",) if call.house_vacant else ()
    closed = ("closed",) if call.closed else ()
    words = (*lead, *vacant, line(call), *closed)
    return ask(call, Stage.BRIEFING, Asking.CONNECT, *words), ()


def line(call: Call) -> str:
    """Return the prompt that says who comes now: "First of two: …"."""
    return "line_many" if len(call.targets) > 1 else "line_one"


def _face(call: Call, world: World, index: int) -> Call:
    target = call.targets[index]
    office = targets.first_office(target, world.offices) or target.offices[0]
    return _at(replace(call, target=index), office, world)


def _at(call: Call, office: Office, world: World) -> Call:
    state = world.offices.get(office.id, targets.FREE)
    return replace(
        call,
        office=office.id,
        closed=not state.open,
        daypart=part_of_day(world.now, office.zone),
    )


def part_of_day(now: datetime, zone: str) -> str:
    """Return morning, afternoon or evening at the office."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if hour < 12:
        return "morning"
    return "afternoon" if hour < 18 else "evening"


def connect(call: Call, world: World) -> Move:
    """Dial the office in hand, or the best one of this target at this moment."""
    target = call.targets[call.target]
    dialled = {leg.phone for leg in call.legs}
    office: Office | None
    if call.asking is Asking.OTHER_OFFICE:
        office = call.current_office
    else:
        office = targets.first_office(target, world.offices)
        if office is not None and office.phone in dialled:
            office = targets.other_office(target, world.offices, dialled=dialled)
    if office is None or office.phone is None:
        return crowded(call, world)
    leg = Leg(
        number=max((leg.number for leg in call.legs), default=0) + 1,
        target=target.id,
        office=office.id,
        phone=office.phone,
    )
    call = _at(ask(call, Stage.BRIDGING, Asking.NOTHING), office, world)
    started = LegStarted(leg=leg.number, target=target.id, office=office.id, phone=office.phone)
    return replace(call, leg=leg.number, legs=(*call.legs, leg)), (started,)


def withdraw(call: Call, world: World, *, wait_seconds: int) -> Move:
    """Take back a leg that our own caps refused, and offer what else there is."""
    refused, busy = call.leg, call.office
    call = replace(
        call,
        legs=tuple(leg for leg in call.legs if leg.number != refused),
        leg=max((leg.number for leg in call.legs if leg.number != refused), default=0),
    )
    if busy is not None:
        offices: Mapping[str, OfficeState] = {
            **world.offices,
            busy: replace(world.offices.get(busy, targets.FREE), free=False),
        }
        world = replace(world, offices=offices)
    moved, facts = crowded(call, world, wait_seconds=wait_seconds)
    return moved, (LegWithdrawn(leg=refused), *facts)


def crowded(call: Call, world: World, *, wait_seconds: int | None = None) -> Move:
    """Offer another office, the next target, or to ring back when the wait is over.

    `wait_seconds` is what the reservation said; None: as long as the offices' own caps say.
    """
    moved = _other_office(call, world, "line_crowded")
    if moved is None and call.shift is not None:
        return pause(call, world, "line_crowded", wait_seconds=wait_seconds), ()
    if moved is None:
        moved = _next_target(call, world, "line_crowded", free=True)
    if moved is not None:
        return moved, ()
    here = [target for target in (call.current_target,) if target is not None]
    call = replace(call, wait_seconds=wait_seconds or _known_wait(here, world))
    if not call.ringable:
        return stop(call, Ending.FINISHED, "offer_wait")
    return ask(call, Stage.OFFERING, Asking.RING_BACK, "line_crowded"), ()


def after_leg(call: Call, world: World, *lead: str, read_back: bool = False) -> Move:
    """Offer what comes after an office: another office of the member, the next member, the end."""
    leg = call.current_leg
    missed = leg is not None and (leg.outcome in UNSUCCESSFUL or leg.reported in UNHEARD)
    moved = _other_office(call, world, *lead, "trying") if missed else None
    if moved is None:
        thanks = ("trying",) if missed else ()
        counts = ("mailbox_counts",) if leg and leg.reported is Meaning.VOICEMAIL else ()
        if call.shift is not None:
            moved = pause(call, world, *lead, *thanks, *counts)
        else:
            moved = _next_target(call, world, *lead, *thanks, *counts)
    if moved is None:
        moved = replace(ask(call, Stage.OFFERING, Asking.LAST, *lead), ending=Ending.FINISHED)
    return replace(moved, read_back=read_back), ()


def _other_office(call: Call, world: World, *lead: str) -> Call | None:
    target = call.current_target
    if target is None:
        return None
    dialled = {leg.phone for leg in call.legs}
    office = targets.other_office(target, world.offices, dialled=dialled)
    if office is None:
        return None
    return ask(_at(call, office, world), Stage.OFFERING, Asking.OTHER_OFFICE, *lead)


def _next_target(call: Call, world: World, *lead: str, free: bool = False) -> Call | None:
    for index in range(call.target + 1, len(call.targets)):
        if not free or targets.first_office(call.targets[index], world.offices):
            call = _face(call, world, index)
            return ask(call, Stage.OFFERING, Asking.NEXT_TARGET, *lead)
    return None


def _known_wait(waiting: Sequence[Target], world: World) -> int:
    """Return the seconds until the first office of these is surely free, else a usual wait."""
    states = (
        world.offices.get(office.id, targets.FREE)
        for target in waiting
        for office in target.offices
    )
    known = [state.free_in for state in states if state.free_in is not None]
    return min(known, default=RING_BACK_SECONDS)


def pause(call: Call, world: World, *lead: str, wait_seconds: int | None = None) -> Call:
    """Stand between two conversations of a shift: offer who is free now, a break, or the end.

    Whose offices all have as many calls of ours as they take comes later. When nobody else is
    left either, the wait is said and a ring offered.
    """
    shift = call.shift or Shift()
    done = {leg.target for leg in call.legs} | set(shift.skipped)
    left = [
        index
        for index, target in enumerate(call.targets)
        if target.id not in done and index != call.target
    ]
    free = [i for i in left if targets.first_office(call.targets[i], world.offices)]
    if free:
        return ask(_face(call, world, free[0]), Stage.OFFERING, Asking.PAUSE, *lead)
    if shift.campaigns:
        turning = replace(call, shift=replace(shift, turn=True))
        return ask(turning, Stage.OFFERING, Asking.PAUSE, *lead)
    here = call.current_target
    still = [call.targets[index] for index in left]
    if here is not None and here.id not in done:
        still.append(here)
    if still and call.ringable:
        waiting = replace(call, wait_seconds=wait_seconds or _known_wait(still, world))
        return ask(waiting, Stage.OFFERING, Asking.RING_BACK, *lead)
    return replace(ask(call, Stage.OFFERING, Asking.LAST, *lead), ending=Ending.FINISHED)


def pass_on(call: Call) -> Move:
    """End this conversation of a shift; the same line goes on with the next campaign."""
    shift = call.shift or Shift()
    slug = shift.campaigns[0].value if shift.campaigns else None
    return end(replace(call, passed_on=slug), Ending.FINISHED)


def not_passed_on(call: Call, why: str) -> Call:
    """Return a conversation that no other follows on this line; what it says last tells why."""
    return replace(call, lead=("thanks", why), read_back=False)


def skip(call: Call, world: World) -> Move:
    """Leave this target out and go on to the next one, or to the end."""
    target = call.current_target
    facts = (TargetSkipped(target=target.id),) if target else ()
    moved, _ = after_member(call, world)
    return moved, facts


def after_member(call: Call, world: World) -> Move:
    """Go on to the next target, or to the end; this one was tried."""
    if call.shift is not None:
        here = call.current_target
        left_out = (*call.shift.skipped, *((here.id,) if here else ()))
        skipping = replace(call, shift=replace(call.shift, skipped=left_out))
        return pause(skipping, world, "thanks"), ()
    moved = _next_target(call, world, "thanks")
    if moved is None:
        moved = replace(ask(call, Stage.OFFERING, Asking.LAST, "thanks"), ending=Ending.FINISHED)
    return moved, ()


def ring_back(call: Call, after_seconds: int) -> Move:
    """Promise to ring back and hang up."""
    call = replace(call, wait_seconds=after_seconds)
    moved, _ = stop(call, Ending.RING_BACK, "ring_back")
    return moved, (RingBackAsked(after_seconds=after_seconds),)
