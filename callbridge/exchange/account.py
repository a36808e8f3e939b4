"""The account: credentials, numbers, limits and the pace of creates; knows no call and no HTTP."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from callbridge.exchange import codes, phones
from callbridge.exchange.codes import Refusal
from callbridge.exchange.legs import new_sid
from callbridge.exchange.signing import Scheme

DEMO_NUMBER = "+12025550100"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNumber:
    """A number of the account and the hooks it has of its own."""

    number: str
    voice_url: str = ""
    voice_method: str = "POST"
    fallback_url: str = ""
    status_callback: str = ""
    text_url: str = ""
    sid: str = field(default_factory=lambda: new_sid("PN"))


@dataclass(slots=True, kw_only=True)
class Account:
    """One account. `token` signs hooks; `secondary` opens the REST API but signs nothing.

    `calls_per_second` None starts calls at once; `most_calls` None is no limit. `permitted` and
    `barred` are number prefixes (geographic permissions and the block list). On a trial account
    only `verified` numbers may be rung. No text is taken to `landlines`; one to the `unreachable`
    is taken and comes back undelivered.
    """

    sid: str = "AC" + "0" * 32
    token: str = "loopback-exchange-token-000000000"  # noqa: S105 - opens nothing but loopback
    secondary: str | None = None
    shared_key_id: str = "webhooks_sharedkey_loopback"
    shared_key: str = "loopback-exchange-shared-key-0000"
    scheme: Scheme = Scheme.SHA1
    numbers: dict[str, OwnNumber] = field(default_factory=dict)
    verified: set[str] = field(default_factory=set)
    trial: bool = False
    calls_per_second: float | None = None
    most_calls: int | None = None
    permitted: tuple[str, ...] = ("+1",)
    barred: tuple[str, ...] = ()
    landlines: set[str] = field(default_factory=set)
    unreachable: set[str] = field(default_factory=set)
    next_slot: float = 0.0

    def admits(self, name: str, secret: str) -> bool:
        """Check REST credentials in constant time: the account's sid with either token."""
        tokens = [self.token] + ([self.secondary] if self.secondary else [])
        matches = [hmac.compare_digest(secret.encode(), token.encode()) for token in tokens]
        return name == self.sid and any(matches)

    def promote(self) -> str:
        """Make the secondary token the primary one; the old primary is gone. Return the new."""
        if self.secondary is None:
            raise ValueError("there is no secondary token to promote")
        self.token, self.secondary = self.secondary, None
        return self.token

    def signing_key(self) -> str:
        """Return the key that signs hooks now."""
        return self.shared_key if self.scheme is Scheme.SHA256 else self.token

    def owns(self, number: str) -> bool:
        """Tell whether a number may be shown as ours."""
        return (
            number in self.numbers or number in self.verified or number == phones.MAGIC_FROM_VALID
        )

    def permits(self, number: str) -> bool:
        """Tell whether the account may ring a number's country."""
        return number.startswith(self.permitted)

    def slot(self, now: float) -> float:
        """Take the next place in the queue of creates; return the seconds to wait for it."""
        if self.calls_per_second is None:
            return 0.0
        start = max(now, self.next_slot)
        self.next_slot = start + 1.0 / self.calls_per_second
        return start - now

    def refusal(self, *, to: str, from_: str, calls: int) -> Refusal | None:
        """Return why this account may not ring `to` from `from_`, None when it may."""
        if phones.is_premium(to):
            return Refusal(400, 21202, f"Account not allowed to call {to}")
        if to in phones.MAGIC_TO:
            code = phones.MAGIC_TO[to]
            return (
                codes.not_permitted(to) if code == 21215 else codes.bad_value("To", to, code=code)
            )
        if not phones.is_e164(to) or to == from_:
            return codes.bad_to(to)
        if not phones.is_e164(from_) or from_ == phones.MAGIC_FROM_INVALID:
            return codes.bad_from(from_)
        if not self.owns(from_):
            return codes.not_owned(from_)
        if not self.permits(to):
            return codes.not_permitted(to)
        if self.barred and to.startswith(self.barred):
            return codes.bad_value("To", to, code=21216)
        if self.trial and to not in self.verified:
            return codes.trial(to)
        if self.most_calls is not None and calls >= self.most_calls:
            return codes.concurrency()
        return None
