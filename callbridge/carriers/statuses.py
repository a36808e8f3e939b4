"""The words carriers use for a leg's state, as ours; the one place where dialects meet."""

from __future__ import annotations

from callbridge.domain.telephony import CarrierStatus

# Compatible carriers send these too (voice facts 6); Twilio itself says `answered` of a dialled
# conference only.
_DIALECTS = {
    "answered": CarrierStatus.IN_PROGRESS,
    "cancelled": CarrierStatus.CANCELED,
    "timeout": CarrierStatus.NO_ANSWER,
}


def read_status(word: str) -> CarrierStatus | None:
    """Return the state, None for a word that no carrier is known to use."""
    word = word.strip().lower()
    if word in _DIALECTS:
        return _DIALECTS[word]
    try:
        return CarrierStatus(word)
    except ValueError:
        return None


def read_dialled(word: str) -> CarrierStatus:
    """Return how a bridge ended: always a final state; an unknown word is a failed dial."""
    if word.strip().lower() == "answered":
        return CarrierStatus.COMPLETED
    status = read_status(word)
    return status if status is not None and status.final else CarrierStatus.FAILED
