"""After the call, told whole: the box, the hang-up, the text, both links, STOP, erase."""

from __future__ import annotations

import re
from typing import Any

from callbridge.domain.texts import TextState
from callbridge.library.files import files_of
from callbridge.service import publishing
from callbridge.service.after import texting
from callbridge.service.rolling import roll_up
from tests.stories.stage import CAMPAIGNS, LINE, SUPPORTER, Stage, until

HANGS_UP = {"like": "hangs-up-survey"}


def call_from_the_page(stage: Stage, **more: str) -> str:
    """Fill in the page's form, wait until the call is over, return its id."""
    form = {"phone": SUPPORTER, "zip": "05401", "consent": "yes", **more}
    address = f"{stage.url}/c/attorney-general"
    asked = stage._http.post(address, data=form, timeout=20, allow_redirects=False)
    assert asked.status_code == 303, asked.text
    call = asked.headers["Location"].split("?")[0].rsplit("/", 1)[-1]
    stage.calls.append(call)
    stage.story(call)
    return call


def texted(stage: Stage, count: int) -> list[dict[str, Any]]:
    """Let the dialer send, and wait for so many texts to be delivered."""
    texting.send_due(stage.ctx, owner="story")
    return list(until(lambda: _delivered(stage, count)))


def _delivered(stage: Stage, count: int) -> list[dict[str, Any]] | None:
    found = [text for text in stage.control.texts(SUPPORTER) if text["status"] == "delivered"]
    return found if len(found) == count else None


def path_in(body: str, kind: str) -> str:
    """Return the path of a link in a text."""
    found = re.search(rf"https?://[^/]+(/{kind}/[^\s)]+)", body)
    assert found is not None, body
    return found[1]


def send_form(stage: Stage, path: str, **form: str) -> int:
    """Post a form and return the status, redirects followed."""
    return int(stage._http.post(stage.url + path, data=form, timeout=20).status_code)


def test_who_hung_up_is_texted_answers_once_and_is_forgotten_on_request(stage: Stage) -> None:
    stage.change(TEXT_FROM=LINE)
    documents = dict(files_of(CAMPAIGNS / "attorney-general"))
    documents["campaign.toml"] = b"public_counter = true\n" + documents["campaign.toml"]
    publishing.publish(stage.ctx, "attorney-general", documents)
    assert stage.get("/c/attorney-general").text.count('name="text"') == 1
    stage.control.person(SUPPORTER, HANGS_UP)
    stage.office("05401", 1, "opposes")
    call = call_from_the_page(stage, text="yes")
    assert not [leg["answers"] for leg in stage.told(call)["legs"] if leg["answers"]]
    (text,) = texted(stage, 1)
    survey, page = path_in(text["body"], "answer"), path_in(text["body"], "mine")
    assert survey in stage.get(f"/calls/{call}").text
    for _ in range(2):  # as chat programs look ahead
        assert stage.get(survey).status_code == 200
    answer = {"leg1.q.happened": "spoke", "leg1.q.position": "opposes"}
    assert send_form(stage, survey, **answer) == 200
    assert send_form(stage, survey, **answer) == 409
    told = [a["meaning"] for a in stage.told(call)["legs"][0]["answers"]]
    assert told == ["spoke", "opposes"]
    assert "You told us" in stage.get(page).text
    roll_up(stage.ctx)
    with stage.ctx.store.reading() as unit:
        assert unit.figures.reached("attorney-general") == (1, 1)
    shown = stage.get("/api/v1/campaigns/attorney-general/counter").json()
    assert (shown["calls"], shown["members"]) == (None, None)  # one call is somebody
    assert texting.send_due(stage.ctx, owner="story") == 0
    until(lambda: _count(stage, TextState.DELIVERED) == 1)
    assert send_form(stage, f"{page}/erase", sure="yes") == 200
    assert "What this page knew was erased" in stage.get(page).text
    with stage.ctx.store.reading() as unit:
        record = unit.calls.by_id(call)
    assert record is not None
    assert (record.phone_hash, record.phone_enc, record.network) == (None, None, None)


def _count(stage: Stage, state: TextState) -> int:
    with stage.ctx.store.reading() as unit:
        return unit.texts.count(state)


def test_stop_by_text_is_honoured_and_a_lost_answer_sends_nothing_twice(stage: Stage) -> None:
    stage.change(TEXT_FROM=LINE)
    stage.control.person(SUPPORTER, HANGS_UP)
    stage.office("05401", 1, "opposes")
    stage.control.fault("500-after", where={"request": "text"})
    call_from_the_page(stage, text="yes")
    # The carrier took it and answered 500: it is on the telephone, and unknown to us until told.
    texted(stage, 1)
    until(lambda: _count(stage, TextState.DELIVERED) == 1)
    assert texting.send_due(stage.ctx, owner="story") == 0
    stage.control.text_in(SUPPORTER, "STOP")

    def stopped() -> bool:
        with stage.ctx.store.reading() as unit:
            return unit.texts.opted_out(stage.ctx.vault.hashes(SUPPORTER))

    until(stopped)
    assert send_form(stage, "/mine", phone=SUPPORTER, text="yes") == 200
    assert texting.send_due(stage.ctx, owner="story") == 0
    forged = stage._http.post(
        f"{stage.url}/voice/texts/inbound", data={"From": SUPPORTER, "Body": "START"}, timeout=20
    )
    assert forged.status_code == 403
    assert stopped()
