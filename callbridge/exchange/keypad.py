"""The key machine of one `<Gather>`: keys and silence in, what follows out; pure, no clock.

Rules from Twilio's Gather page: `numDigits` submits at once; the finishing key is not part of
the digits; pressed first, or after silence, the call goes on to the next verb, unless the
document asks to hear of an empty result too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

KEYS = frozenset("0123456789*#")


@dataclass(frozen=True, slots=True)
class Submit:
    """Post these digits to the action; empty when only `actionOnEmptyResult` asks for it."""

    digits: str


@dataclass(frozen=True, slots=True)
class FallThrough:
    """Go on to the next verb without a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keypad:
    """What a Gather has heard so far. `timeout` is seconds of silence, restarted by each key."""

    num_digits: int | None = None
    finish_on_key: str = "#"
    timeout: float = 5.0
    on_empty: bool = False
    digits: str = ""

    def press(self, key: str) -> Keypad | Submit | FallThrough:
        """Take one key."""
        if key == self.finish_on_key:
            return self._done()
        heard = replace(self, digits=self.digits + key)
        if self.num_digits is not None and len(heard.digits) >= self.num_digits:
            return Submit(heard.digits)
        return heard

    def silence(self) -> Submit | FallThrough:
        """Take the end of the wait for a key."""
        return self._done()

    def _done(self) -> Submit | FallThrough:
        return Submit(self.digits) if self.digits or self.on_empty else FallThrough()
