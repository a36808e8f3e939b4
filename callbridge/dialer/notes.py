"""How a dialer's own rounds went, written down now and then for everybody to see; does none."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from callbridge.errors import CallbridgeError
from callbridge.service.chores import ROUNDS, Round
from callbridge.service.context import Context


@dataclass(slots=True)
class _Note:
    """What a round did since it was last written down; `failures` counts those in a row."""

    runs: int = 0
    done: int = 0
    failures: int = 0
    why: str = ""


class Notes:
    """The rounds of one dialer, from all its threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._notes: dict[str, _Note] = {}
        self._rounds = {one.name: one for one in ROUNDS}

    def ran(self, name: str, done: object) -> None:
        """Note that a round went well; a number says how much it did."""
        with self._lock:
            note = self._notes.setdefault(name, _Note())
            note.runs += 1
            note.failures = 0
            note.done += done if isinstance(done, int) and not isinstance(done, bool) else 0

    def failed(self, name: str, error: Exception) -> None:
        """Note that a round failed."""
        with self._lock:
            note = self._notes.setdefault(name, _Note())
            note.runs += 1
            note.failures += 1
            # Foreign errors may quote what must not be shown; their kind is enough.
            own = isinstance(error, CallbridgeError)
            note.why = str(error) if own else f"{type(error).__name__}; the log says more."

    def write(self, ctx: Context) -> None:
        """Write down what was noted since the last time."""
        with self._lock:
            notes, self._notes = self._notes, {}
            # Failures in a row go on until a round went well.
            self._notes = {
                name: _Note(failures=one.failures, why=one.why)
                for name, one in notes.items()
                if one.failures
            }
        found = [(self._rounds[name], one) for name, one in notes.items() if one.runs]
        with ctx.store.writing() as unit:
            for round_, note in found:
                unit.jobs.note(
                    round_.name,
                    every=round_.schedule.every,
                    failures=note.failures,
                    result=note.why if note.failures else said(round_, note.done),
                )


def said(round_: Round, done: int) -> str:
    """Say what a round did in the last seconds."""
    return round_.did.format(f"{done:,}")
