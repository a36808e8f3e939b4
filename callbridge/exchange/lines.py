"""The life of a leg: placed, ringing, answered, ended; knows no TwiML and no behaviour.

Each step is refused when the leg's state does not allow it, so whoever comes second (a hang-up
beside a time-out) changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from callbridge.exchange.callbacks import Callbacks
from callbridge.exchange.clock import Clock, Timer
from callbridge.exchange.inbox import Answered, Ended, Gone
from callbridge.exchange.journal import Journal
from callbridge.exchange.legs import Caption, Direction, Leg, Progress, Status

SETUP_SECONDS = 0.5
"""From dialling to the first ring."""


class Audience(Protocol):
    """Whoever is on the legs: told what happens there, may act on the lines in return."""

    def ringing(self, leg: Leg) -> None:
        """The person's telephone rings (or, on an inbound leg, the person hears it ring)."""
        ...

    def answered(self, leg: Leg) -> None:
        """The leg was answered."""
        ...

    def heard(self, leg: Leg, caption: Caption) -> None:
        """Something begins to be said."""
        ...

    def asked(self, leg: Leg, prompt: str, *, num_digits: int | None) -> None:
        """A Gather opens: keys count from now on."""
        ...

    def dialling(self, leg: Leg) -> None:
        """An office is being rung while the supporter listens."""
        ...

    def bridged(self, leg: Leg, peer: Leg) -> None:
        """The two can hear each other."""
        ...

    def ended(self, leg: Leg) -> None:
        """The leg is over."""
        ...


@dataclass(slots=True, kw_only=True)
class Lines:
    """Moves legs through their lives and tells callbacks, journal and audience.

    `conduct` is called with a first leg that was answered; `legs` are all known legs by sid, in
    order of creation; `live` counts those not over.
    """

    clock: Clock
    journal: Journal
    callbacks: Callbacks
    audience: Audience
    conduct: Callable[[Leg], None]
    legs: dict[str, Leg] = field(default_factory=dict)
    live: int = 0
    _timers: dict[str, Timer] = field(default_factory=dict)

    def add(self, leg: Leg) -> None:
        """Make a leg known to the REST API."""
        self.legs[leg.sid] = leg
        self.live += 1
        if leg.parent is not None:
            leg.parent.children.append(leg)
        self._note(leg, "leg", end=leg.end, number=leg.person_number, from_=leg.from_, to=leg.to)

    def place(self, leg: Leg) -> None:
        """Dial: `initiated` now, the first ring a moment later."""
        if leg.over:
            return
        leg.started_at = leg.updated_at = self.clock.now()
        self._note(leg, "initiated")
        self.callbacks.emit(leg, Progress.INITIATED)
        self._timer(leg, SETUP_SECONDS, lambda: self.ring(leg))

    def ring(self, leg: Leg) -> None:
        """Ring until `ring_seconds` are over.

        An inbound leg rings until its number's hook answers: that wait is the wall's, not ours.
        """
        if not self._become(leg, Status.RINGING):
            return
        self._note(leg, "ringing", seconds=leg.ring_seconds)
        self.callbacks.emit(leg, Progress.RINGING)
        if leg.direction is not Direction.INBOUND:
            self._timer(
                leg,
                leg.ring_seconds,
                lambda: self.finish(leg, Status.NO_ANSWER, by="carrier", sip=487),
            )
        self.audience.ringing(leg)

    def answer(self, leg: Leg) -> bool:
        """Answer a ringing leg; False when it does not ring (any more)."""
        if not self._become(leg, Status.IN_PROGRESS):
            return False
        leg.answered_second = self.clock.seconds()
        self._note(leg, "answered")
        self.callbacks.emit(leg, Progress.ANSWERED)
        self._timer(
            leg, leg.time_limit, lambda: self.finish(leg, Status.COMPLETED, by="time-limit")
        )
        self.audience.answered(leg)
        if leg.parent is not None:
            leg.parent.inbox.put(Answered(leg))
        else:
            self.conduct(leg)
        return True

    def limit(self, leg: Leg, seconds: float) -> None:
        """Change how long an answered leg may last in all."""
        leg.time_limit = seconds
        if leg.answered_second is not None and not leg.over:
            left = leg.answered_second + seconds - self.clock.seconds()
            self._timer(leg, left, lambda: self.finish(leg, Status.COMPLETED, by="time-limit"))

    def finish(self, leg: Leg, status: Status, *, by: str, sip: int | None = None) -> bool:
        """End a leg and everything that hangs on it; False when it is over already.

        `status` counts only before an answer: an answered leg always ends as completed.
        """
        was = leg.status
        if not self._become(leg, Status.COMPLETED if was is Status.IN_PROGRESS else status):
            return False
        if leg.sid in self._timers:
            self._timers.pop(leg.sid).cancel()
        self.live -= 1
        leg.ended_at, leg.ended_second = leg.updated_at, self.clock.seconds()
        leg.ended_by, leg.sip_code = by, sip
        leg.caption = leg.awaiting = None
        leg.part()
        self._note(leg, "ended", by=by, seconds=leg.seconds(), was=was.value)
        leg.inbox.put(Gone())
        for child in leg.children:
            self.finish(child, Status.CANCELED, by=by, sip=487)
        self.callbacks.emit(leg, Progress.COMPLETED)
        if leg.parent is not None:
            leg.parent.inbox.put(Ended(leg))
        self.audience.ended(leg)
        return True

    def _become(self, leg: Leg, status: Status) -> bool:
        if not leg.may_become(status):
            return False
        leg.status, leg.updated_at = status, self.clock.now()
        return True

    def _timer(self, leg: Leg, seconds: float, callback: Callable[[], object]) -> None:
        if leg.sid in self._timers:
            self._timers[leg.sid].cancel()
        self._timers[leg.sid] = self.clock.call_later(seconds, callback)

    def _note(self, leg: Leg, kind: str, **data: object) -> None:
        self.journal.note(kind, call=leg.call_sid, leg=leg.sid, state=leg.status.value, **data)
