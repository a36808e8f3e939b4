"""From settings to a carrier, and the carrier that is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import twiml
from callbridge.carriers.addresses import Addresses
from callbridge.carriers.choose import from_settings
from callbridge.carriers.doctor import examine
from callbridge.carriers.hooks import HookReader
from callbridge.carriers.none import NoCarrier
from callbridge.carriers.saying import Speaker
from callbridge.carriers.twilio_carrier import TwilioCarrier
from callbridge.carriers.twilio_client import TwilioClient
from callbridge.carriers.wire import Wire
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


def findings(carrier: TwilioCarrier | NoCarrier, public_url: str) -> dict[str, bool | None]:
    found = examine(carrier, public_url=public_url)
    assert all(finding.sentence.endswith(".") for finding in found)
    assert all(finding.advice for finding in found if finding.good is False)
    return {finding.what: finding.good for finding in found}


def test_the_doctor_says_that_there_is_no_carrier() -> None:
    assert findings(from_settings(settings()), "http://127.0.0.1:8080") == {"carrier": False}


@pytest.mark.parametrize(
    ("answers", "credentials", "number"),
    [
        ([page(), Answer(200, '{"incoming_phone_numbers": [{"sid": "PN1"}]}')], True, True),
        ([page(), Answer(200, '{"incoming_phone_numbers": []}')], True, False),
        ([page(), error(404, 20404)], True, None),
        ([page(), error(500, 20500)], True, None),
        ([error(401, 20003)], False, "not asked"),
        ([error(503, 20503)], None, "not asked"),
    ],
)
def test_the_doctor_asks_for_credentials_and_number(
    answers: list[Answer], credentials: bool | None, number: bool | str | None
) -> None:
    with Playback(answers) as played:
        found = findings(twilio(TWILIO_API_URL=played.url), "http://127.0.0.1:8080")
    expected = {"credentials": credentials, "number": number, "public address": True}
    assert found == {what: good for what, good in expected.items() if good != "not asked"}
    assert all(asked.method == "GET" for asked in played.asked)


@pytest.mark.parametrize(
    ("public_url", "good"),
    [
        ("https://calls.example.org", True),
        ("http://calls.example.org", False),
        ("https://my_calls.example.org", False),
        ("http://127.0.0.1:8080", False),
    ],
)
def test_the_doctor_knows_which_addresses_a_real_carrier_can_reach(
    public_url: str, good: bool
) -> None:
    addresses = Addresses(public_url=public_url)
    with Playback([page()]) as played:
        carrier = TwilioCarrier(
            name="a carrier that rings telephones",
            real=True,
            number=NUMBER,
            client=TwilioClient(
                account=ACCOUNT, tokens=[TOKEN], addresses=addresses, wire=Wire(played.url)
            ),
            reader=HookReader(account=ACCOUNT, tokens=[TOKEN], shared_keys={}, addresses=addresses),
            speaker=Speaker(addresses=addresses, voices={}, number=NUMBER),
        )
        assert findings(carrier, public_url)["public address"] is good


def test_the_doctor_sees_a_number_that_lost_its_plus() -> None:
    with Playback([page()]) as played:
        carrier = twilio(TWILIO_API_URL=played.url, TWILIO_FROM="202-555-0100")
        assert findings(carrier, "http://127.0.0.1:8080")["number"] is False


def test_the_doctor_sees_a_public_address_that_does_not_fit_the_exchange() -> None:
    with Playback([page()]) as played:
        carrier = twilio(TWILIO_API_URL=played.url)
        assert findings(carrier, "https://calls.example.org")["public address"] is False
