"""What passes between callbridge and a telephone company, as values; knows no carrier by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CarrierStatus(StrEnum):
    """A leg's state in the carrier's own words, mapped at the edge (voice facts 1.1)."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def final(self) -> bool:
        """Tell whether the leg is over."""
        return self in FINAL_STATUSES


FINAL_STATUSES = frozenset(
    {
        CarrierStatus.COMPLETED,
        CarrierStatus.BUSY,
        CarrierStatus.NO_ANSWER,
        CarrierStatus.FAILED,
        CarrierStatus.CANCELED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Ring `to` (E.164) from `from_`; hooks come back under `token`. Times in seconds."""

    to: str
    from_: str
    token: str
    ring: int = 25
    time_limit: int = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOrder:
    """Send `body` to `to` (E.164) from `from_`; what becomes of it comes back under `token`."""

    to: str
    from_: str
    body: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextHook:
    """One verified request about a text. `lost`: it will not arrive, `error_code` says why.

    A text that came in has a `body` and no `status`; `opt_out` is STOP or START where the carrier
    itself took it for that.
    """

    sid: str
    from_: str
    to: str
    body: str
    status: str
    error_code: str | None = None
    opt_out: str = ""

    @property
    def lost(self) -> bool:
        """Tell whether the carrier gave it up."""
        return self.status in {"undelivered", "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCall:
    """A leg as the carrier's records have it. `created` is UTC.

    `price` is what it cost, above 0, in the account's currency; None until the carrier knows.
    """

    sid: str
    parent_sid: str | None
    to: str
    from_: str
    status: CarrierStatus
    created: datetime
    seconds: int | None
    price: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawHook:
    """A hook as it came over the wire. `target` is the raw request target, percent-encoding kept.

    `form` has every pair in order, blanks included; `headers` are looked up in lower case.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    form: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialResult:
    """What a bridge's end says. `status` is final; `seconds` None unless it was answered."""

    status: CarrierStatus
    sid: str | None
    seconds: int | None
    bridged: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One verified request of the carrier, in our words.

    `digits` is None when the hook is no answer to keys, "" for reported silence. `dialled` is
    there when a bridge ended. `parent_sid` is there on an office leg's callbacks. `from_` may be
    no number at all (withheld). `inbound` says that the supporter rang us, so that `from_` is
    theirs and `to` ours; else it is the other way round.
    """

    sid: str
    parent_sid: str | None
    from_: str
    to: str
    status: CarrierStatus | None
    digits: str | None = None
    dialled: DialResult | None = None
    seconds: int | None = None
    error_code: str | None = None
    inbound: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back to the carrier."""

    body: bytes
    content_type: str
