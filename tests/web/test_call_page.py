"""The call's page: live, a teleprompter, and step three filled in and correctable."""

from __future__ import annotations

import pytest

from callbridge.service import reading
from tests.web.quality import Page
from tests.web.setting import Site


def connected(site: Site, slug: str = "attorney-general", **more: object) -> str:
    """Carry a call to its first office and return its id."""
    call = site.call(slug, **more)
    site.voice(0)
    site.voice(1, Digits="1")
    site.voice(2, Digits="1")
    return call


def finish_bridge(site: Site, step: int) -> None:
    """End the office leg, answered."""
    site.voice(
        step,
        DialCallStatus="completed",
        DialCallSid=site.leg()["CallSid"].replace("CA0", "CAe"),
        DialCallDuration="75",
        DialBridged="true",
    )


def office_reports(site: Site, status: str) -> None:
    """Send a status callback of the office leg on the line."""
    order, leg = site.line.placed[-1], site.leg()
    with site.ctx.store.reading() as unit:
        record = unit.calls.by_token(order.token)
        assert record
        office = unit.calls.legs(record.id)[-1]
    sent = site.hook(
        f"/voice/{order.token}/status",
        leg
        | {
            "CallSid": leg["CallSid"].replace("CA0", "CAe"),
            "ParentCallSid": leg["CallSid"],
            "To": office.phone,
            "Direction": "outbound-dial",
            "CallStatus": status,
        },
    )
    assert sent.status_code == 200


def chosen(page: Page) -> list[str | None]:
    """List the answers that are filled in."""
    return [f["value"] for f in page.fields if f.get("type") == "radio" and "checked" in f]


def test_the_page_follows_the_call_from_ring_to_office(site: Site) -> None:
    call = site.call()
    page = f"/calls/{call}"
    assert "Your phone is ringing" in site.reader().get(page).text
    site.voice(0)
    assert "Press 1 on your phone" in site.reader().get(page).text
    site.voice(1, Digits="1")
    assert "Next: Senator" in site.reader().get(page).text
    site.voice(2, Digits="1")
    text = site.reader().get(page).text
    assert "Calling Senator" in text
    assert "data-since" in text
    assert 'aria-current="step"' in text
    office_reports(site, "ringing")
    assert "Calling Senator" in site.reader().get(page).text
    office_reports(site, "in-progress")
    assert "Connected to Senator" in site.reader().get(page).text


def test_the_script_is_filled_in_for_the_member_on_the_line(site: Site) -> None:
    call = connected(site, "safety-valve")
    view = reading.call_view(site.ctx, call)
    text = site.reader().get(f"/calls/{call}").text
    assert view.targets[0].name in text
    assert "{member}" not in text
    assert text.count('<details name="branch"') >= 3


def test_step_three_is_filled_in_from_the_keypad_and_correctable(site: Site) -> None:
    call = connected(site)
    finish_bridge(site, 3)
    site.voice(4, Digits="1")
    site.voice(5, Digits="5")
    page = site.reader().page(f"/calls/{call}")
    assert chosen(page) == ["spoke", "would-not-say"]
    answer = site.reader().post(
        f"/calls/{call}", data={"leg": "1", "q.happened": "spoke", "q.position": "leans-supports"}
    )
    assert answer.status_code == 303
    assert answer.location.endswith("#leg-1")
    assert chosen(site.reader().page(answer.location)) == ["spoke", "leans-supports"]
    leg = site.app.test_client().get(f"/api/v1/calls/{call}").json["legs"][0]
    given = [(a["meaning"], a["source"], a["superseded"]) for a in leg["answers"]]
    assert ("would-not-say", "keypad", True) in given
    assert ("leans-supports", "web", False) in given


def test_what_an_answer_does_not_lead_to_is_not_kept(site: Site) -> None:
    call = connected(site)
    finish_bridge(site, 3)
    form = {"leg": "1", "q.happened": "voicemail", "q.position": "supports"}
    assert site.reader().post(f"/calls/{call}", data=form).status_code == 303
    assert chosen(site.reader().page(f"/calls/{call}")) == ["voicemail"]


@pytest.mark.parametrize(
    "form",
    [
        {"leg": "1"},
        {"leg": "1", "q.happened": "nonsense"},
        {"leg": "1", "q.happened": "supports"},
        {"q.happened": "spoke"},
        {"leg": "9", "q.happened": "spoke"},
        {"leg": "x", "q.happened": "spoke"},
    ],
)
def test_a_form_that_says_nothing_sensible_is_shown_again(site: Site, form: dict[str, str]) -> None:
    call = connected(site)
    answer = site.reader().post(f"/calls/{call}", data=form)
    assert answer.status_code in {404, 422}
    assert not chosen(Page(answer.text))


def test_without_javascript_the_page_can_look_again_by_itself(site: Site) -> None:
    call = site.call()
    still = site.reader().get(f"/calls/{call}")
    assert "Refresh" not in still.headers
    assert "follow=yes" in still.text
    assert site.reader().get(f"/calls/{call}?follow=yes").headers["Refresh"] == "10"


def test_an_ended_call_no_longer_refreshes_and_thanks(site: Site) -> None:
    call = connected(site)
    finish_bridge(site, 3)
    path = f"/voice/{site.line.placed[-1].token}/status"
    site.hook(path, site.leg(CallStatus="completed", CallDuration="90"))
    answer = site.reader().get(f"/calls/{call}?follow=yes")
    assert "Refresh" not in answer.headers
    assert "Thank you for calling" in answer.text
    assert 'data-live="no"' in answer.text


def test_a_call_that_waits_for_its_turn_says_how_long(site: Site) -> None:
    with site.database.writing() as unit:
        while unit.pace.take(0.01):
            pass
    call = site.call()
    assert "Your phone rings soon" in site.reader().get(f"/calls/{call}").text


def test_the_page_keeps_the_revision_its_call_began_with(site: Site) -> None:
    call = connected(site)
    view = reading.call_view(site.ctx, call)
    assert reading.revision(site.ctx, view).digest == view.digest


def test_a_call_that_is_none_is_a_page_too(site: Site) -> None:
    answer = site.reader().get("/calls/none")
    assert answer.status_code == 404
