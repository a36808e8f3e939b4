"""Counts the dials of a plan that are under way side by side; knows no person and no carrier."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition
from typing import TypeVar

Made = TypeVar("Made")


class Abreast:
    """At most so many dials between their claim and their commit; the first fault is kept.

    A dial waits for the database most of its time. One after another they would reach a fraction
    of the pace; all at once they would wait for each other.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._changed = Condition()
        self._fault: Exception | None = None
        self._under_way = 0
        self.made = 0

    def room(self, most: int) -> bool:
        """Wait until one more may begin; tell whether `most` may still be made with it."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._under_way == 0
                    or (self._under_way < self._most and self.made + self._under_way < most)
                )
            )
            return self.made < most and self._fault is None

    def begin(self) -> None:
        """Count one more as under way; `run` ends it."""
        with self._changed:
            self._under_way += 1

    def run(self, dial: Callable[[], Made | None]) -> Made | None:
        """Make a dial that has begun; return what it made, None after a fault."""
        made = None
        try:
            made = dial()
        except Exception as fault:  # noqa: BLE001 - it is raised by `settle`
            with self._changed:
                self._fault = self._fault or fault
        finally:
            with self._changed:
                self._under_way -= 1
                self.made += made is not None
                self._changed.notify_all()
        return made

    def settle(self) -> None:
        """Wait until nothing is under way. Raises the first fault there was."""
        with self._changed:
            self._changed.wait_for(lambda: self._under_way == 0)
            fault, self._fault = self._fault, None
        if fault is not None:
            raise fault
