"""What the carrier's error codes mean to a person; knows no call and no number.

Codes: voice facts 1.4. The carrier's own messages are left out, because they quote telephone
numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from callbridge.errors import CarrierRefusedError


class Reason(StrEnum):
    """Whose matter a refusal is: the number's, the carrier's policy, our account, our request."""

    NUMBER = "number"
    POLICY = "policy"
    ACCOUNT = "account"
    REQUEST = "request"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class _Meaning:
    reason: Reason
    sentence: str


_NO_NUMBER = _Meaning(
    Reason.NUMBER, "The telephone company says that this is no number it can ring. Please check it."
)
_UNREACHABLE = _Meaning(Reason.NUMBER, "The telephone company cannot reach this number.")
_SPECIAL = _Meaning(Reason.NUMBER, "This is a special number, which is never rung.")
_REGION = _Meaning(
    Reason.POLICY, "Our telephone account does not allow calls to this number's region."
)
_BLOCKED = _Meaning(Reason.POLICY, "The telephone company blocks calls to this number.")
_REPUTATION = _Meaning(
    Reason.POLICY, "Calls from our number are blocked at the moment because of its reputation."
)
_TRIAL = _Meaning(
    Reason.ACCOUNT, "Our telephone account is a trial: it rings numbers verified beforehand only."
)
_LOGIN = _Meaning(
    Reason.ACCOUNT,
    "The telephone company did not accept our account's credentials. No call can be placed.",
)
_INACTIVE = _Meaning(
    Reason.ACCOUNT, "Our telephone account is not active. No call can be placed until it is."
)
_FULL = _Meaning(
    Reason.ACCOUNT, "Our telephone account carries as many calls as it may. Try again in a while."
)
_FROM = _Meaning(
    Reason.ACCOUNT, "The number our calls come from is not one that our account may use."
)
_NO_TEXTS = _Meaning(Reason.NUMBER, "The telephone company cannot send texts to this number.")
_STOPPED = _Meaning(Reason.STOPPED, "The owner of this number wants no texts from us.")
_GONE = _Meaning(Reason.REQUEST, "The telephone company does not know this call.")
_OVER = _Meaning(Reason.REQUEST, "This call is over.")
_REQUEST = _Meaning(
    Reason.REQUEST, "The telephone company did not understand us. The fault is ours."
)

NOT_FOUND = 20404
NOT_IN_PROGRESS = 21220
STOPPED = 21610

_MEANINGS = {
    10001: _INACTIVE,
    10002: _TRIAL,
    10004: _FULL,
    13223: _NO_NUMBER,
    13224: _NO_NUMBER,
    13225: _BLOCKED,
    13226: _NO_NUMBER,
    13227: _REGION,
    20003: _LOGIN,
    20005: _INACTIVE,
    20006: _LOGIN,
    20008: _LOGIN,
    NOT_FOUND: _GONE,
    21202: _SPECIAL,
    21210: _FROM,
    21211: _NO_NUMBER,
    21212: _FROM,
    21213: _FROM,
    21214: _UNREACHABLE,
    21215: _REGION,
    21216: _BLOCKED,
    21217: _NO_NUMBER,
    21219: _TRIAL,
    NOT_IN_PROGRESS: _OVER,
    21408: _REGION,
    21603: _REQUEST,
    21606: _FROM,
    STOPPED: _STOPPED,
    21612: _NO_TEXTS,
    21614: _NO_TEXTS,
    32017: _REPUTATION,
    32205: _REGION,
}
# For bodies without a code of the carrier's own.
_BY_HTTP = {401: 20003, 403: 20006, 404: NOT_FOUND}


def refusal(http: int, code: int | None) -> CarrierRefusedError:
    """Return the error for a 4xx answer; `code` is None where the body had none."""
    known = _BY_HTTP.get(http) if code is None else code
    meaning = _MEANINGS.get(known or 0, _REQUEST)
    return CarrierRefusedError(meaning.sentence, reason=meaning.reason.value, code=known or http)
