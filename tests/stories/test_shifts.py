"""Shifts: one person on one line through several members and several campaigns, to a kind end."""

from __future__ import annotations

import re

import pytest

from callbridge.domain.budget import CallCost, cost_of, micros
from callbridge.domain.selection import Selection
from callbridge.library.files import files_of
from callbridge.service import publishing
from callbridge.service.context import Context
from callbridge.service.drives import running
from callbridge.service.drives.views import DriveRequest
from callbridge.service.figures import figures
from callbridge.service.money import ceilings
from callbridge.service.money.booking import ask_prices, book_ended
from callbridge.service.money.ceilings import set_ceiling
from tests.stories.stage import CAMPAIGNS, SUPPORTER, Stage
from tests.stories.test_appointments import rung

pytestmark = pytest.mark.sqlite_by_day
NIGHTLY = pytest.mark.nightly


def volunteer(stage: Stage, *shift: str) -> str:
    """Start a drive that is a shift, over one volunteer; return its id."""
    stage.change(DRIVE_RAMP_SECONDS="0")
    people = f"phone,zip,consent_source,consent_at\n{SUPPORTER},05401,rally,2026-05-04"
    request = DriveRequest(slug=shift[0], window="08:00-21:00", days="all", shift=shift)
    made = running.create(stage.ctx, request, people)
    assert made.drive is not None
    running.start(stage.ctx, made.drive)
    return made.drive


def of_drive(ctx: Context, drive: str) -> int:
    """Return what is booked for a drive, in millionths."""
    with ctx.store.reading() as unit:
        return ceilings.of_drive(ctx, unit, drive)[1].total


def lines(stage: Stage) -> list[tuple[str, str, list[str]]]:
    """Return campaign, door and offices' answers of every call, the oldest first."""
    with stage.ctx.store.reading() as unit:
        found = [
            line
            for slug in ("attorney-general", "safety-valve")
            for line in unit.reports.last_calls(slug, 10)
        ]
    told = [(line, stage.told(line.call)) for line in sorted(found, key=lambda x: x.created)]
    return [
        (line.campaign, line.door, [leg["reported"] for leg in one["legs"]]) for line, one in told
    ]


def test_a_shift_of_three_members_with_a_break(stage: Stage) -> None:
    drive = volunteer(stage, "safety-valve")
    for who in range(3):
        stage.office("05401", who, "supports")
    stage.supporter("1", "1", "1", "2", "", "1", "1", "2", "", "2")
    story = rung(stage)
    assert story.heard.count("For a break of 15 minutes, press 2.") == 2
    assert story.heard.endswith("We ring you in 15 minutes. Goodbye.")
    stage.clock.forward(minutes=15, seconds=5)
    stage.supporter("1", "1", "1", "2", "")
    rest = rung(stage)
    assert "That was the last one." in rest.heard or "Thank you for calling." in rest.heard
    assert lines(stage) == [
        ("safety-valve", "drive", ["spoke", "spoke"]),
        ("safety-valve", "ring-back", ["spoke"]),
    ]
    assert running.status(stage.ctx, drive).by_cause == {"reached": 1}


def test_a_shift_goes_on_with_another_campaign_on_the_same_line(stage: Stage) -> None:
    drive = volunteer(stage, "attorney-general", "safety-valve")
    for who in range(3):
        stage.office("05401", who, "supports")
    keys = ("1", "1", "1", "2", "", "#", "1", "1", "1", "2", "", "3", "")
    stage.supporter(*keys)
    story = rung(stage)
    assert "Next: " in story.heard
    assert "First of three: your representative" in story.heard
    assert story.heard.endswith("Goodbye.")
    assert lines(stage) == [
        ("attorney-general", "drive", ["spoke"]),
        ("safety-valve", "shift", ["spoke"]),
    ]
    # Both are the drive's, and both were placed: the line went from one to the other.
    for slug in ("attorney-general", "safety-valve"):
        funnel = figures(stage.ctx, slug, Selection(drive=drive)).figures.funnel
        assert (funnel.asked, funnel.created, funnel.bridged) == (1, 1, 1)
    # The carrier has one line with two offices: each conversation is charged its own.
    assert book_ended(stage.ctx) == 2
    stage.clock.forward(hours=1)
    assert ask_prices(stage.ctx) == 1
    carrier = stage.ctx.needed_carrier()
    leg, offices = carrier.fetch(stage.rung_last()), carrier.children(stage.rung_last())
    assert leg is not None and len(offices) == 2
    first, second = sorted(offices, key=lambda one: one.created)
    office_minute = stage.ctx.settings.office_minute_price
    ours = cost_of(
        CallCost(supporter=None, offices=[first.seconds or 0]),
        minute=0.0,
        office_minute=office_minute,
    )
    asked = micros((leg.price or 0.0) + (second.price or 0.0))
    assert of_drive(stage.ctx, drive) == ours + asked


