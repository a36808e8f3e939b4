"""Dial: offices rung, bridged and left, and what the action says of it."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.rest import Client

from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import NUMBER, OFFICE, SUPPORTER, ring, settle

OTHER = "+12025550112"
DONE = "<Response><Say>Welcome back.</Say></Response>"


def run(
    exchange: ExchangeThread,
    client: Client,
    app: AnsweringApp,
    *,
    office: object = "waits",
    dial: str = f'<Dial action="/done" hangupOnStar="true" callerId="{NUMBER}">',
    numbers: str = f"<Number>{OFFICE}</Number>",
    then: str = "",
    **supporter: Any,
) -> dict[str, Any]:
    app.documents |= {
        "/one": f"<Response>{dial}{numbers}</Dial>{then}</Response>",
        "/done": DONE,
    }
    exchange.control.person(SUPPORTER, supporter)
    exchange.control.person(OFFICE, office)
    return settle(exchange, ring(client, app))


def done(app: AnsweringApp) -> dict[str, str]:
    (got,) = app.at("/done")
    return got.form


def test_the_star_ends_the_office_leg_and_the_supporter_goes_on(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    whole = run(exchange, client, app, star_after=40)
    form = done(app)
    assert form["DialCallStatus"] == "completed"
    assert form["DialBridged"] == "true"
    assert int(form["DialCallDuration"]) >= 40
    assert form["DialCallSid"] == whole["offices"][0]["sid"]
    assert form["CallSid"] == whole["sid"]
    assert form["CallStatus"] == "in-progress"
    assert whole["said"] == ["Welcome back."]
    assert whole["offices"][0]["ended_by"] == "star"


def test_the_office_hanging_up_looks_the_same_to_the_application(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    whole = run(exchange, client, app, office={"like": "staffer", "talk": 12})
    assert done(app)["DialCallStatus"] == "completed"
    assert whole["offices"][0]["ended_by"] == "office"
    assert whole["said"] == ["Welcome back."]


@pytest.mark.parametrize(
    ("office", "status"), [("busy", "busy"), ("no-answer", "no-answer"), ("dead", "failed")]
)
def test_an_office_that_does_not_answer_has_no_duration(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, office: str, status: str
) -> None:
    whole = run(exchange, client, app, office=office)
    form = done(app)
    assert form["DialCallStatus"] == status
    assert form["DialBridged"] == "false"
    assert "DialCallDuration" not in form
    assert form["DialCallSid"] == whole["offices"][0]["sid"]


def test_a_dial_rings_five_seconds_longer_than_it_says_unless_switched_off(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    dial = '<Dial action="/done" timeout="20">'
    ringing = [
        event
        for whole in (
            run(exchange, client, app, office="no-answer", dial=dial),
            exchange.control.change(dial_grace=0)
            and run(exchange, client, app, office="no-answer", dial=dial),
        )
        for event in whole["events"]
        if event["kind"] == "ringing" and event["leg"] != whole["sid"]
    ]
    assert [event["seconds"] for event in ringing] == [25.0, 20.0]


def test_the_time_limit_ends_the_office_leg_only(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    dial = '<Dial action="/done" timeLimit="30">'
    whole = run(exchange, client, app, dial=dial)
    assert whole["offices"][0]["ended_by"] == "time-limit"
    assert int(done(app)["DialCallDuration"]) >= 30
    assert whole["said"] == ["Welcome back."]


def test_the_calls_own_time_limit_ends_everything(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = f'<Response><Dial action="/done">{OFFICE}</Dial></Response>'
    exchange.control.person(SUPPORTER, "silent")
    exchange.control.person(OFFICE, "waits")
    whole = settle(exchange, ring(client, app, time_limit=60))
    assert whole["supporter"]["ended_by"] == "time-limit"
    assert whole["offices"][0]["state"] == "completed"


def test_without_an_action_the_next_verb_follows(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    whole = run(exchange, client, app, office="busy", dial="<Dial>", then="<Say>Next.</Say>")
    assert whole["said"] == ["Next."]


def test_with_an_action_later_verbs_never_run(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    whole = run(exchange, client, app, office="busy", then="<Say>Never.</Say>")
    assert whole["said"] == ["Welcome back."]


@pytest.mark.parametrize("switch", ["on", "off", "late"])
def test_a_supporter_who_hangs_up_in_the_bridge_may_or_may_not_bring_the_action(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, switch: str
) -> None:
    exchange.control.change(action_after_hang_up=switch)
    leave = [{"at": "bridge", "after": 90, "hang_up": True}]
    whole = run(exchange, client, app, acts=leave)
    assert whole["supporter"]["ended_by"] == "supporter"
    assert whole["said"] == []
    forms = [got.form for got in app.at("/done")]
    assert len(forms) == (0 if switch == "off" else 1)
    for form in forms:
        assert form["CallStatus"] == "completed"
        assert form["DialCallStatus"] == "completed"
        assert int(form["DialCallDuration"]) >= 90
    if switch == "late":
        kinds = [event["event"] for event in whole["hooks"]]
        assert kinds[-1] == ""


def test_a_supporter_who_hangs_up_while_it_rings_cancels_the_office(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    leave = [{"at": "dialling", "after": 2, "hang_up": True}]
    whole = run(exchange, client, app, office="no-answer", acts=leave)
    assert whole["offices"][0]["state"] == "canceled"
    assert done(app)["DialCallStatus"] == "canceled"


def test_the_star_does_nothing_while_it_rings_unless_the_carrier_lets_it(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    star = [{"at": "dialling", "after": 2, "press": "*"}]
    assert run(exchange, client, app, acts=star, star_after=20)["offices"][0]["ended_by"] == "star"
    app.requests.clear()
    exchange.control.change(star_while_ringing=True)
    run(exchange, client, app, acts=star)
    assert done(app)["DialCallStatus"] == "no-answer"


def test_without_hangup_on_star_the_star_goes_to_the_office(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    dial, office = '<Dial action="/done">', {"like": "staffer", "talk": 30}
    whole = run(exchange, client, app, dial=dial, office=office, star_after=10)
    assert whole["offices"][0]["ended_by"] == "office"


def test_the_supporters_own_number_may_be_shown_and_a_strangers_may_not(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    own = f'<Dial action="/done" callerId="{SUPPORTER}">'
    assert run(exchange, client, app, dial=own, office="busy")["offices"][0]["from"] == SUPPORTER
    app.requests.clear()
    stranger = '<Dial action="/done" callerId="+12025550188">'
    whole = run(exchange, client, app, dial=stranger)
    assert whole["offices"] == []
    assert done(app)["DialCallStatus"] == "failed"
    assert "DialCallSid" not in done(app)
    assert [warning["code"] for warning in whole["warnings"]] == [13214]


def test_a_country_that_is_not_permitted_is_not_dialled(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    whole = run(exchange, client, app, numbers="<Number>+442071234567</Number>")
    assert 13227 in [warning["code"] for warning in whole["warnings"]]
    assert done(app)["DialCallStatus"] == "failed"


def test_of_several_numbers_the_first_to_answer_wins_and_the_rest_are_hung_up(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.person(OTHER, {"like": "staffer", "after": 2, "talk": 10})
    both = f"<Number>{OFFICE}</Number><Number>{OTHER}</Number>"
    office = {"like": "staffer", "after": 15}
    whole = run(exchange, client, app, numbers=both, office=office)
    states = {leg["number"]: leg["state"] for leg in whole["offices"]}
    assert states == {OFFICE: "canceled", OTHER: "completed"}
    winner = next(leg for leg in whole["offices"] if leg["number"] == OTHER)
    assert done(app)["DialCallSid"] == winner["sid"]


def test_sequential_numbers_are_tried_one_after_the_other(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.person(OTHER, {"like": "staffer", "talk": 10})
    both = f"<Number>{OFFICE}</Number><Number>{OTHER}</Number>"
    dial = '<Dial action="/done" sequential="true">'
    whole = run(exchange, client, app, numbers=both, dial=dial, office="busy")
    assert [leg["state"] for leg in whole["offices"]] == ["busy", "completed"]
    assert done(app)["DialCallStatus"] == "completed"


def test_the_office_hears_a_whisper_before_the_bridge(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/whisper"] = "<Response><Say>A supporter calls.</Say></Response>"
    number = f'<Number url="/whisper" sendDigits="wwww12">{OFFICE}</Number>'
    whole = run(exchange, client, app, numbers=number, star_after=10)
    (got,) = app.at("/whisper")
    assert got.form["CallSid"] == whole["offices"][0]["sid"]
    assert got.form["ParentCallSid"] == whole["sid"]
    kinds = [event["kind"] for event in whole["events"] if event["kind"] in {"say", "bridged"}]
    assert kinds == ["say", "bridged", "say"]


def test_a_whisper_that_hangs_up_bridges_nobody(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/whisper"] = "<Response><Hangup/></Response>"
    run(exchange, client, app, numbers=f'<Number url="/whisper">{OFFICE}</Number>')
    assert done(app)["DialBridged"] == "false"


def test_the_office_leg_is_a_call_of_its_own_in_the_api(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    whole = run(exchange, client, app, star_after=20)
    (child,) = client.calls.list(parent_call_sid=whole["sid"])
    assert child.direction == "outbound-dial"
    assert child.parent_call_sid == whole["sid"]
    assert (child.to, child.status) == (OFFICE, "completed")


def test_ending_the_office_leg_over_rest_goes_on_with_the_action(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents |= {
        "/one": f'<Response><Dial action="/done">{OFFICE}</Dial></Response>',
        "/done": DONE,
    }
    exchange.control.person(SUPPORTER, "silent")
    exchange.control.person(OFFICE, "waits")
    sid = ring(client, app)
    office = exchange.control.call(sid, wait="bridged")["offices"][0]["sid"]
    client.calls(office).update(status="completed")
    assert settle(exchange, sid)["said"] == ["Welcome back."]


def test_diverting_the_office_leg_takes_it_out_of_the_bridge_without_a_duration(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents |= {
        "/one": f'<Response><Dial action="/done">{OFFICE}</Dial></Response>',
        "/done": DONE,
        "/aside": "<Response><Say>Please wait.</Say></Response>",
    }
    exchange.control.person(SUPPORTER, "silent")
    exchange.control.person(OFFICE, "waits")
    sid = ring(client, app)
    office = exchange.control.call(sid, wait="bridged")["offices"][0]["sid"]
    client.calls(office).update(url=f"{app.url}/aside")
    whole = settle(exchange, sid)
    assert set(whole["said"]) == {"Welcome back.", "Please wait."}
    assert "DialCallDuration" not in done(app)


def test_diverting_the_supporter_drops_the_office(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents |= {
        "/one": f'<Response><Dial action="/done">{OFFICE}</Dial></Response>',
        "/aside": "<Response><Say>Aside.</Say></Response>",
    }
    exchange.control.person(SUPPORTER, "silent")
    exchange.control.person(OFFICE, "waits")
    sid = ring(client, app)
    exchange.control.call(sid, wait="bridged")
    client.calls(sid).update(url=f"{app.url}/aside")
    whole = settle(exchange, sid)
    assert whole["said"] == ["Aside."]
    assert whole["offices"][0]["ended_by"] == "rest"
    assert app.at("/done") == []
