"""A stage for each story, on each database; at the end it is searched for broken promises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stories.stage import Stage, running_stage


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    """Put a stage up; afterwards nothing may be stuck, doubled or out of the carrier's rules."""
    with running_stage(database_url) as running:
        yield running
        running.strike()
