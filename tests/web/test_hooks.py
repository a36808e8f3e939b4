"""The carrier's hooks over HTTP: signed ones move a call, forged ones nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from callbridge.domain.instructions import Instruction
from callbridge.domain.telephony import Hook, Reply
from callbridge.service import hooks
from callbridge.service.ports import Interpreter
from tests.web.setting import Site

HOOKS = (
    "/voice/{}/0",
    "/voice/{}/status",
    "/voice/{}/sorry",
    "/voice/inbound",
    "/voice/inbound/status",
    "/voice/sorry",
)


def test_a_signed_hook_is_answered_with_what_to_say(site: Site) -> None:
    site.call()
    answer = site.voice(0)
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    assert "<Gather" in answer.text
    assert "To go on, press 1" in answer.text


@pytest.mark.parametrize("path", HOOKS)
def test_an_unsigned_hook_is_refused_in_constant_words(site: Site, path: str) -> None:
    site.call()
    token = site.line.placed[-1].token
    answer = site.app.test_client().post(path.format(token), data=site.leg())
    assert (answer.status_code, answer.text) == (403, "Forbidden\n")


@pytest.mark.parametrize("path", HOOKS)
def test_a_hook_is_a_post_and_never_redirected(site: Site, path: str) -> None:
    client = site.app.test_client()
    assert client.get(path.format("x" * 32)).status_code == 405
    assert client.post(path.format("x" * 32) + "/").status_code == 404
    assert client.post("/" + path.format("x" * 32)).status_code == 404


def test_a_query_added_to_a_signed_hook_is_forged(site: Site) -> None:
    site.call()
    path = f"/voice/{site.line.placed[-1].token}/0"
    signed = site.hook(path, site.leg())
    assert signed.status_code == 200
    forged = site.app.test_client().post(
        f"{path}?x=1", data=site.leg(), headers={"X-Twilio-Signature": "nonsense"}
    )
    assert forged.status_code == 403


def test_a_hook_that_is_stored_twice_says_the_same(site: Site) -> None:
    site.call()
    assert site.voice(0).text == site.voice(0).text


def test_a_fault_in_storing_asks_for_the_hook_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.call()

    @contextmanager
    def broken() -> Iterator[None]:
        raise OSError("disk full")
        yield

    monkeypatch.setattr(site.database, "writing", broken)
    assert site.voice(0).status_code == 503


def test_a_fault_in_saying_is_said_and_what_was_stored_stays(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.call()
    site.voice(0)

    def unable(
        self: Interpreter, instructions: list[Instruction], *, hook: Hook, token: str, step: int
    ) -> Reply:
        raise RuntimeError("no words")

    with monkeypatch.context() as patch:
        patch.setattr(type(site.ctx.interpreter), "reply", unable)
        answer = site.voice(1, Digits="1")
    assert answer.status_code == 200
    assert "We are sorry" in answer.text
    assert "First of two" in site.voice(1, Digits="1").text


def test_the_apology_is_said_even_when_the_database_is_gone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.call()

    def gone(*_given: object) -> None:
        raise OSError("no database")

    monkeypatch.setattr(hooks, "sorry", gone)
    answer = site.hook(f"/voice/{site.line.placed[-1].token}/sorry", site.leg())
    assert answer.status_code == 200
    assert "We are sorry" in answer.text


def test_somebody_who_dials_in_is_greeted(site: Site) -> None:
    form = {
        "AccountSid": site.ctx.settings.twilio_account_sid,
        "CallSid": "CA" + "f" * 32,
        "From": "+12025550133",
        "To": site.line.number,
        "CallStatus": "ringing",
        "Direction": "inbound",
    }
    answer = site.hook("/voice/inbound", form)
    assert answer.status_code == 200
    assert "<Gather" in answer.text


def test_without_a_carrier_every_hook_is_forged(site: Site) -> None:
    site.call()
    form, path = site.leg(), f"/voice/{site.line.placed[-1].token}/0"
    site.app.extensions["callbridge"] = replace(site.ctx, carrier=None, interpreter=None)
    assert site.hook(path, form).status_code == 403


def test_a_hook_of_a_call_that_is_not_here_is_not_asked_for_again(site: Site) -> None:
    site.call()
    unknown = "/voice/0123456789abcdef0123456789abcdef/0"
    assert site.hook(unknown, site.leg()).status_code == 404
