"""The process between the web and a rehearsal's: keeps how it goes, and ends it with the web."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import msgspec

from callbridge.cli.children import end_with_parent
from callbridge.errors import CallbridgeError
from callbridge.rehearsal.keeping import Shelf
from callbridge.rehearsal.rehearsing import follow
from callbridge.rehearsal.scenario import unpack
from callbridge.rehearsal.walls import shut_in
from callbridge.service.rehearsals import Rehearsal


def main() -> int:
    """Follow the rehearsal that standard input describes; return the exit code."""
    end_with_parent()
    shut_in()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begun, _, packed = sys.stdin.buffer.read().partition(b"\n")
    try:
        follow(
            unpack(packed),
            msgspec.json.decode(begun, type=Rehearsal),
            shelf=Shelf(Path(sys.argv[1])),
            tell=lambda how: None,
        )
    except CallbridgeError:
        return 1  # the kept file says why
    return 0


if __name__ == "__main__":
    sys.exit(main())
