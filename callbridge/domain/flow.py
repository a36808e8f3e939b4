"""The conversation as two functions: where an event takes a call, and what a call does next."""

from __future__ import annotations

from dataclasses import replace

from callbridge.domain import agreeing, keys, moves, replies
from callbridge.domain.call import Asking, Call, Door, Ending, Outcome, Stage
from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Place
from callbridge.domain.events import (
    Answered,
    BridgeEnded,
    Event,
    HungUp,
    Keyed,
    LegReported,
    NotReached,
    OfficeBusy,
    Reported,
    Source,
    World,
)
from callbridge.domain.facts import (
    AnswerGiven,
    AnswerWithdrawn,
    Fact,
    LegEnded,
    OfficeReportedFullOrDead,
    OptedOut,
    OptOutUndone,
    RingAsked,
    SlotMoved,
    StageReached,
)
from callbridge.domain.locating import needs_zip, open_question
from callbridge.domain.moves import Move
from callbridge.domain.speaking import speak
from callbridge.domain.spoken import Organization
from callbridge.domain.targets import settle

__all__ = ["Organization", "advance", "begin", "speak", "wanted_zip", "wants_reach"]

_LINES = {
    Outcome.BUSY: "line_busy",
    Outcome.NO_ANSWER: "line_no_answer",
    Outcome.FAILED: "line_failed",
}


def begin(
    campaign: Campaign,
    world: World,
    *,
    language: str,
    door: Door,
    district: str | None = None,
    ringable: bool = True,
) -> Call:
    """Return a new call; its targets are settled already where the world's place leaves no doubt.

    `district` is what the supporter chose on the page ("GA-14"), one of the place's.
    """
    call = Call(language=language, door=door, ringable=ringable)
    place = world.place
    if district is not None:
        call = replace(call, district=district, state=district.partition("-")[0])
    if place is not None:
        call = moves.place_known(call, place)
        clear = open_question(campaign, call, place) is Asking.NOTHING
    else:
        clear = not needs_zip(campaign)
    if not clear:
        return call
    found = settle(
        campaign,
        place,
        state=call.state,
        district=district,
        members=world.members,
        chance=world.chance,
    )
    vacant = moves.house_is_vacant(call, campaign, place)
    return replace(call, targets=found, house_vacant=vacant)


def needs_district(call: Call, campaign: Campaign, place: Place | None) -> bool:
    """Tell whether the keypad will ask for the state, the district or the home ZIP."""
    return (
        place is not None
        and not call.targets
        and open_question(campaign, call, place) is not Asking.NOTHING
    )


def wanted_zip(call: Call, event: Event) -> str | None:
    """Return the ZIP whose place the flow will want with this event, None when it needs none."""
    if isinstance(event, Keyed) and call.asking in keys.ENTRIES and event.digits.strip("#"):
        return event.digits
    return call.zip if call.stage in {Stage.GREETING, Stage.LOCATING} else None


def wants_reach(call: Call, event: Event) -> bool:
    """Tell whether the flow will want to know when this supporter may be rung."""
    return agreeing.wants_reach(call, event)


def advance(
    call: Call, event: Event, campaign: Campaign, world: World
) -> tuple[Call, tuple[Fact, ...]]:
    """Return where an event takes a call and the facts that it leaves.

    An event that moves nothing (repeated, late, out of place) returns the call unchanged and no
    facts. `step` grows by one with each event of the conversation that was accepted; status
    callbacks and answers from the web leave it, so that a hook on its way still fits.
    """
    moved, facts = _dispatch(call, event, campaign, world)
    if moved == call and not isinstance(event, Keyed):
        return call, facts
    if isinstance(event, Answered | Keyed | BridgeEnded) and _conversing(call, moved, event):
        moved = replace(moved, step=call.step + 1)
    if moved.stage is not call.stage:
        facts = (*facts, StageReached(stage=moved.stage))
    return moved, facts


def _conversing(call: Call, moved: Call, event: Event) -> bool:
    if Stage.ENDED in {call.stage, moved.stage}:
        return False
    if isinstance(event, Keyed):
        return moved != call or call.asking is not Asking.NOTHING
    return moved != call


