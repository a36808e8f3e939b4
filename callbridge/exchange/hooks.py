"""Delivers hooks: retried, followed and bounded as Twilio does, faults included; knows no TwiML.

Time-outs are seconds of the wall at any speed of the clock: an application answers in its own
time, and a fast clock must not call a healthy one late.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from urllib.parse import urljoin

import aiohttp

from callbridge.exchange import delivery
from callbridge.exchange.account import Account
from callbridge.exchange.clock import Clock
from callbridge.exchange.codes import Trouble
from callbridge.exchange.delivery import Retry, RetryRule
from callbridge.exchange.faults import Faults, HookFault
from callbridge.exchange.journal import Journal
from callbridge.exchange.params import Pairs
from callbridge.exchange.wire import Attempt, Failure, Outcome, Reply, Shot, Strikes, shoot

MOST_AT_ONCE = 256
RETRY_GAP = 0.2
"""Seconds of the wall between two deliveries; Twilio publishes none."""

_NOT_RESENT = frozenset({"Digits", "SpeechResult", "RecordingUrl"})
_ONCE: Strikes = frozenset({HookFault.DROP, HookFault.LOST_REPLY, HookFault.RESET})
"""Faults that befall the first delivery only, so that a retry can be seen to work."""


class Kind(StrEnum):
    """What a hook is about."""

    VOICE = "voice"
    ACTION = "action"
    REDIRECT = "redirect"
    WHISPER = "whisper"
    FALLBACK = "fallback"
    STATUS = "status"
    TEXT = "text"


# Beside a conversation: nobody on a telephone waits for the answer.
_ASIDE = frozenset({Kind.STATUS, Kind.TEXT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One request to the application. `event` is the status callback's, else empty."""

    kind: Kind
    url: str
    method: str
    params: Pairs
    call: str
    leg: str
    number: str = ""
    event: str = ""


@dataclass(slots=True, kw_only=True)
class Sender:
    """Delivers the hooks of one account through one HTTP client, so many at once."""

    account: Account
    clock: Clock
    journal: Journal
    faults: Faults
    session: aiohttp.ClientSession
    _ids: count[int] = field(default_factory=lambda: count(1))
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))

    async def send(self, hook: Hook) -> Outcome:
        """Deliver a hook, faults and retries included, and return what came of it."""
        strikes = self.faults.strike(
            HookFault,
            kind=hook.kind.value,
            event=hook.event,
            number=hook.number,
            path=hook.url,
            call=hook.call,
        )
        for fault in strikes:
            if fault.kind is HookFault.SLOW:
                await self.clock.sleep(fault.seconds)
        kinds: Strikes = frozenset(fault.kind for fault in strikes)
        token = str(uuid.uuid4())
        if HookFault.TOGETHER in kinds:
            outcome, _ = await asyncio.gather(
                self._deliver(hook, token, kinds), self._deliver(hook, token, kinds)
            )
            return outcome
        outcome = await self._deliver(hook, token, kinds)
        if HookFault.DUPLICATE in kinds:
            await self._deliver(hook, token, kinds - _ONCE)
        return outcome

    async def _deliver(self, hook: Hook, token: str, strikes: Strikes) -> Outcome:
        began, attempts = time.monotonic(), list[Attempt]()
        rule = delivery.retry_rule(hook.url)
        if not delivery.is_loopback(hook.url):
            outcome: Outcome = _refused(hook.url)
        elif rule is None:
            sentence = "the retry rule in the fragment is malformed"
            outcome = Failure(code=Trouble.BAD_RETRY_RULE, sentence=sentence)
        else:
            waits = self.clock.held() if self._waited_for(hook) else nullcontext()
            with waits:
                async with self._room:
                    outcome = await self._attempts(hook, rule, token, strikes=strikes, log=attempts)
        self._log(hook, token, outcome, attempts=attempts, seconds=time.monotonic() - began)
        return outcome

    def _waited_for(self, hook: Hook) -> bool:
        """Tell whether the clock waits for a hook: nobody on the line hears of a status."""
        return hook.kind not in _ASIDE or self.clock.waits_for_all

    async def _attempts(
        self, hook: Hook, rule: RetryRule, token: str, *, strikes: Strikes, log: list[Attempt]
    ) -> Outcome:
        """Deliver until it works or the rule says no more; the whole within `rule.total`."""
        end = time.monotonic() + rule.total
        shot = Shot(
            method=hook.method,
            url=hook.url,
            params=hook.params,
            rule=rule,
            token=token,
            strikes=strikes,
            left=rule.total,
        )
        outcome = await self._once(shot, log)
        for _ in range(rule.count):
            reason = outcome.reason if isinstance(outcome, Failure) else None
            left = end - time.monotonic() - RETRY_GAP
            if reason is None or not rule.allows(reason) or left <= 0:
                break
            await asyncio.sleep(RETRY_GAP)
            outcome = await self._once(replace(shot, strikes=strikes - _ONCE, left=left), log)
        return outcome

    async def _once(self, shot: Shot, log: list[Attempt]) -> Outcome:
        """Deliver once, redirects followed. A redirected request carries no digits."""
        if HookFault.DROP in shot.strikes:
            lost = Failure(code=Trouble.RETRIEVAL, reason=Retry.READ, sentence="dropped on purpose")
            log.append(Attempt(url=shot.url, outcome=lost))
            return lost
        for _ in range(delivery.MOST_REDIRECTS + 1):
            attempt = await shoot(self.session, self.account, shot)
            log.append(attempt)
            if not attempt.location:
                break
            url = urljoin(attempt.url, attempt.location)
            if not delivery.is_loopback(url):
                return _refused(url)
            keep = attempt.outcome.status in {307, 308}
            shot = replace(
                shot,
                url=url,
                method=shot.method if keep else "GET",
                params=tuple(pair for pair in shot.params if pair[0] not in _NOT_RESENT),
            )
        else:
            return Failure(code=Trouble.TOO_MANY_REDIRECTS, sentence="more than 10 redirects")
        if HookFault.LOST_REPLY in shot.strikes:
            sentence = "reply lost on purpose"
            return Failure(code=Trouble.RETRIEVAL, reason=Retry.READ, sentence=sentence)
        return attempt.outcome

    def _log(
        self, hook: Hook, token: str, outcome: Outcome, *, attempts: list[Attempt], seconds: float
    ) -> None:
        reply = outcome if isinstance(outcome, Reply) else None
        self.journal.note(
            "hook",
            call=hook.call,
            leg=hook.leg,
            id=next(self._ids),
            hook=hook.kind.value,
            event=hook.event,
            method=hook.method,
            url=hook.url,
            params=dict(hook.params),
            token=token,
            status=outcome.status,
            seconds=round(seconds, 4),
            content_type=reply.content_type if reply else "",
            reply=reply.body.decode(errors="replace") if reply else "",
            problem=outcome.sentence if isinstance(outcome, Failure) else "",
            attempts=[attempt.as_json() for attempt in attempts],
        )
        if isinstance(outcome, Failure):
            self.journal.warn(outcome.code, outcome.sentence, call=hook.call, url=hook.url)


def _refused(url: str) -> Failure:
    return Failure(code=Trouble.RETRIEVAL, sentence=f"refused: {url} is not on loopback")
