"""The `<Dial>` verb: rings offices, bridges one, says how it ended; runs no other verb.

Source: Twilio's Dial and Number pages; the parameters of the action as in captured traffic.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urljoin

from callbridge.exchange import params, phones, speech
from callbridge.exchange.codes import Trouble
from callbridge.exchange.conductor import Conductor, Fetch, Step, Stop
from callbridge.exchange.hooks import Kind
from callbridge.exchange.inbox import Answered, Diverted, Ended, Gone, Happening, Key, Whispered
from callbridge.exchange.legs import Direction, Leg, Progress, Status, Subscription, Target
from callbridge.exchange.switches import AfterHangUp
from twiml import Dial, Number

LONGEST_BRIDGE = 14_400.0
MOST_NUMBERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a Dial ended: `child` is the leg that answered, or the last one that did not.

    `interruption` is what tore the supporter away from it, if anything did.
    """

    status: str
    child: Leg | None = None
    bridged: bool = False
    left: bool = False
    interruption: Gone | Diverted | None = None


async def dial(conductor: Conductor, leg: Leg, verb: Dial, base: str) -> Step:
    """Run one Dial and return what follows: its action, or the next verb."""
    dialling = Dialling(conductor=conductor, leg=leg, verb=verb, base=base)
    result = await dialling.run()
    conductor.journal.note(
        "dialled",
        call=leg.call_sid,
        leg=leg.sid,
        status=result.status,
        bridged=result.bridged,
        office=result.child.sid if result.child else None,
    )
    action = _action(conductor, verb, base, result)
    match result.interruption:
        case Diverted() as diverted:
            return conductor.interrupted(diverted)
        case Gone():
            if action is not None:
                await _after_hang_up(conductor, leg, action)
            return Stop.ENDED
        case None:
            return action


def _action(conductor: Conductor, verb: Dial, base: str, result: Result) -> Fetch | None:
    if not verb.action:
        return None
    return Fetch(
        target=Target(url=urljoin(base, verb.action), method=verb.method or "POST"),
        kind=Kind.ACTION,
        extra=params.dialled(
            result.child, status=result.status, bridged=result.bridged, left=result.left
        ),
    )


async def _after_hang_up(conductor: Conductor, leg: Leg, action: Fetch) -> None:
    """Request the action of a Dial whose supporter is gone, as the switch says; run no answer."""
    switches = conductor.switches
    if switches.action_after_hang_up is AfterHangUp.OFF:
        return
    if switches.action_after_hang_up is AfterHangUp.LATE:
        await conductor.clock.sleep(switches.late_seconds)
    await conductor.post(leg, action)


