"""What a key does at each question of the conversation; one handler for each `Asking`."""

from __future__ import annotations

from dataclasses import replace

from callbridge.domain import agreeing, locating, moves, replies
from callbridge.domain.call import Asking, Call, Ending, Stage
from callbridge.domain.campaign import BRANCH_KEYS, Campaign
from callbridge.domain.events import Source, World
from callbridge.domain.facts import CampaignChosen, Consented, OptedOut, OptOutUndone
from callbridge.domain.moves import Move

ENTRIES = frozenset({Asking.ZIP, Asking.HOME_ZIP})
# Where 9 is a digit of a number.
_NUMBERS = ENTRIES | {Asking.HOUR}


def at_greeting(call: Call) -> bool:
    """Tell whether the greeting was the last thing said, or what a key there led to."""
    if call.asking in agreeing.ASKED and call.asking is not Asking.HOUR:
        return call.later is not None and call.later.back is Asking.GO_ON
    return call.asking in {Asking.GO_ON, Asking.CAMPAIGN}


def press(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    """Return where a key, or the five digits of a ZIP, takes the call."""
    if call.opted_out:
        return _undo(call, digits)
    if call.opting_out:
        return _confirm(call, digits)
    if digits == "9" and call.asking not in _NUMBERS:
        if call.stage is Stage.GREETING or at_greeting(call):
            return _opt_out(call)
        return replace(call, opting_out=True, lead=("thanks",), read_back=False), ()
    match call.asking:
        case Asking.CAMPAIGN:
            return _campaign(call, digits)
        case Asking.GO_ON:
            return _go_on(call, digits, campaign, world)
        case Asking.ZIP | Asking.HOME_ZIP:
            return _zip(call, digits, campaign, world)
        case Asking.STATE:
            return _state(call, digits, campaign, world)
        case Asking.DISTRICT:
            return _district(call, digits, campaign, world)
        case Asking.CONNECT:
            return _briefing(call, digits, campaign, world)
        case Asking.QUESTION:
            return _question(call, digits, campaign, world)
        case Asking.NEXT_TARGET | Asking.OTHER_OFFICE | Asking.LAST:
            return _offer(call, digits, campaign, world)
        case Asking.RING_BACK:
            return _ring_back(call, digits)
        case Asking.PAUSE:
            return _pause(call, digits, campaign, world)
        case Asking.LATER | Asking.WHEN | Asking.DAY | Asking.HOUR | Asking.CONFIRM:
            return agreeing.press(call, digits, world)
        case Asking.NOTHING:
            return call, ()


def _opt_out(call: Call) -> Move:
    gone = replace(call, opted_out=True, opting_out=False, lead=("thanks",), read_back=False)
    return replace(gone, ending=Ending.OPTED_OUT), (OptedOut(),)


def _undo(call: Call, digits: str) -> Move:
    if digits != "1":
        return replace(call, lead=("thanks",)), ()
    back = replace(call, opted_out=False, ending=None, tries=0, lead=("opt_out_undone",))
    return back, (OptOutUndone(),)


def _confirm(call: Call, digits: str) -> Move:
    if digits == "9":
        return _opt_out(call)
    return replace(call, opting_out=False, lead=("thanks",)), ()


def _campaign(call: Call, digits: str) -> Move:
    choice = next((one for one in call.menu if one.key == digits), None)
    if choice is None:
        return moves.again(call) if digits == "*" else moves.wrong(call)
    moved = moves.ask(call, Stage.GREETING, Asking.GO_ON, "thanks")
    return moved, (CampaignChosen(slug=choice.value),)


def _go_on(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    match digits:
        case "1":
            moved, facts = (
                moves.brief(call, world, "thanks")
                if call.targets
                else moves.locate(call, campaign, world, "thanks")
            )
            return moved, (Consented(), *facts)
        case "2" if call.inbound and call.ringable:
            return moves.ring_back(call, moves.RING_BACK_SECONDS)
        case "2" if call.unannounced:
            return agreeing.ask_later(call, world)
        case "*":
            return moves.again(call)
        case _:
            return moves.wrong(call)


def _zip(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    home = call.asking is Asking.HOME_ZIP
    place = world.place
    if home and not digits.strip("#"):
        call = replace(call, home_asked=True)
        return _without_district(call, campaign, world)
    if len(digits) != 5:
        return moves.wrong(call, "zip_not_understood")
    if place is None or world.place_error is not None:
        return moves.wrong(call, "zip_unknown")
    if place.reason is not None:
        return moves.wrong(call, "zip_nobody")
    call = replace(call, home_asked=home, state=None, district=None)
    return moves.locate(call, campaign, world, "zip_heard")


def _without_district(call: Call, campaign: Campaign, world: World) -> Move:
    if locating.wants_senate(campaign) and locating.wants_house(campaign):
        call = replace(call, house_left_out=True)
        return moves.locate(call, campaign, world, "senators_only")
    return moves.locate(call, campaign, world, "thanks")


def _state(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    choice = next((one for one in call.menu if one.key == digits), None)
    if choice is not None:
        return moves.locate(replace(call, state=choice.value), campaign, world, "thanks")
    if digits == "0" and world.place is not None:
        senate = locating.wants_senate(campaign)
        call = replace(call, state=world.place.state, house_left_out=senate)
        return moves.locate(call, campaign, world, "by_post_office")
    return moves.again(call) if digits == "*" else moves.wrong(call)


def _district(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    choice = next((one for one in call.menu if one.key == digits), None)
    if choice is not None:
        chosen = replace(call, district=choice.value, state=choice.value.partition("-")[0])
        return moves.locate(chosen, campaign, world, "thanks")
    if digits == "0":
        if not locating.wants_senate(campaign):
            return moves.stop(call, Ending.NO_TARGET, "house_unsure")
        call = replace(call, house_left_out=True)
        return moves.locate(call, campaign, world, "senators_only")
    return moves.again(call) if digits == "*" else moves.wrong(call)


def _briefing(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    match digits:
        case "1":
            return moves.connect(call, world)
        case "#":
            return moves.skip(call, world)
        case "*":
            return moves.again(replace(call, branch=None))
        case agreeing.KEY if call.ringable:
            ask = agreeing.ask_opening if call.closed else agreeing.ask_when
            return ask(call, world)
        case "2" | "3" | "4":
            branch = BRANCH_KEYS[digits]
            if branch not in campaign.wording(call.language).script.replies:
                return moves.wrong(call)
            return replace(call, branch=digits, lead=(f"say_{branch.value}",)), ()
        case _:
            return moves.wrong(call)


def _question(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    survey = campaign.wording(call.language).survey
    question = survey.question(call.question) if call.question else None
    if digits == "*":
        return moves.again(call)
    if question is None or digits == "#":
        leg = call.current_leg
        return moves.after_leg(call, world, "thanks", read_back=bool(leg and leg.answers))
    option = question.option(digits)
    if option is None:
        return moves.wrong(call)
    answered, facts = replies.give(
        call,
        survey,
        leg=call.leg,
        question=question.id,
        meaning=option.meaning,
        source=Source.KEYPAD,
    )
    if call.stage is Stage.ENDED:
        return answered, facts
    following = survey.question(option.then) if option.then else None
    if following is not None:
        asked = moves.ask(answered, Stage.SURVEYING, Asking.QUESTION, "thanks")
        return replace(asked, question=following.id), facts
    moved, more = moves.after_leg(answered, world, "thanks", read_back=True)
    return moved, (*facts, *more)


def _offer(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    match digits:
        case "*" if call.read_back:
            return _change(call, campaign)
        case "*":
            return moves.again(call)
        case "1" if call.asking is not Asking.LAST:
            return moves.connect(call, world)
        case "#" if call.asking is Asking.NEXT_TARGET:
            return moves.skip(call, world)
        case "#" if call.asking is Asking.OTHER_OFFICE:
            return moves.after_member(call, world)
        case agreeing.KEY if call.ringable and call.asking is not Asking.LAST:
            return agreeing.ask_when(call, world)
        case _ if call.asking is Asking.LAST:
            return replace(call, read_back=False, lead=("thanks",)), ()
        case _:
            return moves.wrong(call)


def _pause(call: Call, digits: str, campaign: Campaign, world: World) -> Move:
    turn = call.shift is not None and call.shift.turn
    match digits:
        case "*" if call.read_back:
            return _change(call, campaign)
        case "*":
            return moves.again(call)
        case "1":
            return moves.pass_on(call) if turn else moves.connect(call, world)
        case "2" if call.ringable:
            return moves.ring_back(call, moves.BREAK_SECONDS)
        case "3":
            last = moves.ask(call, Stage.OFFERING, Asking.LAST, "thanks")
            return replace(last, ending=Ending.FINISHED), ()
        case "#" if not turn:
            return moves.skip(call, world)
        case _:
            return moves.wrong(call)


def _change(call: Call, campaign: Campaign) -> Move:
    leg = call.current_leg
    first = campaign.wording(call.language).survey.first
    if leg is None or first is None:
        return moves.wrong(call)
    index = next(i for i, target in enumerate(call.targets) if target.id == leg.target)
    asked = moves.ask(call, Stage.SURVEYING, Asking.QUESTION, "thanks")
    return replace(asked, target=index, question=first.id, ending=None), ()


def _ring_back(call: Call, digits: str) -> Move:
    match digits:
        case "1":
            return moves.ring_back(call, call.wait_seconds or moves.RING_BACK_SECONDS)
        case "#":
            return moves.stop(call, Ending.FINISHED, "stopped")
        case "*":
            return moves.again(call)
        case _:
            return moves.wrong(call)