def _dispatch(call: Call, event: Event, campaign: Campaign, world: World) -> Move:
    match call.stage, event:
        case _, LegReported():
            return _leg_ended(call, event.leg, event.outcome, event.seconds)
        case _, Reported():
            survey = campaign.wording(call.language).survey
            return replies.give(
                call,
                survey,
                leg=event.leg,
                question=event.question,
                meaning=event.meaning,
                source=Source.WEB,
            )
        case Stage.ENDED, Keyed(digits=digits):
            return _late_key(call, digits, campaign, world)
        case (stage, BridgeEnded()) if stage is not Stage.BRIDGING:
            return _leg_ended(call, call.leg, event.outcome, event.seconds)
        case Stage.ENDED, _:
            return call, ()
        case _, HungUp():
            return moves.end(call, Ending.HUNG_UP)
        case _, NotReached(ending=ending):
            return moves.end(call, ending)
        case Stage.PLACING, Answered():
            return _greet(call), ()
        case Stage.LOCATING, Answered() if call.asking in keys.ENTRIES:
            return keys.press(call, "", campaign, world)
        case Stage.BRIDGING, BridgeEnded():
            return _back(call, event, campaign, world)
        case Stage.BRIDGING, OfficeBusy(wait_seconds=wait_seconds):
            return moves.withdraw(call, world, wait_seconds=wait_seconds)
        case (Stage.PLACING | Stage.BRIDGING, _) | (_, Answered() | OfficeBusy()):
            return call, ()
        case _, Keyed(digits=digits):
            return keys.press(call, digits, campaign, world)
    return call, ()


def _greet(call: Call) -> Call:
    asking = Asking.CAMPAIGN if call.menu else Asking.GO_ON
    return replace(call, stage=Stage.GREETING, asking=asking)


def _late_key(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    # The phone is down, but the key was pressed before: an answer or an opt-out is kept, nothing
    # more is asked.
    leaving = digits == "9" and (call.opting_out or keys.at_greeting(call))
    agreed = digits == "1" and call.asking is Asking.CONFIRM
    if not (call.opted_out or call.asking is Asking.QUESTION or leaving or agreed):
        return call, ()
    moved, facts = keys.press(call, digits, campaign, world)
    kept = tuple(
        fact
        for fact in facts
        if isinstance(
            fact,
            AnswerGiven
            | AnswerWithdrawn
            | OfficeReportedFullOrDead
            | OptedOut
            | OptOutUndone
            | RingAsked
            | SlotMoved,
        )
    )
    if not kept:
        return call, ()
    if agreed:
        call = replace(call, asking=Asking.NOTHING)
    return replace(call, legs=moved.legs, opted_out=moved.opted_out, opting_out=False), kept


def _leg_ended(call: Call, number: int, outcome: Outcome, seconds: int | None) -> Move:
    leg = next((leg for leg in call.legs if leg.number == number), None)
    if leg is None or leg.outcome is not None:
        return call, ()
    ended = replace(leg, outcome=outcome, seconds=seconds)
    facts: list[Fact] = [LegEnded(leg=number, outcome=outcome, seconds=seconds)]
    if outcome is Outcome.FAILED:
        facts.append(OfficeReportedFullOrDead(office=leg.office, phone=leg.phone, meaning=None))
    return replies.with_leg(call, ended), tuple(facts)


def _back(call: Call, event: BridgeEnded, campaign: Campaign, world: World) -> Move:
    call, facts = _leg_ended(call, call.leg, event.outcome, event.seconds)
    if event.supporter_gone:
        moved, more = moves.end(call, Ending.HUNG_UP)
        return moved, (*facts, *more)
    leg = call.current_leg
    outcome = leg.outcome if leg and leg.outcome else event.outcome
    first = campaign.wording(call.language).survey.first
    if outcome is not Outcome.CONNECTED:
        moved, more = moves.after_leg(call, world, _LINES[outcome])
    elif first is None:
        moved, more = moves.after_leg(call, world, "welcome_back")
    else:
        asked = moves.ask(call, Stage.SURVEYING, Asking.QUESTION, "welcome_back")
        moved, more = replace(asked, question=first.id), ()
    return moved, (*facts, *more)
