"""A dialer in a process of its own on a story's clock, to be killed: settings by environment.

`SIGUSR1` makes it write where each of its threads stands.
"""

from __future__ import annotations

import faulthandler
import signal
import sys
from pathlib import Path
from threading import Event

from callbridge.compose import build_context
from callbridge.dialer import loop
from callbridge.logs import configure
from callbridge.settings import load
from tests.stories.story_clock import StoryClock

if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    # As the command does: structlog's own way draws tracebacks for seconds.
    configure()
    clock = StoryClock.shared(Path(sys.argv[1]))
    loop.run(build_context(load(), clock=clock), stop=Event())
