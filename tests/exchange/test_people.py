"""The people on the telephone: by table, by chance, by their own account."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from callbridge.exchange.behaviours import (
    OFFICES,
    SUPPORTERS,
    Behaviour,
    read_behaviour,
    reported,
    sensible,
)
from callbridge.exchange.running import ControlError, ExchangeThread
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import OFFICE, SPEED, SUPPORTER, ring, settle

HAPPENED = (
    "Welcome back. How did it go? Talked with someone: press 1. Left a message: press 2. "
    "Mailbox full: press 3. Nobody answered: press 4. Wrong number: press 5."
)
POSITION = (
    "Where does Senator Welch stand? Supports it: press 2. Opposes it: press 3. "
    "Undecided: press 4. Would not say: press 5."
)
BRIEFING = (
    "To be connected, press 1. Your reply if they support it: press 2. Oppose it: press 3. "
    "Unsure: press 4. To hear that again, press star."
)


@pytest.mark.parametrize(
    ("office", "happened", "position"),
    [
        ("supports", "1", "2"),
        ("leans-supports", "1", "2"),
        ("opposes", "1", "3"),
        ("leans-opposes", "1", "3"),
        ("undecided", "1", "4"),
        ("staffer", "1", "5"),
        ("mailbox", "2", None),
        ("mailbox-full", "3", None),
        ("hold", "4", None),
        ("wrong-number", "5", None),
    ],
)
def test_a_truthful_supporter_reports_what_the_office_was(
    office: str, happened: str, position: str | None
) -> None:
    assert reported(HAPPENED, OFFICES[office]) == happened
    assert reported(POSITION, OFFICES[office]) == position


def test_a_truthful_supporter_understands_spanish() -> None:
    happened = "Habló con alguien: marque 1. Dejó un mensaje: marque 2. Buzón lleno: marque 3."
    position = "Está a favor: marque 2. Está en contra: marque 3. No quiso decir: marque 5."
    assert reported(happened, OFFICES["opposes"]) == "1"
    assert reported(position, OFFICES["opposes"]) == "3"
    assert sensible("Para seguir, marque 1.", num_digits=1, person=Behaviour()) == "1"


def test_a_willing_supporter_goes_on_where_one_goes_on_and_keys_the_zip() -> None:
    person = Behaviour(zip="30165")
    assert sensible(BRIEFING, num_digits=1, person=person) == "1"
    assert sensible("Please key the ZIP.", num_digits=5, person=person) == "30165"
    assert sensible("You said: x. To change that, press star.", num_digits=1, person=person) == ""


def test_every_behaviour_reads_back_as_itself() -> None:
    for person in (*SUPPORTERS.values(), *OFFICES.values()):
        assert read_behaviour(person.as_json()) == person


@pytest.mark.parametrize(
    "value", ["nobody-by-that-name", {"wings": 2}, {"after": "soon"}, 7, {"acts": [{"at": "noon"}]}]
)
def test_a_behaviour_that_cannot_be_read_is_refused_in_a_sentence(value: object) -> None:
    with pytest.raises(ValueError, match="behaviour"):
        read_behaviour(value)


def test_a_row_of_behaviours_is_used_one_a_call_and_the_last_for_ever(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    app.documents["/one"] = "<Response/>"
    exchange.control.person(SUPPORTER, "busy-line", "silent")
    states = [settle(exchange, ring(client, app))["supporter"]["state"] for _ in range(3)]
    assert states == ["busy", "completed", "completed"]


def test_a_mix_is_chance_that_its_seed_repeats(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    def row(seed: int) -> list[str]:
        weights = {"busy-line": 1, "silent": 1, "dead-line": 1}
        exchange.control.request("PUT", "/mix/supporter", {"weights": weights, "seed": seed})
        sids = []
        for n in range(12):
            sids.append(ring(client, app, to=f"+120255501{n + 20}"))
            exchange.control.call(sids[-1], wait="ended")
        return [settle(exchange, sid)["supporter"]["person"]["behaviour"] for sid in sids]

    first = row(5)
    assert first == row(5)
    assert len(set(first)) == 3


def test_a_supporter_without_a_behaviour_rings_for_a_person(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    app.documents["/one"] = '<Response><Gather numDigits="1" action="/two"/></Response>'
    exchange.control.change(speed=2)
    sid = ring(client, app)
    assert exchange.control.call(sid, wait="ringing")["supporter"]["person"]["behaviour"] == "human"
    exchange.control.answer(sid)
    whole = exchange.control.call(sid, wait="gather")
    assert whole["supporter"]["awaiting"]["num_digits"] == 1
    exchange.control.press(sid, "4")
    exchange.control.change(speed=SPEED)
    settle(exchange, sid)
    assert app.at("/two")[0].form["Digits"] == "4"


def test_an_office_without_a_behaviour_is_a_staffer_who_hangs_up(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    app.documents["/one"] = f'<Response><Dial action="/two">{OFFICE}</Dial></Response>'
    exchange.control.person(SUPPORTER, "silent")
    whole = settle(exchange, ring(client, app))
    assert whole["offices"][0]["person"]["behaviour"] == "staffer"
    assert whole["offices"][0]["ended_by"] == "office"


def test_a_telephone_that_does_not_ring_cannot_be_answered_nor_pressed(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    exchange.control.person(SUPPORTER, "busy-line")
    sid = ring(client, app)
    settle(exchange, sid)
    with pytest.raises(ControlError, match="does not ring"):
        exchange.control.answer(sid)
    with pytest.raises(ControlError, match="nobody is on the line"):
        exchange.control.press(sid, "1")
    exchange.control.hang_up(sid)


def test_a_refused_ring_is_busy(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    exchange.control.change(speed=2)
    sid = ring(client, app)
    exchange.control.call(sid, wait="ringing")
    exchange.control.hang_up(sid)
    assert settle(exchange, sid)["supporter"]["state"] == "busy"


@pytest.mark.parametrize(
    ("name", "gathers", "dialled"),
    [
        ("hangs-up-greeting", 1, 0),
        ("hangs-up-briefing", 2, 0),
        ("hangs-up-dialling", 2, 1),
        ("hangs-up-bridge", 2, 1),
        ("hangs-up-survey", 3, 1),
    ],
)
def test_people_hang_up_where_their_name_says(
    exchange: ExchangeThread,
    app: AnsweringApp,
    client: Client,
    name: str,
    gathers: int,
    dialled: int,
) -> None:
    def gather(words: str, action: str) -> str:
        return (
            f'<Response><Gather numDigits="1" action="{action}"><Say>{words}</Say></Gather>'
            "</Response>"
        )

    app.documents |= {
        "/one": gather("Hello. To go on, press 1.", "/two"),
        "/two": gather(BRIEFING, "/three"),
        "/three": f'<Response><Dial hangupOnStar="true" action="/four">{OFFICE}</Dial></Response>',
        "/four": gather(HAPPENED, "/five"),
    }
    exchange.control.person(SUPPORTER, name)
    exchange.control.person(OFFICE, "waits")
    whole = settle(exchange, ring(client, app))
    assert whole["supporter"]["ended_by"] == "supporter"
    assert len([event for event in whole["events"] if event["kind"] == "gather"]) == gathers
    assert len(whole["offices"]) == dialled
