"""The dialer's loop: places what waits, settles what is unknown; beside it the housekeeping."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event, Thread

from callbridge.dialer.lines import Lines
from callbridge.dialer.notes import Notes
from callbridge.errors import DatabaseError
from callbridge.logs import log, say_always
from callbridge.service.after.texting import send_due
from callbridge.service.appointments.planning import keep_appointments
from callbridge.service.chores import QUICK, ROUNDS, SLOW
from callbridge.service.context import Context
from callbridge.service.deliveries.sending import deliver
from callbridge.service.dialing import place_waiting
from callbridge.service.drives.dialling import place_drives
from callbridge.service.drives.following import follow_up, look_after
from callbridge.service.jobs import run_due
from callbridge.service.restored import installation
from callbridge.service.settling import settle_unknown

_log = log(__name__)

PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0
# A database that was away has everybody waiting: its return is noticed within this.
LONGEST_WITHOUT_DATABASE_SECONDS = 2.0
BEAT_SECONDS = 5.0
JOBS_SECONDS = 1.0
RECEIVERS_AT_ONCE = 8
# A third of what a process of the web gets where both want all there is.
_NICE = 5


@dataclass(slots=True)
class _Chore:
    """Something done every so many seconds; its own fault delays it alone."""

    name: str
    every: float
    work: Callable[[], object]
    notes: Notes | None = None
    eager: bool = False
    due: float = 0.0
    faults: int = 0

    def run(self, now: float) -> bool:
        """Do it when it is due; tell whether it did something and may go on at once."""
        if now < self.due:
            return False
        try:
            done = self.work()
        except Exception as fault:  # noqa: BLE001 - one chore's fault must not stop the others
            self.faults += 1
            if self.notes is not None:
                self.notes.failed(self.name, fault)
            away = isinstance(fault, DatabaseError)
            longest = LONGEST_WITHOUT_DATABASE_SECONDS if away else LONGEST_PAUSE_SECONDS
            wait = min(longest, self.every * 2**self.faults)
            _log.exception("chore_failed", chore=self.name, again_in=wait)
            self.due = now + wait
            return False
        self.faults = 0
        if self.notes is not None:
            self.notes.ran(self.name, done)
        going_on = self.eager and bool(done)
        self.due = now if going_on else now + self.every
        return going_on


def give_way() -> None:
    """Let the web of this machine have its processors first, for this process from now on.

    Somebody on the line waits for a hook in silence; a ring may come a moment later.
    """
    if hasattr(os, "nice"):
        os.nice(_NICE)


def run(ctx: Context, *, stop: Event) -> None:
    """Work until `stop` is set; several dialers may run at once on one database.

    A chore that fails (the database restarts, the carrier is away) is logged and tried again
    later; it never ends the process.
    """
    if ctx.carrier is not None:
        ctx.carrier.get_ready()
    owner = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
    lines = Lines(ctx.settings.dials_at_once)
    receivers = Lines(RECEIVERS_AT_ONCE)
    notes = Notes()
    work: dict[str, Callable[[], object]] = {
        "beat": lambda: _beat(ctx, owner, notes),
        "place": lambda: place_waiting(ctx, owner=owner),
        "drives": lambda: place_drives(ctx, owner=owner, lines=lines),
        "follow-up": lambda: follow_up(ctx),
        "appointments": lambda: keep_appointments(ctx),
        "look-after": lambda: look_after(ctx),
        "texts": lambda: send_due(ctx, owner=owner),
        "settle-unknown": lambda: settle_unknown(ctx),
        "deliver": lambda: deliver(ctx, owner=owner, lines=receivers),
    }
    rounds = [_Chore(one.name, one.schedule.every, work[one.name], notes) for one in ROUNDS]
    leaving = [one for one in rounds if one.name == "deliver"]
    # It asks the carrier, who may take ten seconds to say nothing: nobody's ring waits for that.
    asking = [one for one in rounds if one.name == "settle-unknown"]
    # By itself, without a pause while there is somebody to ring: at thirty starts a second every
    # quarter of a second that another chore takes is seven people later.
    drives = [replace(one, eager=True) for one in rounds if one.name == "drives"]
    aside = {"deliver", "drives", "settle-unknown"}
    ringing = [one for one in rounds if one.name not in aside]
    quick = [_Chore("quick-jobs", JOBS_SECONDS, lambda: run_due(ctx, owner=owner, among=QUICK))]
    slow = [_Chore("slow-jobs", JOBS_SECONDS, lambda: run_due(ctx, owner=owner, among=SLOW))]
    # Apart from the ringing and each other: a download lets no supporter and no count wait.
    apart = (drives, asking, quick, slow, leaving)
    keepers = [Thread(target=_work, args=(ctx, chores, stop)) for chores in apart]
    _log.info("dialer_started", owner=owner)
    for keeper in keepers:
        keeper.start()
    try:
        _work(ctx, ringing, stop)
    finally:
        stop.set()
        for keeper in keepers:
            keeper.join()
        lines.close()
        receivers.close()
        _leave(ctx, owner)
    _log.info("dialer_stopped", owner=owner)


def _work(ctx: Context, chores: Sequence[_Chore], stop: Event) -> None:
    looking = _Chore("look-held", BEAT_SECONDS, lambda: _tell_held(ctx))
    let_go = ctx.timer.hold()
    try:
        while not stop.is_set():
            going_on = False
            for chore in (looking, *chores):
                if stop.is_set():
                    break
                going_on |= chore.run(ctx.timer.seconds())
            if not going_on:
                ctx.timer.wait(stop, PAUSE_SECONDS)
    finally:
        let_go()


def _tell_held(ctx: Context) -> None:
    """Let every line of this thread say that nothing is rung, while that is so."""
    say_always(held=installation(ctx).why)


def _beat(ctx: Context, owner: str, notes: Notes) -> None:
    with ctx.store.writing() as unit:
        unit.jobs.beat(owner)
    notes.write(ctx)


def _leave(ctx: Context, owner: str) -> None:
    try:
        with ctx.store.writing() as unit:
            unit.jobs.leave(owner)
    except DatabaseError as trouble:
        _log.warning("not_signed_off", owner=owner, why=trouble.sentence)
