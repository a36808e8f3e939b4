"""The exchange itself: its parts put together, and what may be asked of it; speaks no HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import aiohttp

from callbridge.exchange import codes
from callbridge.exchange.account import Account, OwnNumber
from callbridge.exchange.callbacks import Callbacks
from callbridge.exchange.clock import Clock
from callbridge.exchange.codes import Refusal
from callbridge.exchange.conductor import Conductor, Fetch
from callbridge.exchange.dialling import dial
from callbridge.exchange.faults import Faults
from callbridge.exchange.hooks import Kind, Sender
from callbridge.exchange.inbox import Diverted, Ended
from callbridge.exchange.journal import Journal, Warned
from callbridge.exchange.legs import Direction, Leg, Progress, Status, Subscription, Target
from callbridge.exchange.lines import Lines
from callbridge.exchange.orders import Create, Update
from callbridge.exchange.people import People
from callbridge.exchange.switches import Switches
from callbridge.exchange.texts import Texts

KEPT_LEGS = 50_000
KEEP_ALIVE = 1.0
"""Seconds an idle connection to the application is kept: less than servers keep theirs."""

RETRY_RULE = "#rc=3&rp=ct,rt,5xx"


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A telephone exchange for one account. Make it with `open_exchange` inside a running loop."""

    account: Account
    clock: Clock
    journal: Journal
    faults: Faults
    switches: Switches
    people: People
    lines: Lines
    conductor: Conductor
    texts: Texts
    session: aiohttp.ClientSession
    tasks: set[asyncio.Task[None]]
    app_url: str = ""

    @property
    def warnings(self) -> list[Warned]:
        """Return what the carrier's debugger would show, in order."""
        return list(self.journal.warnings)

    @property
    def legs(self) -> Iterable[Leg]:
        """Return every leg in order of creation."""
        return self.lines.legs.values()

    def leg(self, sid: str) -> Leg | None:
        """Return a leg by sid."""
        return self.lines.legs.get(sid)

    def place(self, create: Create) -> Leg | Refusal:
        """Create a call: queued now, dialled when the pace allows."""
        refusal = self.account.refusal(to=create.to, from_=create.from_, calls=self.lines.live)
        if refusal is not None:
            return refusal
        wait = self.account.slot(self.clock.seconds())
        leg = self._leg(create.to, create.from_, Direction.API)
        leg.voice, leg.fallback = create.voice, create.fallback
        leg.ring_seconds, leg.time_limit = create.ring_seconds, create.time_limit
        leg.send_digits, leg.amd = create.send_digits, create.amd
        leg.queue_ms = round(wait * 1000)
        own = self.account.numbers.get(create.from_)
        leg.number_sid = own.sid if own else None
        if create.callback is not None:
            url, method, events = create.callback
            leg.subscription = Subscription(url=url, method=method, events=events)
        self._add(leg)
        self.clock.call_later(wait, lambda: self.lines.place(leg))
        return leg

    def dial_in(self, *, from_: str, to: str) -> Leg | Refusal:
        """Let a person ring one of our numbers; `from_` may be anonymous."""
        own = self.account.numbers.get(to)
        if own is None or not own.voice_url:
            return codes.unknown(to)
        leg = self._leg(to, from_, Direction.INBOUND)
        leg.number_sid = own.sid
        leg.voice = Target(url=own.voice_url, method=own.voice_method)
        leg.fallback = Target(url=own.fallback_url) if own.fallback_url else None
        if own.status_callback:
            leg.subscription = Subscription(
                url=own.status_callback, events=frozenset({Progress.COMPLETED})
            )
        self._add(leg)
        leg.started_at = self.clock.now()
        self.lines.ring(leg)
        self._conduct(leg)
        return leg

    def update(self, leg: Leg, update: Update) -> Refusal | None:
        """End, divert or change a call."""
        if update.voice is not None and update.status is None:
            if leg.status is not Status.IN_PROGRESS:
                return codes.not_in_progress()
            self._divert(leg, update.voice)
        if update.fallback is not None:
            leg.fallback = update.fallback
        if update.callback is not None:
            url, method = update.callback
            leg.subscription = leg.subscription or Subscription(url=url, method=method)
            leg.subscription.url, leg.subscription.method = url, method
        if update.time_limit is not None:
            self.lines.limit(leg, update.time_limit)
        talking = leg.status is Status.IN_PROGRESS
        if update.status == "completed" or (update.status == "canceled" and not talking):
            self.lines.finish(leg, Status.CANCELED, by="rest")
        return None

    def forget(self, leg: Leg) -> Refusal | None:
        """Delete a finished call's record."""
        if not leg.over:
            return codes.not_finished()
        del self.lines.legs[leg.sid]
        return None

    async def close(self) -> None:
        """Stop everything: timers, calls, hooks."""
        self.clock.stop()
        waiting = self.tasks | self.lines.callbacks.tasks
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await self.texts.close()
        await self.session.close()

    def _leg(self, to: str, from_: str, direction: Direction) -> Leg:
        now = self.clock.now()
        return Leg(
            to=to,
            from_=from_,
            direction=direction,
            created_at=now,
            updated_at=now,
            created_second=self.clock.seconds(),
        )

    def _add(self, leg: Leg) -> None:
        self.lines.add(leg)
        legs = self.lines.legs
        while len(legs) > KEPT_LEGS and next(iter(legs.values())).over:
            del legs[next(iter(legs))]

    def _conduct(self, leg: Leg) -> None:
        """Run the documents of an answered leg (or of an inbound one that still rings)."""
        if leg.voice is None or (
            leg.direction is Direction.INBOUND and leg.answered_second is not None
        ):
            return
        self._start(leg, Fetch(target=leg.voice, kind=Kind.VOICE))

    def _start(self, leg: Leg, fetch: Fetch) -> None:
        leg.first.busy += 1
        task = asyncio.create_task(self._run(leg, fetch))
        self.tasks.add(task)
        task.add_done_callback(self._done)

    async def _run(self, leg: Leg, fetch: Fetch) -> None:
        try:
            await self.conductor.run(leg, fetch)
        finally:
            leg.first.busy -= 1
            self.journal.wake()

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.journal.note("bug", error=repr(error))
            raise error

    def _divert(self, leg: Leg, target: Target) -> None:
        """Give a leg another document; a dialled leg leaves its bridge for it."""
        if leg.parent is None:
            leg.inbox.put(Diverted(target))
            return
        leg.part()
        leg.parent.inbox.put(Ended(leg, left=True))
        self._start(leg, Fetch(target=target, kind=Kind.VOICE))


