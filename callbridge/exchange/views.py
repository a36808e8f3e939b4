"""Calls and legs as the control API shows them; changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from callbridge.exchange.journal import Journal
from callbridge.exchange.legs import Leg


def leg_view(leg: Leg) -> dict[str, object]:
    """Return one leg: who, its state, what is said and what keys are awaited now."""
    caption = leg.caption
    return {
        "sid": leg.sid,
        "call": leg.call_sid,
        "end": leg.end.value,
        "direction": leg.direction.value,
        "number": leg.person_number,
        "from": leg.from_,
        "to": leg.to,
        "state": leg.status.value,
        "over": leg.over,
        "ended_by": leg.ended_by,
        "answered_second": leg.answered_second,
        "ended_second": leg.ended_second,
        "seconds": leg.seconds(),
        "person": leg.person,
        "bridged_with": leg.peer.sid if leg.peer else None,
        "saying": None
        if caption is None
        else {
            "text": caption.text,
            "seconds": caption.seconds,
            "started": caption.started,
            "voice": caption.voice,
            "language": caption.language,
            "keys_count": caption.keys_count,
        },
        "awaiting": leg.awaiting,
    }


def call_view(leg: Leg, journal: Journal, *, whole: bool = True) -> dict[str, object]:
    """Return a whole call: the first leg, the offices dialled and, if `whole`, all events."""
    view: dict[str, object] = {
        "sid": leg.sid,
        "state": leg.status.value,
        "over": leg.over,
        "settled": settled(leg),
        "supporter": leg_view(leg),
        "offices": [leg_view(child) for child in leg.children],
    }
    if whole:
        events = [entry.as_json() for entry in journal.after(0, call=leg.sid)]
        view["hooks"] = [event for event in events if event["kind"] == "hook"]
        view["said"] = [event["text"] for event in events if event["kind"] == "say"]
        view["warnings"] = [event for event in events if event["kind"] == "warning"]
        view["events"] = events
    return view


def settled(leg: Leg) -> bool:
    """Tell whether a call is over and every hook of it delivered."""
    return leg.over and all(child.over for child in leg.children) and leg.busy == 0


WAITS: dict[str, Callable[[Leg], bool]] = {
    "ended": lambda leg: leg.over,
    "settled": settled,
    "ringing": lambda leg: leg.status.value == "ringing" or leg.over,
    "answered": lambda leg: leg.answered_second is not None or leg.over,
    "gather": lambda leg: leg.awaiting is not None or leg.over,
    "dialling": lambda leg: any(not child.over for child in leg.children) or leg.over,
    "bridged": lambda leg: leg.peer is not None or leg.over,
}
"""What may be waited for; each is also met when the call is over."""
