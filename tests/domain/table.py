"""Tells every stage every event and writes down what comes of it, one line a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from callbridge.domain.call import Asking, Call, Choice, Door, Ending, Outcome, Shift, Stage
from callbridge.domain.events import (
    Answered,
    BridgeEnded,
    Event,
    HungUp,
    Keyed,
    LegReported,
    NotReached,
    OfficeBusy,
    OfficeState,
    Reported,
)
from callbridge.domain.flow import advance, wanted_zip
from callbridge.domain.survey import Meaning
from tests.domain.world import BUSY, CONNECTED, HOUSE_ONLY, MORE, SENATE_ONLY, Telling, at, world

FULL = OfficeState(free=False)
ALL_FULL = {
    f"{who}_{where}": FULL for who in ("S000001", "S000002") for where in ("washington", "rome")
}


def _shared_number() -> Telling:
    told = Telling(door=Door.CALL_IN)
    menu = (Choice(key="1", value="reform", words="sentencing reform"),)
    told.call = replace(told.call, menu=menu)
    return told.tell(Answered())


def _crowded() -> Telling:
    told = at("1", campaign=SENATE_ONLY)
    told.offices = ALL_FULL
    return told.tell("1")


def slot(*events: Event | str, days: tuple[int, ...] = (1,)) -> Telling:
    """Tell a call of a standing slot from the answered phone on."""
    return at(*events, door=Door.APPOINTMENT, slot=days)


def shift(*events: Event | str, more: bool = False, **how: object) -> Telling:
    """Tell a conversation of a shift from the answered phone on; `more`: a campaign follows."""
    return at(*events, door=Door.DRIVE, shift=MORE if more else Shift(), **how)


def _nobody() -> Telling:
    return at("1", zip_code="30108", campaign=HOUSE_ONLY)


STARTS: Mapping[str, Telling] = {
    "placing": Telling(),
    "greeting": at(),
    "greeting, call-in": at(door=Door.CALL_IN),
    "greeting, call-in withheld": at(door=Door.CALL_IN, ringable=False),
    "greeting, shared number": _shared_number(),
    "greeting, opted out": at("9"),
    "greeting, ring-back": at(door=Door.RING_BACK),
    "greeting, later": at("2", door=Door.DRIVE),
    "greeting, later of a slot": slot("2"),
    "greeting, another time": at("2", "3", door=Door.DRIVE),
    "greeting, another day of a slot": slot("2", "3"),
    "greeting, another hour": at("2", "3", "6", door=Door.DRIVE),
    "greeting, a time to confirm": at("2", "3", "3", door=Door.DRIVE),
    "greeting, a slot to confirm": slot("2", "3", "2", "3"),
    "locating, zip": at("1", zip_code=None),
    "locating, home zip": at("1", zip_code="30162"),
    "locating, state": at("1", zip_code="30165"),
    "locating, district": at("1", zip_code="30120"),
    "locating, nobody": _nobody(),
    "briefing": at("1"),
    "briefing, closed": at("1", H000014_washington=OfficeState(open=False)),
    "briefing, reply read": at("1", "3"),
    "briefing, confirming 9": at("1", "9"),
    "bridging": at("1", "1"),
    "surveying, happened": at("1", "1", CONNECTED),
    "surveying, position": at("1", "1", CONNECTED, "1"),
    "offering, other office": at("1", "1", BUSY),
    "offering, next target": at("1", "1", CONNECTED, "1", "2"),
    "offering, ring-back": _crowded(),
    "offering, last": at("1", "#", "#", "#"),
    "offering, last with read-back": at("1", "#", "#", "1", CONNECTED, "2"),
    "offering, pause of a shift": shift("1", "1", CONNECTED, "1", "2"),
    "offering, pause before another campaign": shift("1", "#", "#", "#", more=True),
    "stopped": at("3", "3", "3"),
    "ended, at the greeting": at(HungUp()),
    "ended, confirming 9": at("1", "9", HungUp()),
    "ended, opted out": at("9", HungUp()),
    "ended, while surveying": at("1", "1", CONNECTED, HungUp()),
    "ended, confirming a time": at("1", "5", "3", HungUp()),
    "ended, while bridging": at("1", "1", HungUp()),
}

EVENTS: Mapping[str, Event] = {
    **{key: Keyed(digits=key) for key in "0123456789*#"},
    "silence": Keyed(digits=""),
    "a ZIP": Keyed(digits="30161"),
    "a split ZIP": Keyed(digits="30120"),
    "no such ZIP": Keyed(digits="00000"),
    "a military ZIP": Keyed(digits="09012"),
    "three digits": Keyed(digits="301"),
    "answered": Answered(),
    "bridge: connected": CONNECTED,
    "bridge: busy": BUSY,
    "bridge: no answer": BridgeEnded(outcome=Outcome.NO_ANSWER),
    "bridge: failed": BridgeEnded(outcome=Outcome.FAILED),
    "bridge: supporter gone": BridgeEnded(
        outcome=Outcome.CONNECTED, seconds=9, supporter_gone=True
    ),
    "office busy": OfficeBusy(wait_seconds=120),
    "leg reported": LegReported(leg=1, outcome=Outcome.CONNECTED, seconds=60),
    "hung up": HungUp(),
    "not reached": NotReached(ending=Ending.BUSY),
    "web answer": Reported(leg=1, question="happened", meaning=Meaning.VOICEMAIL),
}


def outcome(told: Telling, event: Event) -> str:
    """Return what one event does, as one line of the table."""
    before = told.call
    seen = world(wanted_zip(before, event), **told.offices)
    after, facts = advance(before, event, told.campaign, seen)
    names = " ".join(_fact(fact) for fact in facts if type(fact).__name__ != "StageReached")
    moved = "unmoved" if after == before else _where(after)
    return f"{moved} | {names}".rstrip(" |")


def _where(call: Call) -> str:
    flags = [f"{call.stage.value}/{call.asking.value}"]
    if call.asking is Asking.QUESTION:
        flags.append(str(call.question))
    if call.tries:
        flags.append(f"tries {call.tries}")
    if call.opting_out:
        flags.append("confirm 9?")
    if call.opted_out:
        flags.append("opted out")
    if call.ending is not None and (call.stage is Stage.ENDED or call.asking is Asking.NOTHING):
        flags.append(call.ending.value)
    if call.branch:
        flags.append(f"reply {call.branch}")
    if call.lead:
        flags.append("says " + "+".join(call.lead))
    return ", ".join(flags)


def _fact(fact: object) -> str:
    detail = getattr(fact, "meaning", None) or getattr(fact, "outcome", None)
    return type(fact).__name__ + (f"({detail})" if detail else "")


def write() -> str:
    """Return the whole table: for each start, each result with the events that lead to it."""
    lines = []
    for name, told in STARTS.items():
        lines.append(f"[{name}]")
        results: dict[str, list[str]] = {}
        for label, event in EVENTS.items():
            results.setdefault(outcome(told, event), []).append(label)
        lines += [f"  {' · '.join(labels)} -> {result}" for result, labels in results.items()]
    return "\n".join(lines) + "\n"