def _own(number: str, app_url: str) -> OwnNumber:
    # The addresses and the retry rule that docs/carriers.md asks an operator to enter.
    if not app_url:
        return OwnNumber(number=number)
    return OwnNumber(
        number=number,
        voice_url=f"{app_url}/voice/inbound{RETRY_RULE}",
        fallback_url=f"{app_url}/voice/sorry",
        status_callback=f"{app_url}/voice/inbound/status{RETRY_RULE}",
        text_url=f"{app_url}/voice/texts/inbound{RETRY_RULE}",
    )


def open_exchange(
    *,
    account: Account,
    clock: Clock,
    app_url: str = "",
    seed: int = 1,
    numbers: Iterable[str] = (),
) -> Exchange:
    """Put an exchange together; `numbers` are owned, their hooks are `/voice/…` of `app_url`."""
    for number in numbers:
        account.numbers.setdefault(number, _own(number, app_url.rstrip("/")))
    journal, faults, switches = Journal(clock), Faults(seed), Switches()
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=["Accept-Encoding"],
    )
    sender = Sender(account=account, clock=clock, journal=journal, faults=faults, session=session)
    callbacks = Callbacks(account=account, clock=clock, faults=faults, sender=sender)
    people = People(clock=clock, switches=switches, seed=seed)
    lines = Lines(
        clock=clock, journal=journal, callbacks=callbacks, audience=people, conduct=_nobody
    )
    people.lines = lines
    conductor = Conductor(
        account=account,
        clock=clock,
        journal=journal,
        sender=sender,
        lines=lines,
        switches=switches,
        dial=dial,
    )
    exchange = Exchange(
        account=account,
        clock=clock,
        journal=journal,
        faults=faults,
        switches=switches,
        people=people,
        lines=lines,
        conductor=conductor,
        texts=Texts(account=account, clock=clock, sender=sender),
        session=session,
        tasks=set(),
        app_url=app_url.rstrip("/"),
    )
    lines.conduct = exchange._conduct
    return exchange


def _nobody(_: Leg) -> None:
    """Conduct nothing: the exchange is not put together yet."""
