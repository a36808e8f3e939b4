"""The browser phone: rings, captions, keys, both ends, and the wiring under them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from twilio.rest import Client

from callbridge.exchange.running import ExchangeThread
from tests.chromium import look
from tests.exchange.answering import AnsweringApp
from tests.exchange.browser.phone import Phone
from tests.exchange.world import GREETING, NUMBER, SUPPORTER, ring, settle

pytestmark = pytest.mark.browser

SPEECH = """
window.spoken = [];
speechSynthesis.speak = (words) => spoken.push(`${words.lang}: ${words.text}`);
speechSynthesis.cancel = () => spoken.push("silence");
"""
SPANISH = (
    '<Response><Gather numDigits="1" finishOnKey="" timeout="6" action="/two">'
    '<Say language="es-MX">Hola. Para seguir, marque 1.</Say></Gather></Response>'
)


def test_one_person_alone_plays_a_whole_call_at_both_ends(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    phone = Phone(context, exchange.base_url)
    expect(phone.supporter).to_contain_text("Nothing rings.")
    expect(phone.page.get_by_role("link", name="a campaign page")).to_have_attribute(
        "href", f"{app.url}/"
    )
    sid = ring(client, app)
    expect(phone.supporter.locator(".ring")).to_contain_text("(202) 555-0100")
    expect(phone.page).to_have_title("Ringing: (202) 555-0100")
    phone.answer(phone.supporter)
    phone.heard(phone.supporter, "Hello, this is the Prairie League.")
    expect(phone.page.locator(".keypad .offered")).to_have_text("1")
    phone.press("1")
    phone.heard(phone.supporter, "Connecting you.")
    expect(phone.office.locator(".ring")).to_contain_text("is calling (202) 555-0111")
    phone.wire("ringing")
    phone.answer(phone.office)
    phone.wire("connected")
    phone.office.get_by_label("Say to the supporter").fill("Good morning.")
    phone.page.keyboard.press("Enter")
    phone.heard(phone.supporter, "Good morning.")
    phone.supporter.get_by_label("Say to the office").fill("Room 1, please *")
    phone.page.keyboard.press("Enter")
    phone.heard(phone.office, "Room 1, please *")
    phone.supporter.get_by_role("button", name="star").click()
    phone.heard(phone.supporter, "The office is off the line.")
    phone.press("1")
    phone.heard(phone.supporter, "Thank you. Goodbye.")
    phone.heard(phone.supporter, "The call is over.")
    whole = settle(exchange, sid)
    assert [event["key"] for event in whole["events"] if event["kind"] == "key"] == ["1", "*", "1"]
    assert whole["warnings"] == []
    assert phone.said == []


def test_declined_and_busy_phones_stop_ringing_and_say_so(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    phone = Phone(context, exchange.base_url)
    declined = ring(client, app)
    phone.supporter.get_by_role("button", name="Decline").click()
    assert settle(exchange, declined)["state"] == "busy"
    expect(phone.supporter.get_by_role("status")).to_have_text("was busy")
    sid = ring(client, app)
    phone.answer(phone.supporter)
    phone.press("1")
    phone.office.get_by_role("button", name="Busy").click()
    phone.heard(phone.supporter, "The office’s line is busy.")
    assert exchange.control.call(sid)["offices"][0]["state"] == "busy"


def test_two_windows_are_the_two_ends_of_one_call(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    one = Phone(context, exchange.base_url, "supporter")
    other = Phone(context, exchange.base_url, "office")
    expect(one.office).to_be_hidden()
    expect(other.supporter).to_be_hidden()
    ring(client, app)
    one.answer(one.supporter)
    one.press("1")
    other.answer(other.office)
    other.office.get_by_label("Say to the supporter").fill("The senator supports it.")
    other.page.keyboard.press("Enter")
    one.heard(one.supporter, "The senator supports it.")
    other.office.get_by_role("button", name="Hang up").click()
    one.heard(one.supporter, "The office is off the line.")
    assert one.said == other.said == []


def test_a_reload_in_mid_call_loses_nothing(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    phone = Phone(context, exchange.base_url)
    ring(client, app)
    phone.until_connected()
    rows = phone.page.locator("#events > li")
    before = [row for row in rows.all_text_contents() if "status: answered" not in row]
    phone.page.reload()
    phone.wire("connected")
    phone.heard(phone.supporter, "Hello, this is the Prairie League.")
    after = [row for row in rows.all_text_contents() if "status: answered" not in row]
    assert after == before
    phone.page.keyboard.press("*")
    phone.heard(phone.supporter, "Welcome back.")
    phone.page.reload()
    expect(phone.page.locator(".keypad .offered")).to_have_text(["1", re.compile("^2")])
    phone.press("2")
    phone.heard(phone.supporter, "Thank you. Goodbye.")


def test_somebody_else_may_pick_up_at_the_office(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    phone = Phone(context, exchange.base_url)
    phone.office.get_by_label("Supports it").check()
    phone.page.wait_for_function(
        "fetch('/exchange/people').then(r => r.json()).then(p => p.mixes.office)"
    )
    phone.page.reload()
    expect(phone.office.get_by_label("Supports it")).to_be_checked()
    sid = ring(client, app)
    phone.answer(phone.supporter)
    phone.press("1")
    expect(phone.office.locator(".ring")).to_contain_text("A simulated person is here: supports.")
    assert exchange.control.call(sid)["offices"][0]["person"]["position"] == "supports"
    phone.office.get_by_role("button", name="Answer").click()
    phone.heard(phone.supporter, "Yes, the member supports this.")
    phone.office.get_by_label("I answer").check()
    phone.page.wait_for_function(
        "fetch('/exchange/people').then(r => r.json()).then(p => !p.mixes.office)"
    )


def test_dialling_in_rings_the_campaigns_number(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp
) -> None:
    app.documents["/voice/inbound"] = GREETING
    phone = Phone(context, exchange.base_url)
    phone.page.get_by_text("Dial in").click()
    phone.page.get_by_label("Your number").fill("202 555 0177")
    phone.page.get_by_role("button", name="Dial", exact=True).click()
    phone.heard(phone.supporter, "Hello, this is the Prairie League.")
    (hook,) = app.at("/voice/inbound")
    assert hook.form["From"] == "+12025550177"
    phone.supporter.get_by_role("button", name="Hang up").click()
    expect(phone.supporter.get_by_role("status")).to_have_text("call over")


def test_a_hook_unfolds_into_what_was_asked_and_answered(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    phone = Phone(context, exchange.base_url)
    ring(client, app)
    phone.until_connected()
    hook = phone.page.locator(".event.hook", has_text="POST /two")
    expect(hook).to_contain_text("200")
    hook.locator("summary").click()
    expect(hook.get_by_role("row", name="Digits 1")).to_be_visible()
    expect(hook).to_contain_text("Signed, X-Twilio-Signature:")
    reply = hook.get_by_role("region", name="The answer").inner_text()
    assert reply.splitlines()[:3] == [
        "<Response>",
        "  <Say>Connecting you.</Say>",
        '  <Dial action="/three" hangupOnStar="true" timeout="20" callerId="+12025550100">',
    ]
    phone.page.get_by_label("Hooks only").check()
    expect(phone.page.locator(".event.bridged")).to_be_hidden()
    expect(hook).to_be_visible()


def test_what_the_carrier_would_complain_of_is_shown_plainly(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    app.documents["/one"] = "<Response><Sing>la</Sing></Response>"
    phone = Phone(context, exchange.base_url)
    sid = ring(client, app)
    phone.supporter.get_by_role("button", name="Answer").click()
    (warning, *_) = settle(exchange, sid)["warnings"]
    row = phone.page.locator(".event.warning").first
    expect(row).to_contain_text(f"Warning {warning['code']}: {warning['sentence']}")


def test_words_are_spoken_in_their_language_until_a_key_is_pressed_and_not_when_muted(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    app.documents["/one"] = SPANISH
    context.add_init_script(SPEECH)
    phone = Phone(context, exchange.base_url)
    ring(client, app)
    phone.answer(phone.supporter)
    phone.press("1")
    phone.page.wait_for_function("spoken.includes('en-US: Connecting you.')")
    spoken: list[str] = phone.page.evaluate("spoken")
    hello = spoken.index("es-MX: Hola. Para seguir, marque 1.")
    assert "silence" in spoken[hello : spoken.index("en-US: Connecting you.")]
    expect(phone.supporter.get_by_text("Hola.")).to_have_attribute("lang", "es-MX")
    phone.page.get_by_role("button", name="Sound").click()
    phone.page.reload()
    expect(phone.page.get_by_role("button", name="Sound")).to_have_attribute(
        "aria-pressed", "false"
    )
    phone.answer(phone.office)
    phone.wire("connected")
    phone.office.get_by_label("Say to the supporter").fill("Good morning.")
    phone.page.keyboard.press("Enter")
    phone.heard(phone.supporter, "Good morning.")
    assert [words for words in phone.page.evaluate("spoken") if words != "silence"] == []


def test_an_exchange_that_is_gone_is_said_in_words(
    context: BrowserContext, app: AnsweringApp
) -> None:
    with ExchangeThread(app_url=app.url, numbers=["+12025550100"]) as short:
        phone = Phone(context, short.base_url)
    expect(phone.page.get_by_role("alert")).to_contain_text("The exchange does not answer.")
    with ExchangeThread(
        app_url=app.url, numbers=["+12025550100"], port=int(short.base_url.rsplit(":")[-1])
    ) as again:
        expect(phone.page.get_by_role("alert")).to_be_hidden()
        again.control.dial_in(SUPPORTER)
        expect(phone.supporter.get_by_role("status")).not_to_have_text("ready")


SCREENS: tuple[dict[str, Any], ...] = (
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
    {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "reduced_motion": "reduce"},
)


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param(SCREENS[0], id="narrow-light"),
        pytest.param(SCREENS[1], id="wide-dark"),
        pytest.param(SCREENS[2], id="still", marks=pytest.mark.nightly),
    ],
)
def test_axe_finds_nothing_at_any_moment_of_a_call(
    browser: Browser,
    exchange: ExchangeThread,
    app: AnsweringApp,
    client: Client,
    screen: dict[str, Any],
) -> None:
    context = browser.new_context(**screen)
    phone = Phone(context, exchange.base_url)
    phone.page.get_by_text("Dial in").click()
    wrong = {"idle": look(phone.page)}
    ring(client, app)
    expect(phone.supporter.locator(".ring")).to_be_visible()
    wrong["ringing"] = look(phone.page)
    phone.until_connected()
    phone.office.get_by_label("Say to the supporter").fill("Good morning.")
    phone.page.keyboard.press("Enter")
    phone.heard(phone.supporter, "Good morning.")
    phone.page.locator(".event.hook summary").nth(2).click()
    wrong["connected"] = look(phone.page)
    words = "Thank you. Your own page: http://127.0.0.1:8080/mine/1f2e3d4c5b6a79887766554433221100"
    client.messages.create(to="+12025550123", from_=NUMBER, body=words)
    expect(phone.supporter.locator("#texts li")).to_contain_text("delivered")
    phone.supporter.get_by_role("button", name="Hang up").click()
    expect(phone.supporter.get_by_role("status")).to_have_text("call over")
    wrong["over"] = look(phone.page)
    context.close()
    assert not {moment: found for moment, found in wrong.items() if found}
    assert phone.said == []


def test_the_whole_call_can_be_made_by_keyboard(
    context: BrowserContext, exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    phone = Phone(context, exchange.base_url)
    ring(client, app)
    phone.supporter.get_by_role("button", name="Answer").focus()
    phone.page.keyboard.press("Enter")
    expect(phone.supporter.get_by_role("button", name="Hang up")).to_be_focused()
    phone.press("1")
    phone.office.get_by_role("button", name="Answer").focus()
    phone.page.keyboard.press("Space")
    phone.wire("connected")
    phone.page.keyboard.press("*")
    phone.heard(phone.supporter, "Welcome back.")
