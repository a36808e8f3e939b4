"""Webhooks to real receivers on loopback, on both databases: signed, repeated, never in the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import func, select
from standardwebhooks import Webhook as Reader

from callbridge.dialer.lines import Lines
from callbridge.domain.deliveries import Webhook
from callbridge.errors import DeliveryError, NotFoundError, RefusedError
from callbridge.post.webhooks import WebPoster
from callbridge.service.answers import report
from callbridge.service.deliveries import webhooks
from callbridge.service.deliveries.handing_out import hand_out
from callbridge.service.deliveries.sending import deliver, forget_old
from callbridge.store.outbox_tables import deliveries, happenings
from tests.post.receivers import WebServer, web_server
from tests.service.setting import PHONE, Service

# On PostgreSQL by night.
pytestmark = pytest.mark.sqlite_by_day


@pytest.fixture(scope="module")
def one_receiver() -> Iterator[WebServer]:
    """Run one receiver for all these tests."""
    with web_server() as server:
        yield server


@pytest.fixture
def receiver(one_receiver: WebServer) -> WebServer:
    """Return the receiver as new."""
    one_receiver.answers, one_receiver.told = [], []
    return one_receiver


@pytest.fixture
def told(service: Service) -> Service:
    """Return a service that may tell this machine."""
    poster = WebPoster(loopback=True, seconds=(1.0, 2.0))
    return replace(service, ctx=replace(service.ctx, poster=poster))


def add(service: Service, server: WebServer, *events: str) -> tuple[Webhook, str]:
    """Register the receiver."""
    return webhooks.add(service.ctx, "water", server.url, by="ada@example.org", events=events)


def called(service: Service, phone: str = PHONE) -> str:
    """Let somebody call an office, hear that it supports the bill, and hang up."""
    started = service.start(phone)
    call = service.phone()
    call.answer()
    for _ in range(2):
        call.press("1")
    call.bridge_ends()
    call.press("1")
    call.press("2")
    call.hang_up()
    return started.call


def work(service: Service, **span: float) -> None:
    """Let time pass, then let the dialer hand out and deliver."""
    service.clock.forward(**span)
    hand_out(service.ctx)
    deliver(service.ctx, owner="dialer")


def test_a_receiver_is_told_what_happened_signed_and_with_nobodys_phone(
    told: Service, receiver: WebServer
) -> None:
    webhook, secret = add(told, receiver)
    call = called(told)
    work(told)
    types = [one["type"] for one in receiver.bodies()]
    assert types[-1] == "call.ended"
    assert types.count("answer.given") == 2
    for headers, body in receiver.told:
        Reader(secret).verify(body, headers)
        assert headers["webhook-id"].startswith("msg_")
        assert headers["content-type"] == "application/json"
        # Seven digits of any number, the call's own id, the hash that the number is kept by.
        for part in (r"555.?01\d\d", call, told.ctx.vault.hash("+12025550147")):
            assert not re.search(part, body.decode())
    answers = [one["data"] for one in receiver.bodies() if one["type"] == "answer.given"]
    assert [one["answer"] for one in answers] == ["spoke", "supports"]
    assert {one["campaign"] for one in answers} == {"water"}
    report(told.ctx, call, leg=1, question="position", meaning="opposes")
    work(told)
    changed = receiver.bodies()[-1]
    assert (changed["type"], changed["data"]["answer"]) == ("answer.changed", "opposes")
    assert changed["data"]["call"] == answers[0]["call"]
    assert webhook.secret != secret


def test_a_supporter_is_the_same_at_one_receiver_and_another_at_the_next(
    told: Service, receiver: WebServer
) -> None:
    add(told, receiver, "call.ended")
    add(told, receiver, "call.ended")
    called(told)
    called(told)
    work(told)
    people = [one["data"]["supporter"] for one in receiver.bodies()]
    assert len(people) == 4
    assert len(set(people)) == 2


def test_what_is_rolled_back_is_never_told_and_nothing_is_kept_without_a_receiver(
    told: Service, receiver: WebServer
) -> None:
    called(told)
    with told.database.reading() as unit:
        assert not unit.connection.scalar(select(func.count()).select_from(happenings))
    add(told, receiver)
    with pytest.raises(ZeroDivisionError), told.database.writing() as unit:
        unit.webhooks.note("water", webhooks.EVENTS[0], data="{}", at=told.clock.now())
        1 / 0  # noqa: B018
    work(told)
    assert receiver.told == []


def test_a_fault_brings_the_same_message_again_until_it_is_taken(
    told: Service, receiver: WebServer
) -> None:
    add(told, receiver, "call.ended")
    called(told)
    receiver.answers = [500, "reset", 302, 204]
    for _ in range(4):
        work(told, minutes=20)
    work(told, days=1)
    assert len(receiver.told) == 4
    assert len({headers["webhook-id"] for headers, _ in receiver.told}) == 1
    assert len({body for _, body in receiver.told}) == 1
    (view,) = webhooks.views(told.ctx, "water")
    assert (view.lane.waiting, view.lane.delivered, view.lane.dead) == (0, 1, 0)
    told.clock.forward(days=31)
    assert forget_old(told.ctx) == 1


def test_a_receiver_that_is_slow_delays_nobody_else(told: Service, receiver: WebServer) -> None:
    with web_server() as slow:
        slow.always = "slow"
        add(told, slow, "call.ended")
        add(told, receiver, "call.ended")
        called(told)
        hand_out(told.ctx)
        lines = Lines(4)
        begun = Thread(target=deliver, args=(told.ctx,), kwargs={"owner": "a", "lines": lines})
        begun.start()
        begun.join()
        while not receiver.told or not slow.told:
            pass
        # While the slow one is waited for, more is told to the other, and calls go on.
        called(told, "202-555-0148")
        hand_out(told.ctx)
        while len(receiver.told) < 2:
            deliver(told.ctx, owner="b", lines=lines)
        assert len(slow.told) == 1
        slow.released.set()
        lines.close()
    with told.database.reading() as unit:
        states = unit.connection.execute(
            select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        ).all()
    assert {row.state: row[1] for row in states} == {"delivered": 2, "waiting": 2}


def test_a_receiver_that_is_away_for_days_is_given_up_and_shown(
    told: Service, receiver: WebServer
) -> None:
    add(told, receiver, "call.ended")
    called(told)
    receiver.always = 503
    for _ in range(40):
        work(told, hours=3)
    receiver.always = 200
    work(told, days=1)
    (view,) = webhooks.views(told.ctx, "water")
    assert (view.lane.waiting, view.lane.dead) == (0, 1)
    assert view.lane.trouble == "Answered 503: not taken."
    assert len(receiver.told) < 30


def test_a_removed_webhook_is_told_nothing_more(told: Service, receiver: WebServer) -> None:
    webhook, _ = add(told, receiver)
    called(told)
    hand_out(told.ctx)
    webhooks.remove(told.ctx, webhook.id, by="ada@example.org", slug="water")
    work(told)
    called(told, "202-555-0149")
    work(told)
    assert receiver.told == []
    assert webhooks.views(told.ctx, "water") == []
    with pytest.raises(NotFoundError):
        webhooks.remove(told.ctx, webhook.id, by="ada@example.org")
    with told.database.reading() as unit:
        what = [line[2] for line in unit.audit.last(5)]
    assert what == ["webhook.removed", "webhook.added"]


def test_a_test_says_what_the_receiver_answered(told: Service, receiver: WebServer) -> None:
    webhook, secret = add(told, receiver, "call.ended")
    webhooks.try_now(told.ctx, webhook.id, by="ada@example.org")
    headers, body = receiver.told[0]
    Reader(secret).verify(body, headers)
    assert json.loads(body)["type"] == "test"
    receiver.answers = [418]
    with pytest.raises(DeliveryError, match="418"):
        webhooks.try_now(told.ctx, webhook.id, by="ada@example.org")
    webhooks.test(told.ctx, webhook.id, by="ada@example.org", slug="water")
    work(told)
    assert len(receiver.told) == 3


def test_only_events_that_there_are_and_campaigns_that_there_are(
    told: Service, receiver: WebServer
) -> None:
    with pytest.raises(RefusedError, match=r"call\.ended"):
        add(told, receiver, "call.begun")
    with pytest.raises(NotFoundError):
        webhooks.add(told.ctx, "nothing", receiver.url, by="ada")
    webhook, _ = add(told, receiver)
    with pytest.raises(NotFoundError):
        webhooks.remove(told.ctx, webhook.id, by="ada", slug="air")


def test_opt_outs_are_told_as_a_number_and_nothing_else(told: Service, receiver: WebServer) -> None:
    add(told, receiver, "opt-outs.counted")
    told.start()
    call = told.phone()
    call.answer()
    call.press("9")
    work(told)
    assert receiver.bodies()[-1]["data"] == {"campaign": "water", "count": 1}
