"""A phone drive over real HTTP: its people ring one after another, talk to offices and answer."""

from __future__ import annotations

from collections import Counter

from callbridge.domain.drives import DriveState
from callbridge.service.drives import running
from callbridge.service.drives.views import DriveRequest
from tests.stories.stage import Stage, until

ZIPS = ("05401", "94110", "60614", "98101", "33130")
OPEN = {
    "DRIVE_RAMP_SECONDS": "0",
    "OFFICE_MAX_CALLS": "100",
    "OFFICE_CALLS_PER_MINUTE": "1000",
}


def listed(count: int, *keys: str, stage: Stage) -> str:
    """Return a list of people and teach each what to press."""
    lines = ["phone,zip,language,group,consent_source,consent_at"]
    for n in range(count):
        number = f"+12{n // 100 + 3:02d}55501{n % 100:02d}"
        stage.supporter(*keys, number=number)
        lines.append(f"{number},{ZIPS[n % len(ZIPS)]},en,,rally,2026-05-04")
    return "\n".join(lines)


def begin(stage: Stage, people: str) -> str:
    """Create and start a drive that may ring at any lawful hour."""
    request = DriveRequest(slug="attorney-general", window="08:00-21:00", days="all")
    made = running.create(stage.ctx, request, people)
    assert made.drive is not None, made
    assert not made.refused, made.refused
    running.start(stage.ctx, made.drive)
    return made.drive


def finished(stage: Stage, drive: str) -> bool:
    """Let the dialer work; tell whether everybody is done."""
    stage.dialer()
    return running.status(stage.ctx, drive).state is DriveState.FINISHED


def test_a_drive_of_twenty_people_rings_everybody_once_to_the_end(stage: Stage) -> None:
    stage.change(**OPEN)
    drive = begin(stage, listed(20, "1", "#", "#", "", stage=stage))
    until(lambda: finished(stage, drive), seconds=90)
    rung = Counter(call["supporter"]["to"] for call in stage.control.calls())
    view = running.status(stage.ctx, drive)
    assert (len(rung), set(rung.values())) == (20, {1})
    assert (view.by_state, view.by_cause) == ({"done": 20}, {"reached": 20})
    assert (view.rung, view.answered, view.keyed, view.unknown) == (20, 20, 20, 0)


def test_the_greeting_of_a_drive_says_who_and_for_what(stage: Stage) -> None:
    stage.change(**OPEN)
    drive = begin(stage, listed(1, "1", "#", "#", "", stage=stage))
    until(lambda: finished(stage, drive))
    story = stage.control.call(stage.control.calls()[0]["sid"], wait="settled")
    heard = " ".join(story["said"])
    assert "the Prairie League" in heard
    assert "press 9" in heard