@pytest.mark.parametrize(
    ("total", "day", "why"),
    [
        pytest.param(None, 0.0, "We have made all the calls that we can for today.", id="day"),
        pytest.param(
            0.0,
            None,
            "We have made all the calls that we can.",
            id="all",
            marks=pytest.mark.nightly,
        ),
        pytest.param(
            None, None, "There is nobody left to call now.", id="paused", marks=pytest.mark.nightly
        ),
    ],
)
def test_a_shift_says_why_it_ends_where_the_next_campaign_cannot_be_gone_on_with(
    stage: Stage, total: float | None, day: float | None, why: str
) -> None:
    volunteer(stage, "attorney-general", "safety-valve")
    if total is None and day is None:
        publishing.pause(stage.ctx, "safety-valve")
    set_ceiling(stage.ctx, "campaign:safety-valve", by="ada", total=total, day=day)
    stage.office("05401", 1, "supports")
    stage.supporter("1", "1", "1", "2", "", "#", "1", "")
    # The last hook's answer is lost on its way: what is told again is the same.
    stage.control.fault("lost-reply", where={"kind": "action"}, skip=6, times=1)
    story = rung(stage)
    assert len(story.voice_hooks[-1]["attempts"]) == 2
    before, _, last = story.heard.rpartition("To finish, press 3.")
    assert "Next: " in before
    assert last.strip() == (
        f"Thank you. {why} Thank you for calling. "
        "This was the Prairie League, 2 0 2, 5 5 5, 0 1 9 9. Goodbye."
    )
    assert lines(stage) == [("attorney-general", "drive", ["spoke"])]


def test_a_supporter_starts_a_shift_on_the_page_where_the_campaign_offers_it(stage: Stage) -> None:
    form = {"phone": SUPPORTER, "zip": "05401", "consent": "yes", "shift": "yes"}
    assert "Start a shift" not in stage.get("/c/attorney-general").text
    assert stage.http_status("/c/attorney-general", **form) == 422
    documents = dict(files_of(CAMPAIGNS / "attorney-general"))
    names = b'shift = ["safety-valve", "nobody-published-this"]\n'
    documents["campaign.toml"] = names + documents["campaign.toml"]
    publishing.publish(stage.ctx, "attorney-general", documents)
    page = stage.get("/c/attorney-general", lang="es").text
    assert "Empiece un turno" in page
    for who in range(3):
        stage.office("05401", who, "supports")
    stage.supporter("1", "1", "1", "2", "", "#", "1", "1", "1", "2", "", "3", "")
    answer = stage.post("/c/attorney-general", **form)
    call = answer.url.rpartition("/")[2]
    story = stage.story(call, sid=stage.rung_last())
    stage.calls.append(call)
    assert "First of three: your representative" in story.heard
    assert lines(stage) == [
        ("attorney-general", "page", ["spoke"]),
        ("safety-valve", "shift", ["spoke"]),
    ]
    over = stage.get(f"/calls/{call}").text
    assert "Your shift goes on" in over
    following = re.search(r'href="(/calls/[^"]+)" data-goes-on', over)
    assert following is not None
    assert "Thank you for calling" in stage.get(following[1]).text
