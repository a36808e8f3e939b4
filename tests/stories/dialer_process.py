"""A dialer in a process of its own on a story's clock, to be killed: settings by environment."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from threading import Event

from callbridge.compose import build_context
from callbridge.dialer import loop
from callbridge.settings import load
from tests.stories.stage import StoryClock

if __name__ == "__main__":
    clock = StoryClock(datetime.fromisoformat(sys.argv[1]))
    loop.run(replace(build_context(load()), clock=clock), stop=Event())
