"""Holds the telephones against the books while a drive runs: nobody twice, forgotten or stuck."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select

from callbridge.errors import RefusedError
from callbridge.service.drives import running as drives
from callbridge.service.drives.views import DriveView
from callbridge.store.drive_tables import contacts
from callbridge.store.epoch import epoch_now
from callbridge.store.tables import DUE, MOVING, TO_FOLLOW, attempts
from tests.stories.plant import Plant

# How long nothing must happen before the story's time is pushed, seconds of the wall; longer
# while somebody is due, for the pace may be closed by a 429.
_STILL, _STILL_DUE = 1.0, 6.0
# How far, seconds of the story: a little while the carrier is to be asked about somebody, so that
# it is asked at each of its times.
_PUSH, _PUSH_UNSURE = 120.0, 30.0


@dataclass
class Reckoning:
    """One drive and the people on its list; `pushed` are the seconds that nobody waited for.

    `pace_speed` is how much faster than the wall a pace that was slowed by a 429 recovers. No time
    is pushed while a request may be on its way to the carrier: it takes the wall's time.
    """

    plant: Plant
    drive: str
    people: list[str]
    pushed: float = 0.0
    pace_speed: float = 1.0
    _since: dict[tuple[str, int], float] = field(default_factory=dict)
    _stuck: set[tuple[str, int]] = field(default_factory=set)
    _numbers: dict[str, str] = field(default_factory=dict)
    _before: object = None
    _paused: bool = False
    _still: float = field(default_factory=time.monotonic)

    def rung(self) -> int:
        """Count the rings so far."""
        return len(self.plant.legs())

    def live_through(self, *, seconds: float) -> None:
        """Wait until everybody is through, pushing time when only time is waited for.

        Raises AssertionError when that has not come after so many seconds of the wall.
        """
        before = time.monotonic()
        end = before + seconds
        while not self.over():
            if self.pace_speed > 1:
                now = time.monotonic()
                self.plant.hasten_pace((self.pace_speed - 1) * (now - before))
                before = now
            if time.monotonic() > end:
                left = [row for row in self.look() if row.state != "planned"]
                raise AssertionError(f"not over: {left} of {self._view()}")
            time.sleep(0.25 if len(self.people) < 1000 else 1.0)

    def over(self) -> bool:
        """Look once; tell whether everybody rang or is reported, and nothing is under way.

        Once everybody is, the drive is paused: who was busy would ring again and again.
        """
        moving = self.look()
        if not self._paused and not self.forgotten():
            with suppress(RefusedError):  # it has finished by itself
                self.plant.patiently(lambda: drives.pause(self.plant.ctx, self.drive))
            self._paused = True
        if self._paused and not moving and self.plant.silent():
            return True
        now = (self.rung(), Counter(row.state for row in moving))
        asking = any(row.state == "dialing" for row in moving)
        if now != self._before or not self.plant.silent() or asking:
            self._before, self._still = now, time.monotonic()
        elif time.monotonic() - self._still > (_STILL_DUE if self._due() else _STILL):
            unsure = any(row.state == "unknown" for row in moving)
            self._push(_PUSH_UNSURE if unsure else _PUSH)
        return False

    def _due(self) -> bool:
        """Tell whether somebody of the drive is due now."""
        wanted = (
            select(attempts.c.id)
            .where(attempts.c.drive == self.drive, DUE, attempts.c.run_at <= self.plant.clock.now())
            .limit(1)
        )
        return bool(self.plant.rows(wanted))

    def _push(self, seconds: float) -> None:
        self.plant.pass_time(seconds)
        self.pushed += seconds
        self._still = time.monotonic()

    def look(self) -> list[Any]:
        """Return the attempts under way or not followed up, and note which of them are overdue.

        By the wall: an attempt that a push of the story's time made old has not waited for that.
        """
        wanted = select(
            attempts.c.id,
            attempts.c.state,
            attempts.c.dialing_at,
            (attempts.c.lease_until - epoch_now()).label("lease"),
        ).where(or_(MOVING, TO_FOLLOW), attempts.c.drive == self.drive)
        rows = self.plant.rows(wanted)
        asked = timedelta(seconds=self.plant.ctx.settings.unknown_checks[-1])
        now, story = time.monotonic(), self.plant.clock.now()
        overdue = {
            (row.state, row.id)
            for row in rows
            if (row.state == "claimed" and row.lease < 0)
            or (row.state in {"dialing", "unknown"} and row.dialing_at + asked < story)
        }
        # What is overdue waits for a dialer; while all are dead or starting, it waits for us.
        if not any(one.working() for one in self.plant.dialers.alive):
            self._since = {}
        self._since = {key: self._since.get(key, now) for key in overdue}
        lease = self.plant.ctx.settings.lease_seconds
        self._stuck |= {key for key, since in self._since.items() if now - since > lease}
        return rows

    def forgotten(self) -> int:
        """Count the people who neither rang nor are in a reported final state."""
        rang = {leg.to for leg in self.plant.legs()}
        wanted = select(contacts.c.phone_enc).where(
            contacts.c.drive == self.drive, contacts.c.final.is_(None)
        )
        waiting = {self._number(row.phone_enc) for row in self.plant.rows(wanted)}
        return len((waiting & set(self.people)) - rang)

    def _number(self, phone_enc: str) -> str:
        if phone_enc not in self._numbers:
            self._numbers[phone_enc] = self.plant.ctx.vault.decrypt(phone_enc)
        return self._numbers[phone_enc]

    def twice(self) -> int:
        """Count the people who rang oftener than our books have them ring."""
        wanted = (
            select(contacts.c.phone_enc, func.count().label("times"))
            .join(attempts, attempts.c.contact == contacts.c.id)
            .where(
                contacts.c.drive == self.drive,
                attempts.c.result.is_not(None),
                attempts.c.result != "not-placed",
            )
            .group_by(contacts.c.phone_enc)
        )
        books = {self._number(row.phone_enc): row.times for row in self.plant.rows(wanted)}
        rings = Counter(leg.to for leg in self.plant.legs())
        return sum(count > books.get(number, 0) for number, count in rings.items())

    def tell(self, **about: object) -> dict[str, int]:
        """Print the figures as one line of JSON, and return the three that must be 0."""
        view = self._view()
        figures = {
            "rung twice": self.twice(),
            "forgotten": self.forgotten(),
            "stuck": len(self._stuck) + len(self.look()),
        }
        shown: dict[str, object] = {
            "database": self.plant.kind,
            "people": len(self.people),
            **about,
            "rings": self.rung(),
            "by cause": dict(view.by_cause),
            "tries": self.tries(),
            "time pushed, s": self.pushed,
            "stuck as": dict(Counter(state for state, _ in self._stuck)),
        }
        print(json.dumps(shown | figures))  # noqa: T201 - the figures are the point
        return figures

    def tries(self) -> dict[str, int]:
        """Count the tries by what they came to."""
        wanted = (
            select(attempts.c.result, func.count().label("count"))
            .where(attempts.c.drive == self.drive, attempts.c.result.is_not(None))
            .group_by(attempts.c.result)
            .order_by(attempts.c.result)
        )
        return {row.result: row.count for row in self.plant.rows(wanted)}

    def _view(self) -> DriveView:
        return self.plant.patiently(lambda: drives.status(self.plant.ctx, self.drive))