@dataclass(slots=True, kw_only=True)
class Dialling:
    """One Dial under way on a supporter's leg."""

    conductor: Conductor
    leg: Leg
    verb: Dial
    base: str

    async def run(self) -> Result:
        """Ring all numbers, or one after the other, and stay until it is over."""
        shown = self._shown()
        numbers = [(number, phones.as_dialled(number.phone)) for number in self.verb.numbers]
        if shown is None or not numbers or not self._permitted([to for _, to in numbers]):
            return Result(status=Status.FAILED)
        rounds = [[pair] for pair in numbers] if self.verb.sequential else [numbers]
        result = Result(status=Status.FAILED)
        for pairs in rounds[:MOST_NUMBERS]:
            children = [self._child(number, to, shown) for number, to in pairs[:MOST_NUMBERS] if to]
            result = await self._ring(children)
            if result.bridged or result.interruption is not None or self.leg.over:
                break
        return result

    def _shown(self) -> str | None:
        """Return the number the office sees; None when the document may not show it (13214)."""
        wanted = self.verb.caller_id or self.leg.from_
        if wanted in {self.leg.to, self.leg.from_} or self.conductor.account.owns(wanted):
            return wanted
        self._warn(Trouble.CALLER_ID, f"callerId {wanted} is neither ours nor the supporter's")
        return None

    def _permitted(self, numbers: list[str | None]) -> bool:
        account, lines = self.conductor.account, self.conductor.lines
        for to in numbers:
            if to is None:
                self._warn(Trouble.INVALID_NUMBER, "Dial: no telephone number")
            elif not account.permits(to):
                self._warn(Trouble.COUNTRY, f"Dial: not permitted to call {to}")
            elif account.barred and to.startswith(account.barred):
                self._warn(Trouble.BLOCKED_NUMBER, f"Dial: {to} is blocked")
            elif account.most_calls is not None and lines.live >= account.most_calls:
                self._warn(Trouble.CONCURRENCY, "Dial: too many calls at once")
            else:
                continue
            return False
        return True

    def _warn(self, code: Trouble, sentence: str) -> None:
        self.conductor.journal.warn(code, sentence, call=self.leg.call_sid, url=self.base)

    def _child(self, number: Number, to: str, shown: str) -> Leg:
        now = self.conductor.clock.now()
        ring = 30 if self.verb.timeout is None else min(max(self.verb.timeout, 5), 600)
        words = number.status_callback_event or ("completed",)
        callback = number.status_callback
        child = Leg(
            to=to,
            from_=shown,
            direction=Direction.DIAL,
            created_at=now,
            updated_at=now,
            parent=self.leg,
            ring_seconds=ring + self.conductor.switches.dial_grace,
            time_limit=LONGEST_BRIDGE,
            send_digits=number.send_digits or "",
            voice=Target(url=urljoin(self.base, number.url), method=number.method or "POST")
            if number.url
            else None,
            subscription=Subscription(
                url=urljoin(self.base, callback),
                method=number.status_callback_method or "POST",
                events=frozenset(Progress(word) for word in words if word in set(Progress)),
            )
            if callback
            else None,
        )
        self.conductor.lines.add(child)
        self.conductor.lines.place(child)
        self.conductor.lines.audience.dialling(self.leg)
        return child

    async def _ring(self, children: list[Leg]) -> Result:
        """Wait until one of the legs answers or none can any more."""
        while True:
            happening = await self.leg.inbox.get(self.conductor.clock, None)
            match happening:
                case Answered(leg=child) if child in children:
                    self._cancel(children, but=child)
                    return await self._prepare(child)
                case Ended(leg=child) if child in children:
                    if all(one.over for one in children):
                        return Result(status=child.status.value, child=child)
                case Key(key="*") if self.conductor.switches.star_while_ringing:
                    self._cancel(children)
                    return Result(status=Status.NO_ANSWER, child=children[-1])
                case Gone() | Diverted():
                    self._cancel(children)
                    return Result(
                        status=Status.CANCELED, child=children[-1], interruption=happening
                    )
                case _:
                    continue

    def _cancel(self, children: list[Leg], *, but: Leg | None = None) -> None:
        for child in children:
            if child is not but:
                self.conductor.lines.finish(child, Status.CANCELED, by="carrier", sip=487)

    async def _prepare(self, child: Leg) -> Result:
        """Send tones and say the whisper to the office, then bridge."""
        whisper = asyncio.create_task(self._whisper(child)) if self._has_whisper(child) else None
        while whisper is not None:
            happening = await self.leg.inbox.get(self.conductor.clock, None)
            match happening:
                case Whispered(leg=leg) if leg is child and not child.over:
                    whisper = None
                case Ended(leg=leg) if leg is child:
                    return Result(status=Status.NO_ANSWER, child=child)
                case Gone() | Diverted():
                    self.conductor.lines.finish(child, Status.COMPLETED, by="supporter")
                    return Result(status=Status.CANCELED, child=child, interruption=happening)
                case _:
                    continue
        return await self._bridge(child)

    def _has_whisper(self, child: Leg) -> bool:
        return child.voice is not None or bool(child.send_digits)

    async def _whisper(self, child: Leg) -> None:
        if child.send_digits:
            await self.conductor.clock.sleep(speech.tone_seconds(child.send_digits))
        if child.voice is not None and not child.over:
            fetch = Fetch(target=child.voice, kind=Kind.WHISPER)
            await self.conductor.documents(child, fetch, whisper=True)
        self.leg.inbox.put(Whispered(child))

    async def _bridge(self, child: Leg) -> Result:
        """Join the two until the office, the star, the limit or the supporter ends it."""
        conductor, leg = self.conductor, self.leg
        if leg.status is Status.RINGING:
            conductor.lines.answer(leg)
        leg.peer, child.peer = child, leg
        conductor.journal.note("bridged", call=leg.call_sid, leg=leg.sid, office=child.sid)
        conductor.lines.audience.bridged(leg, child)
        conductor.lines.audience.bridged(child, leg)
        end = conductor.clock.seconds() + float(self.verb.time_limit or LONGEST_BRIDGE)
        while True:
            left = max(end - conductor.clock.seconds(), 0.0)
            happening = await leg.inbox.get(conductor.clock, left)
            result = self._after(child, happening)
            if result is not None:
                return result

    def _after(self, child: Leg, happening: Happening | None) -> Result | None:
        """Return how the bridge ended, None when it goes on."""
        finish = self.conductor.lines.finish
        done = Result(status=Status.COMPLETED, child=child, bridged=True)
        match happening:
            case None:
                finish(child, Status.COMPLETED, by="time-limit")
            case Key(key="*") if self.verb.hangup_on_star:
                finish(child, Status.COMPLETED, by="star")
            case Ended(leg=leg, left=left) if leg is child:
                return Result(status=Status.COMPLETED, child=child, bridged=True, left=left)
            case Gone():
                return Result(
                    status=Status.COMPLETED, child=child, bridged=True, interruption=happening
                )
            case Diverted():
                finish(child, Status.COMPLETED, by="rest")
                return Result(
                    status=Status.COMPLETED, child=child, bridged=True, interruption=happening
                )
            case _:
                return None
        return done
