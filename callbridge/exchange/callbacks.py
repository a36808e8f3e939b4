"""Status callbacks: which are sent, numbered, and in which order; knows no verb and no person."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from callbridge.exchange import params
from callbridge.exchange.account import Account
from callbridge.exchange.clock import Clock
from callbridge.exchange.faults import CallbackFault, Faults
from callbridge.exchange.hooks import Hook, Kind, Sender
from callbridge.exchange.legs import Leg, Progress


@dataclass(slots=True, kw_only=True)
class Callbacks:
    """Sends each leg's callbacks one after the other, as the network mostly delivers them.

    The carrier promises no order; the fault `reorder` lets one be overtaken.
    """

    account: Account
    clock: Clock
    faults: Faults
    sender: Sender
    _last: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def emit(self, leg: Leg, event: Progress) -> None:
        """Send the callback for an event if the leg's subscription asks for it."""
        wanted = leg.subscription
        if wanted is None or event not in wanted.events:
            return
        hook = Hook(
            kind=Kind.STATUS,
            url=wanted.url,
            method=wanted.method,
            params=params.progress(
                leg, self.account.sid, event, number=wanted.sent, at=self.clock.now()
            ),
            call=leg.call_sid,
            leg=leg.sid,
            number=leg.person_number,
            event=event.value,
        )
        wanted.sent += 1
        late = self.faults.strike(
            CallbackFault,
            kind=hook.kind.value,
            event=hook.event,
            number=hook.number,
            path=hook.url,
            call=hook.call,
        )
        leg.first.busy += 1
        before = None if late else self._last.get(leg.sid)
        delay = late[0].seconds if late else 0.0
        task = asyncio.create_task(self._send(leg, hook, before, delay))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        if not late:
            self._last[leg.sid] = task

    async def _send(
        self, leg: Leg, hook: Hook, before: asyncio.Task[None] | None, delay: float
    ) -> None:
        try:
            if before is not None:
                await asyncio.wait([before])
            if delay:
                await self.clock.sleep(delay)
            await self.sender.send(hook)
        finally:
            leg.first.busy -= 1
            if self._last.get(leg.sid) is asyncio.current_task():
                del self._last[leg.sid]
            self.sender.journal.wake()
