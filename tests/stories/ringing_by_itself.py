"""A dialer that works by itself beside a story that somebody tells in a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.stories.stage import Stage

EVERY = 0.05


@contextmanager
def ringing_by_itself(stage: Stage) -> Iterator[None]:
    """Let the dialer do its rounds in a thread; what went wrong there is raised here."""
    over, trouble = threading.Event(), list[BaseException]()

    def rounds() -> None:
        try:
            while not over.wait(EVERY):
                stage.dialer()
        except BaseException as error:  # noqa: BLE001  raised below, in the story's own thread
            trouble.append(error)

    thread = threading.Thread(target=rounds)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(30)
    if trouble:
        raise trouble[0]
