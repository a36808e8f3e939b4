"""The process of one rehearsal: a scenario on standard input, progress and result as lines.

It is started with an environment made for it, in which no setting of the installation stands, and
it ends when the program that started it does. No code in it can connect beyond loopback.
"""

from __future__ import annotations

import signal
import sys
from threading import Event

import msgspec

from callbridge.cli.children import end_with_parent
from callbridge.errors import CallbridgeError
from callbridge.rehearsal.directing import Progress, direct
from callbridge.rehearsal.result import Result
from callbridge.rehearsal.scenario import unpack
from callbridge.rehearsal.walls import shut_in


class Line(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One line of output: exactly one of the three."""

    progress: Progress | None = None
    result: Result | None = None
    problem: str | None = None


def main() -> int:
    """Rehearse; return the exit code."""
    end_with_parent()
    shut_in()
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    scenario = unpack(sys.stdin.buffer.read())
    try:
        result = direct(scenario, tell=lambda how: _say(Line(progress=how)), stop=stop)
    except CallbridgeError as error:
        _say(Line(problem=error.sentence))
        return 1
    _say(Line(result=result))
    return 0


def _say(line: Line) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
