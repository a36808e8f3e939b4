"""A leg as Twilio's Call resource; reads a leg, changes nothing."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from callbridge.exchange.legs import Direction, Leg, Status
from callbridge.exchange.phones import grouped

API_VERSION = "2010-04-01"
_PRICE_A_MINUTE = {Direction.API: 0.014, Direction.DIAL: 0.014, Direction.INBOUND: 0.0085}
_SUBRESOURCES = (
    "notifications",
    "recordings",
    "payments",
    "events",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)


def rfc2822(moment: datetime | None) -> str | None:
    """Write a date as the 2010 API does: RFC 2822, UTC as `+0000`."""
    return None if moment is None else format_datetime(moment)


def calls_path(account: str) -> str:
    """Return the path of an account's calls, without suffix."""
    return f"/{API_VERSION}/Accounts/{account}/Calls"


def as_resource(leg: Leg, account: str) -> dict[str, object]:
    """Return the resource: exactly the keys of the specification; numbers are strings or null."""
    path = f"{calls_path(account)}/{leg.sid}"
    return {
        "sid": leg.sid,
        "date_created": rfc2822(leg.created_at),
        "date_updated": rfc2822(leg.updated_at),
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "account_sid": account,
        "to": leg.to,
        "to_formatted": grouped(leg.to),
        "from": leg.from_,
        "from_formatted": grouped(leg.from_),
        "phone_number_sid": leg.number_sid,
        "status": leg.status.value,
        "start_time": rfc2822(leg.started_at),
        "end_time": rfc2822(leg.ended_at),
        "duration": _duration(leg),
        "price": _price(leg),
        "price_unit": "USD",
        "direction": leg.direction.value,
        "answered_by": leg.answered_by,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(leg.queue_ms),
        "trunk_sid": None,
        "uri": f"{path}.json",
        "subresource_uris": {
            name: f"{path}/{''.join(part.title() for part in name.split('_'))}.json"
            for name in _SUBRESOURCES
        },
    }


def _duration(leg: Leg) -> str | None:
    return str(leg.seconds()) if leg.status is Status.COMPLETED else None


def minutes(seconds: int) -> int:
    """Return billed minutes: every one begun."""
    return -(-seconds // 60)


def _price(leg: Leg) -> str | None:
    seconds = leg.seconds()
    if leg.status is not Status.COMPLETED or seconds is None:
        return None
    return f"-{minutes(seconds) * _PRICE_A_MINUTE[leg.direction]:.5f}"
