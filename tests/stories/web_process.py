"""The web on a story's clock, for gunicorn to serve; the environment names the clock's file."""

from __future__ import annotations

import faulthandler
import os
import signal
from pathlib import Path

from callbridge.app import create_app
from callbridge.compose import build_context
from callbridge.settings import load
from tests.stories.story_clock import StoryClock

faulthandler.register(signal.SIGUSR2, all_threads=True)
app = create_app(
    context=build_context(load(), clock=StoryClock.shared(Path(os.environ["STORY_CLOCK"])))
)
