"""The parameters of each kind of hook, as Twilio sends them; sends nothing.

Unknown geography is sent as empty text, and Caller and Called repeat From and To, as in captured
traffic.
"""

from __future__ import annotations

from datetime import datetime

from callbridge.exchange.legs import Leg, Progress, Status
from callbridge.exchange.phones import country
from callbridge.exchange.resource import API_VERSION, minutes, rfc2822

Pairs = tuple[tuple[str, str], ...]

_SIDES = (("From", "from_"), ("To", "to"), ("Caller", "from_"), ("Called", "to"))
_STATUS_WORD = {
    Progress.INITIATED: "initiated",
    Progress.RINGING: Status.RINGING.value,
    Progress.ANSWERED: Status.IN_PROGRESS.value,
}


def standard(leg: Leg, account: str, *, status: str | None = None) -> Pairs:
    """Return what every hook carries; ParentCallSid on a child only."""
    pairs = [
        ("AccountSid", account),
        ("ApiVersion", API_VERSION),
        ("CallSid", leg.sid),
        ("CallStatus", status or leg.status.value),
        ("Direction", leg.direction.value),
    ]
    for name, side in _SIDES:
        number = str(getattr(leg, side))
        pairs.append((name, number))
        pairs += [(f"{name}{part}", "") for part in ("City", "State", "Zip")]
        pairs.append((f"{name}Country", country(number)))
    if leg.parent is not None:
        pairs.append(("ParentCallSid", leg.parent.sid))
    if leg.answered_by is not None:
        pairs.append(("AnsweredBy", leg.answered_by))
    return tuple(pairs)


def progress(leg: Leg, account: str, event: Progress, *, number: int, at: datetime) -> Pairs:
    """Return a status callback's parameters; `number` counts this subscription's callbacks."""
    word = _STATUS_WORD.get(event, leg.status.value)
    pairs: Pairs = (
        *standard(leg, account, status=word),
        ("Timestamp", rfc2822(at) or ""),
        ("SequenceNumber", str(number)),
        ("CallbackSource", "call-progress-events"),
    )
    if event is Progress.COMPLETED:
        pairs += _at_the_end(leg)
    return pairs


def _at_the_end(leg: Leg) -> Pairs:
    seconds = leg.seconds() or 0
    pairs: Pairs = (("CallDuration", str(seconds)), ("Duration", str(minutes(seconds))))
    if leg.sip_code is not None:
        pairs += (("SipResponseCode", str(leg.sip_code)),)
    return pairs


def gathered(digits: str, *, empty: bool) -> Pairs:
    """Return what a Gather adds: its digits; silence is an empty value or (not `empty`) none."""
    return (("Digits", digits),) if digits or empty else ()


def dialled(child: Leg | None, *, status: str, bridged: bool, left: bool = False) -> Pairs:
    """Return what a Dial's action adds. No DialCallDuration unless the leg was answered.

    `left`: the child was taken out of the bridge by the REST API; then there is no duration.
    """
    pairs: Pairs = (("DialCallStatus", status), ("DialBridged", "true" if bridged else "false"))
    if child is None:
        return pairs
    pairs += (("DialCallSid", child.sid),)
    seconds = child.seconds()
    if seconds is not None and not left:
        pairs += (("DialCallDuration", str(seconds)),)
    return pairs


def failed(code: int, url: str) -> Pairs:
    """Return what the fallback's request adds."""
    return (("ErrorCode", str(code)), ("ErrorUrl", url))
