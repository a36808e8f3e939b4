"""Texts after a call: agreed to, once, at decent hours, never to who wants none."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from callbridge.domain.telephony import TextHook
from callbridge.domain.texts import TextRecord, TextState
from callbridge.service.after import texting
from callbridge.service.erasing import erase_due
from callbridge.service.opting_out import opt_out
from callbridge.store import Database
from tests.service.setting import PHONE, Service, service_on
from tests.service.test_after import called, shown

# On PostgreSQL by night.
pytestmark = pytest.mark.sqlite_by_day

FROM = "+12025550100"
TO = "+12025550147"
WORDS = "Text me one message."
LATE = datetime(2026, 11, 18, 3, 30, tzinfo=UTC)  # half past ten in the evening in Washington


@pytest.fixture
def texting_service(database: Database, database_url: str) -> Service:
    """Return a service that sends texts."""
    made = service_on(database, database_url, TEXT_FROM=FROM, ORGANIZATION="Prairie League")
    made.publish()
    return made


def asked(service: Service, **changes: object) -> str:
    """Carry a call of somebody who ticked the box to its end."""
    return called(service, text_words=WORDS, **changes).call


def send(service: Service) -> int:
    """Let the dialer send what is due."""
    return texting.send_due(service.ctx, owner="test")


def kept(service: Service) -> TextRecord:
    """Return the only text."""
    with service.database.reading() as unit:
        hashes = service.ctx.vault.hashes(TO)
        (text,) = unit.texts.all(hashes, since=datetime(2020, 1, 1, tzinfo=UTC))
    return text


def hook(token: str = "", **changes: str) -> TextHook:
    """Return a hook about a text."""
    given = {"sid": "SM" + "9" * 32, "from_": TO, "to": FROM, "body": "", "status": ""}
    return TextHook(**{**given, **changes})  # type: ignore[arg-type]


def test_who_ticked_the_box_gets_both_links_once_when_the_call_is_over(
    texting_service: Service,
) -> None:
    service = texting_service
    service.start(text_words=WORDS, network="203.0.113.0/24")
    assert send(service) == 0
    service.phone().hang_up()
    assert send(service) == 0  # no office was reached
    assert kept(service).reason == "not-reached"
    service.clock.forward(days=1)
    call = asked(service)
    assert [send(service), send(service)] == [1, 0]
    (order,) = service.line.texts
    links = shown(service, call)
    assert (order.to, order.from_) == (TO, FROM)
    assert links.survey
    assert f"/answer/{links.survey} (works once)" in order.body
    assert "/mine/" in order.body
    assert order.body.startswith("Prairie League: thank you")
    assert order.body.endswith("Reply STOP for no more texts.")


def test_nobody_is_texted_without_the_box_or_without_a_number_to_send_from(
    texting_service: Service,
) -> None:
    called(texting_service)
    asked(texting_service.with_settings(), phone="202-555-0148")
    assert send(texting_service) == 0
    assert not texting_service.line.texts


@pytest.mark.parametrize(
    ("trouble", "state", "reason"),
    [
        ("number", TextState.FAILED, "number-21614"),
        ("stopped", TextState.FAILED, "stopped-21610"),
        ("lost-before", TextState.UNKNOWN, "no-answer"),
        ("lost-after", TextState.UNKNOWN, "no-answer"),
    ],
)
def test_what_was_refused_or_may_have_been_sent_is_never_sent_again(
    texting_service: Service, trouble: str, state: TextState, reason: str
) -> None:
    service = texting_service
    asked(service)
    service.line.trouble = trouble
    assert send(service) == 1
    service.line.trouble = None
    handed = len(service.line.texts)
    service.clock.forward(hours=2)
    assert send(service) == 0
    assert len(service.line.texts) == handed
    text = kept(service)
    assert (text.state, text.reason, text.phone_enc) == (state, reason, None)


def test_what_the_carrier_certainly_did_not_take_is_sent_a_minute_later(
    texting_service: Service,
) -> None:
    asked(texting_service)
    texting_service.line.trouble = "busy"
    assert [send(texting_service), send(texting_service)] == [1, 0]
    texting_service.line.trouble = None
    texting_service.clock.forward(minutes=1)
    assert send(texting_service) == 1
    assert len(texting_service.line.texts) == 1


def test_a_dialer_that_dies_while_sending_leaves_it_unknown_and_a_claim_free(
    database: Database, database_url: str
) -> None:
    service = service_on(database, database_url, TEXT_FROM=FROM, LEASE_SECONDS="0")
    service.publish()
    asked(service)
    now = service.clock.now()
    with database.writing() as unit:
        first = unit.texts.claim("died", now=now, lease_seconds=0)
    assert first is not None
    with database.writing() as unit:
        unit.texts.free_expired_leases()
    with database.writing() as unit:
        second = unit.texts.claim("died later", now=now, lease_seconds=0)
        assert second is not None
        assert not unit.texts.sending(first)  # the older claim holds no more
        assert unit.texts.sending(second)
    assert send(service) == 0
    assert kept(service).state is TextState.UNKNOWN
    # Only the carrier's own word settles it.
    texting.reported(service.ctx, kept(service).token, hook(status="delivered"))
    assert kept(service).state is TextState.DELIVERED
    assert not service.line.texts


def test_many_dialers_at_once_send_each_text_once(texting_service: Service) -> None:
    for n in range(4):
        asked(texting_service, phone=f"202-555-01{40 + n}")
    threads = [threading.Thread(target=send, args=(texting_service,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(order.to for order in texting_service.line.texts) == [
        f"+120255501{40 + n}" for n in range(4)
    ]


def test_at_night_it_waits_for_the_morning_where_the_person_lives(
    texting_service: Service,
) -> None:
    service = texting_service
    service.clock.at = LATE
    asked(service)
    assert send(service) == 0
    assert kept(service).run_at.hour in range(13, 18)  # 8 in Washington; California's rule: 9
    service.clock.forward(hours=14)
    assert send(service) == 1


@pytest.mark.parametrize("how", ["STOP", " stop. ", "Alto", "carrier", "web"])
def test_who_said_stop_gets_no_text_and_start_undoes_only_that(
    texting_service: Service, how: str
) -> None:
    service = texting_service
    asked(service)
    match how:
        case "web":
            opt_out(service.ctx, PHONE)
        case "carrier":
            texting.received(service.ctx, hook(body="please stop it", opt_out="STOP"))
        case _:
            texting.received(service.ctx, hook(body=how))
    assert send(service) == 0
    assert kept(service).reason == "opted-out"
    texting.received(service.ctx, hook(body="Start"))
    with service.database.reading() as unit:
        hashes = service.ctx.vault.hashes(TO)
        assert not unit.texts.opted_out(hashes)
        assert unit.guards.opted_out(hashes) is (how == "web")


def test_other_words_are_no_stop(texting_service: Service) -> None:
    for body in ("Please stop calling the senator", "ok", "", "end of story"):
        texting.received(texting_service.ctx, hook(body=body))
    with texting_service.database.reading() as unit:
        assert not unit.texts.opted_out(texting_service.ctx.vault.hashes(TO))


def test_the_link_is_sent_to_a_number_that_called_at_most_once_a_day(
    texting_service: Service,
) -> None:
    service = texting_service

    def ask(phone: str) -> int:
        texting.plan_link(service.ctx, phone=phone, language="es", words=WORDS)
        return send(service)

    assert ask(PHONE) == 0  # nobody has called with it
    called(service)
    assert ask("202-555-0148") == 0
    assert [ask(PHONE), ask(PHONE)] == [1, 0]
    (order,) = service.line.texts
    assert order.to == TO
    assert "/mine/" in order.body
    assert "?lang=es" in order.body
    assert "/answer/" not in order.body
    service.clock.forward(days=1, minutes=1)
    assert ask(PHONE) == 1


def test_a_restored_copy_sends_nothing_that_came_with_the_backup(
    texting_service: Service,
) -> None:
    service = texting_service
    asked(service)
    with service.database.writing() as unit:
        unit.installation.hold(service.clock.now())
    assert send(service) == 0
    with service.database.writing() as unit:
        unit.installation.release(service.clock.now())
    assert send(service) == 1


def test_number_and_hash_of_a_text_go_with_retention_and_with_erasure(
    texting_service: Service,
) -> None:
    service = texting_service
    asked(service)
    assert send(service) == 1
    assert kept(service).phone_enc is None
    service.clock.forward(days=31)
    erase_due(service.ctx)
    with service.database.reading() as unit:
        hashes = service.ctx.vault.hashes(TO)
        assert not unit.texts.all(hashes, since=datetime(2020, 1, 1, tzinfo=UTC))
