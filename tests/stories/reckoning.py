"""Holds the telephones against the books while a drive runs: nobody twice, forgotten or stuck."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select

from callbridge.service.drives import running as drives
from callbridge.service.drives.views import DriveView
from callbridge.store.drive_tables import contacts
from callbridge.store.epoch import epoch_now
from callbridge.store.tables import MOVING, TO_FOLLOW, attempts
from tests.stories.plant import Plant

# How long nothing must happen before the story's time is pushed, seconds of the wall.
_STILL = 2.0
_PUSH = 60.0


@dataclass
class Reckoning:
    """One drive and the people on its list; `pushes` counts the minutes nobody waited for.

    A `patient` one pushes no time while the carrier is still to be asked about somebody: its list
    lags by the wall's time.
    """

    plant: Plant
    drive: str
    people: list[str]
    patient: bool = False
    pushes: int = 0
    _since: dict[tuple[str, int], float] = field(default_factory=dict)
    _stuck: set[tuple[str, int]] = field(default_factory=set)
    _numbers: dict[str, str] = field(default_factory=dict)
    _before: object = None
    _still: float = field(default_factory=time.monotonic)

    def rung(self) -> int:
        """Count the rings so far."""
        return len(self.plant.legs())

    def live_through(self, *, seconds: float) -> None:
        """Wait until everybody is through, pushing time when only time is waited for.

        Raises AssertionError when that has not come after so many seconds of the wall.
        """
        end = time.monotonic() + seconds
        while not self.over():
            if time.monotonic() > end:
                left = [row for row in self.look() if row.state != "planned"]
                raise AssertionError(f"not over: {left} of {self._view()}")
            time.sleep(0.25 if len(self.people) < 100 else 2.0)

    def over(self) -> bool:
        """Look once; tell whether everybody rang or is reported, and nothing is under way."""
        moving = self.look()
        if not moving and self.plant.silent() and not self.forgotten():
            return True
        now = (self.rung(), Counter(row.state for row in moving))
        unsure = any(row.state in {"dialing", "unknown"} for row in moving)
        if now != self._before or not self.plant.silent() or (self.patient and unsure):
            self._before, self._still = now, time.monotonic()
        elif time.monotonic() - self._still > _STILL:
            self.plant.clock.forward(seconds=_PUSH)
            self.pushes += 1
            self._still = time.monotonic()
        return False

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
            "time pushed, s": self.pushes * _PUSH,
            "stuck as": dict(Counter(state for state, _ in self._stuck)),
        }
        print(json.dumps(shown | figures))  # noqa: T201 - the figures are the point
        return figures

    def _view(self) -> DriveView:
        return self.plant.patiently(lambda: drives.status(self.plant.ctx, self.drive))
