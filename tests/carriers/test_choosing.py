"""From settings to a carrier, and the carrier that is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

import twiml
from callbridge.carriers.addresses import Addresses
from callbridge.carriers.choose import from_settings
from callbridge.carriers.doctor import examine
from callbridge.carriers.none import NoCarrier
from callbridge.carriers.twilio_carrier import TwilioCarrier
from callbridge.carriers.twilio_client import TwilioClient
from callbridge.carriers.wire import Wire
from callbridge.domain.findings import Finding
from callbridge.domain.telephony import PlaceOrder, RawHook
from callbridge.errors import ForgedHookError, NoCarrierError, SettingsError
from callbridge.service.ports import Carrier
from callbridge.settings import Settings, load
from tests.carriers.playback import (
    ACCOUNT,
    NUMBER,
    SUPPORTER,
    TOKEN,
    Answer,
    Playback,
    error,
    page,
)

KEYS = {"SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32}
LOGIN = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": NUMBER}
WHO = {"ORGANIZATION": "Prairie League", "ORGANIZATION_PHONE": "+12025550199"}


def settings(**given: str) -> Settings:
    return load(KEYS | given)


def twilio(**given: str) -> TwilioCarrier:
    carrier = from_settings(settings(**(LOGIN | WHO | given)))
    assert isinstance(carrier, TwilioCarrier)
    return carrier


@pytest.mark.parametrize(
    ("url", "name", "real"),
    [
        ("", "Twilio", True),
        ("https://api.somleng.org", "api.somleng.org", True),
        ("http://127.0.0.1:8081", "the exchange", False),
    ],
)
def test_settings_name_the_carrier(url: str, name: str, real: bool) -> None:
    carrier: Carrier = twilio(TWILIO_API_URL=url)
    assert (carrier.name, carrier.real, carrier.number) == (name, real, NUMBER)


def test_without_an_account_there_is_no_carrier() -> None:
    carrier: Carrier = from_settings(settings())
    assert isinstance(carrier, NoCarrier)
    assert (carrier.name, carrier.real, carrier.number) == ("no carrier", False, "")


ORDER = PlaceOrder(to=SUPPORTER, from_=NUMBER, token="opaque")


@pytest.mark.parametrize(
    "ask",
    [
        lambda carrier: carrier.place(ORDER),
        lambda carrier: carrier.hang_up("CA1"),
        lambda carrier: carrier.fetch("CA1"),
        lambda carrier: carrier.find(to=SUPPORTER, from_=NUMBER, since=datetime.now(UTC)),
        lambda carrier: carrier.children("CA1"),
    ],
)
def test_no_carrier_refuses_in_a_sentence(ask: Callable[[Carrier], object]) -> None:
    with pytest.raises(NoCarrierError, match=r"No telephone company .*\."):
        ask(from_settings(settings()))


def test_no_carrier_believes_no_hook_and_still_says_sorry() -> None:
    carrier = from_settings(settings())
    with pytest.raises(ForgedHookError):
        carrier.read_hook(RawHook(method="POST", target="/voice/x/0", headers={}, form=()))
    assert twiml.parse(carrier.sorry("Sorry.", language="en").body).verbs[-1] == twiml.Hangup()
    assert twiml.parse(carrier.acknowledge().body) == twiml.Response(())


@pytest.mark.parametrize("name", ["VOICES", "TWILIO_SHARED_KEYS"])
def test_a_pair_that_is_none_stops_the_boot_without_showing_a_secret(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(**{name: "hush-hush"})
    assert caught.value.sentence.startswith(name)
    assert ("hush" in caught.value.sentence) == (name == "VOICES")


def test_voices_and_shared_keys_are_read_as_pairs() -> None:
    read = settings(VOICES="en=Polly.Matthew, es=alice", TWILIO_SHARED_KEYS="key_1=c2VjcmV0==")
    assert read.voices == (("en", "Polly.Matthew"), ("es", "alice"))
    assert read.twilio_shared_keys == (("key_1", "c2VjcmV0=="),)


def judged(found: Sequence[Finding]) -> dict[str, bool]:
    assert all(finding.sentence.endswith(".") for finding in found)
    assert all(finding.well or finding.advice.endswith(".") for finding in found)
    return {finding.subject: finding.well for finding in found}


def looked_at(url: str, *, number: str = NUMBER, real: bool = True) -> dict[str, bool]:
    client = TwilioClient(
        account=ACCOUNT,
        tokens=[TOKEN],
        addresses=Addresses(public_url="https://calls.example.org"),
        wire=Wire(url),
    )
    return judged(examine(client, name="the carrier", number=number, real=real))


def test_the_doctor_says_that_there_is_no_carrier() -> None:
    assert judged(from_settings(settings()).examine()) == {"credentials": False}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            [page(), Answer(200, '{"incoming_phone_numbers": [{"sid": "PN1"}]}')],
            {"credentials": True, "number": True},
        ),
        (
            [page(), Answer(200, '{"incoming_phone_numbers": []}')],
            {"credentials": True, "number": False},
        ),
        ([page(), error(404, 20404)], {"credentials": True}),
        ([page(), error(500, 20500)], {"credentials": True, "number": False}),
        ([error(401, 20003)], {"credentials": False}),
        ([error(503, 20503)], {"credentials": False}),
    ],
)
def test_the_doctor_asks_for_credentials_and_number(
    answers: list[Answer], expected: dict[str, bool]
) -> None:
    with Playback(answers) as played:
        assert looked_at(played.url) == expected
    assert all(asked.method == "GET" for asked in played.asked)


def test_the_doctor_sees_a_number_that_lost_its_plus() -> None:
    with Playback([page()]) as played:
        found = looked_at(played.url, number="202-555-0100")
    assert found == {"credentials": True, "number": False}


def test_the_doctor_asks_the_exchange_for_its_credentials_only() -> None:
    with Playback([page()]) as played:
        assert judged(twilio(TWILIO_API_URL=played.url).examine()) == {"credentials": True}
    assert len(played.asked) == 1
