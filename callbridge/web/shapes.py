"""Service values as the JSON of the API; decides nothing."""

from __future__ import annotations

from typing import Any

from callbridge.service.views import CallView, LegView, StartedCall


def started(call: StartedCall, *, public_url: str) -> dict[str, Any]:
    """Return the 201 body of a call that was asked for."""
    return {
        "call": call.call,
        "links": {
            "self": f"{public_url}/api/v1/calls/{call.call}",
            "page": f"{public_url}/calls/{call.call}",
        },
        "from": call.from_,
        "targets": [{"target": t.target, "name": t.name} for t in call.targets],
        "needs_district": call.needs_district,
        "wait_seconds": call.wait_seconds,
    }


def call_state(view: CallView) -> dict[str, Any]:
    """Return where a call stands."""
    return {
        "call": view.call,
        "campaign": view.campaign,
        "stage": view.stage.value,
        "legs": [_leg(leg) for leg in view.legs],
    }


def _leg(leg: LegView) -> dict[str, Any]:
    return {
        "target": leg.target,
        "office": leg.office,
        "phone": leg.phone,
        "outcome": leg.outcome.value if leg.outcome else None,
        "reported": leg.reported.value if leg.reported else None,
        "seconds": leg.seconds,
        "answers": [
            {
                "question": answer.question,
                "meaning": answer.meaning.value,
                "source": answer.source,
                "superseded": answer.superseded,
            }
            for answer in leg.answers
        ],
    }
