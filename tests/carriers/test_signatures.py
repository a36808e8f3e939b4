"""Which hooks are believed."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from callbridge.carriers.hooks import Form, HookReader
from callbridge.domain.telephony import RawHook
from callbridge.errors import ForgedHookError
from tests.carriers.playback import TOKEN
from tests.carriers.signing import (
    ANSWERED,
    KEY_ID,
    PUBLIC,
    SID,
    Pairs,
    raw,
    reader,
    sign,
    with_changes,
)


def refused(hook: RawHook, by: HookReader | None = None) -> bool:
    with pytest.raises(ForgedHookError):
        (by or reader(TOKEN)).read(hook)
    return True


@pytest.mark.parametrize(
    ("url", "form", "signature"),
    [
        (
            "https://mycompany.com/myapp.php?foo=1&bar=2",
            "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309"
            "&To=%2B18005551212&Caller=%2B14158675309",
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        (
            "https://mycompany.com/myapp.php?foo=1&bar=2",
            "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (
            "https://mycompany.com:443/myapp.php?foo=1&bar=2",
            "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309"
            "&To=%2B18005551212&Caller=%2B14158675309",
            "kvajT1Ptam85bY51eRf/AJRuM3w=",
        ),
        (
            "http://mycompany.com:80/myapp.php?foo=1&bar=2",
            "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309"
            "&To=%2B18005551212&Caller=%2B14158675309",
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
        ),
    ],
)
def test_the_carriers_published_signatures_are_computed_the_same(
    url: str, form: str, signature: str
) -> None:
    assert sign(url, parse_qsl(form), secret="12345") == signature


def test_a_port_in_the_signed_url_does_not_matter() -> None:
    with_port = sign("https://calls.example.org:443/voice/opaque/3", ANSWERED)
    assert reader(TOKEN).read(raw(signature=with_port)).sid == SID
    without = sign("http://127.0.0.1/voice/opaque/3", ANSWERED)
    loopback = reader(TOKEN, public="http://127.0.0.1:5000")
    assert loopback.read(raw(signature=without)).sid == SID


@pytest.mark.parametrize(
    "target",
    [
        "/voice/a%2Cb/3",
        "/voice/a%2Fb/3",
        "/voice/%7Eopaque/3",
        "/voice/%3Ctoken%3E/3",
        "/voice/%C3%A9/3?q=%C3%A9",
        "/voice/opaque/3?",
        "/voice/opaque/3?a=1&a=2&b=",
        "/voice/opaque/3?x=%2C+%20",
        "//voice",
    ],
)
def test_the_url_is_taken_as_it_was_requested(target: str) -> None:
    assert reader(TOKEN).read(raw(target=target)).sid == SID


def test_a_prefix_in_the_public_address_is_found_with_and_without_a_proxy_that_strips_it() -> None:
    public = f"{PUBLIC}/calls"
    signature = sign(f"{public}/voice/opaque/3", ANSWERED)
    for target in ("/calls/voice/opaque/3", "/voice/opaque/3"):
        hook = raw(target=target, signature=signature)
        assert reader(TOKEN, public=public).read(hook).sid == SID


def test_host_and_forwarded_headers_change_nothing() -> None:
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http"}
    assert reader(TOKEN).read(raw(**evil)).sid == SID
    signature = sign("https://evil.example/voice/opaque/3", ANSWERED)
    assert refused(raw(signature=signature, **evil))


def test_every_token_is_accepted_while_rotating_and_no_other() -> None:
    both = reader("new", "old")
    for token in ("new", "old"):
        signature = sign(f"{PUBLIC}/voice/opaque/3", ANSWERED, secret=token)
        assert both.read(raw(signature=signature)).sid == SID
    assert refused(raw(), both)


def test_a_shared_key_signs_with_hmac_sha256() -> None:
    signature = sign(f"{PUBLIC}/voice/opaque/3", ANSWERED, secret="s" * 40, algorithm="HMAC_SHA256")
    settings = f"key={KEY_ID},algorithm=HMAC_SHA256"
    hook = raw(signature=signature, **{"x-twilio-webhooks-signature-settings": settings})
    keyed = reader(TOKEN, **{KEY_ID: "s" * 40})
    assert keyed.read(hook).sid == SID
    assert refused(hook, reader(TOKEN))
    assert refused(hook, reader(TOKEN, other="s" * 40))
    assert refused(raw(signature=signature), keyed)


@pytest.mark.parametrize(
    "settings",
    [
        "algorithm=HMAC_SHA1",
        f"key={KEY_ID},algorithm=HMAC_SHA1",
        f"key={KEY_ID}",
        "algorithm=HMAC_MD5",
        "key=nobody,algorithm=HMAC_SHA256",
        "nonsense",
    ],
)
@pytest.mark.parametrize("secret", [TOKEN, "s" * 40])
@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
def test_no_header_talks_us_into_a_weaker_or_unknown_scheme(
    settings: str, secret: str, algorithm: str
) -> None:
    signature = sign(f"{PUBLIC}/voice/opaque/3", ANSWERED, secret=secret, algorithm=algorithm)
    hook = raw(signature=signature, **{"x-twilio-webhooks-signature-settings": settings})
    assert refused(hook, reader(TOKEN, **{KEY_ID: "s" * 40}))


@pytest.mark.parametrize("signature", ["", " ", "x", "\xe9" * 28, "=" * 28])
def test_no_signature_or_nonsense_is_refused(signature: str) -> None:
    assert refused(raw(signature=signature))


def test_a_compatible_carriers_name_for_the_header_is_read_and_checked() -> None:
    genuine = raw()
    for signature, good in ((genuine.headers["x-twilio-signature"], True), ("x" * 28, False)):
        hook = replace(genuine, headers={"x-signalwire-signature": signature})
        assert reader(TOKEN).read(hook).sid == SID if good else refused(hook)


@pytest.mark.parametrize(
    ("hook", "why"),
    [
        (raw(method="GET"), "method"),
        (raw(signature="x" * 28), "signature"),
        (raw(with_changes(ANSWERED, AccountSid="AC" + "f" * 32)), "account"),
        (raw(with_changes(ANSWERED, CallSid="")), "call"),
    ],
)
def test_the_operator_learns_why_a_hook_was_refused_and_the_sender_does_not(
    hook: RawHook, why: str
) -> None:
    with pytest.raises(ForgedHookError) as caught:
        reader(TOKEN).read(hook)
    assert caught.value.extra == {"why": why}
    assert caught.value.sentence == "This request does not come from our telephone company."


def test_a_missing_header_is_refused() -> None:
    assert refused(RawHook(method="POST", target="/voice/opaque/3", headers={}, form=ANSWERED))


@pytest.mark.parametrize("method", ["GET", "PUT", "post", "HEAD"])
def test_only_post_is_a_hook(method: str) -> None:
    assert refused(raw(method=method))


@pytest.mark.parametrize("tokens", [(), ("",)])
def test_without_a_token_everything_is_refused(tokens: tuple[str, ...]) -> None:
    empty = sign(f"{PUBLIC}/voice/opaque/3", ANSWERED, secret="")
    assert refused(raw(signature=empty), reader(*tokens))
    assert refused(raw(), reader(*tokens))


@pytest.mark.parametrize("account", ["AC" + "f" * 32, "", None])
def test_another_accounts_hook_is_refused_though_it_is_signed(account: str | None) -> None:
    assert refused(raw(with_changes(ANSWERED, AccountSid=account)))
    assert refused(raw(with_changes(ANSWERED, AccountSid="")), reader(TOKEN, account=""))


def test_two_accounts_in_one_hook_are_refused() -> None:
    assert refused(raw((*ANSWERED, ("AccountSid", "AC" + "f" * 32))))


def test_a_hook_without_a_call_is_refused() -> None:
    assert refused(raw(with_changes(ANSWERED, CallSid=None)))


def test_a_text_that_is_no_unicode_is_refused() -> None:
    form = with_changes(ANSWERED, FromCity="\ud800")
    assert refused(raw(form, signature=sign(f"{PUBLIC}/voice/opaque/3", ANSWERED)))


def forms() -> st.SearchStrategy[Pairs]:
    text = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
    names = st.sampled_from(["Digits", "CallStatus", "FromCity", "Extra"]) | text
    more = st.lists(st.tuples(names, text), max_size=6)
    return more.map(lambda pairs: (*ANSWERED, *pairs))


@given(forms())
def test_whatever_is_signed_is_believed(form: Pairs) -> None:
    assert reader(TOKEN).read(raw(form)).sid == SID


@given(st.data())
def test_a_signed_hook_that_was_changed_anywhere_is_refused(data: st.DataObject) -> None:
    genuine = raw(data.draw(forms()), target="/voice/opaque/3?a=1")
    signature = genuine.headers["x-twilio-signature"]
    form, target = list(genuine.form), genuine.target
    place = data.draw(st.integers(0, len(form) - 1))
    name, value = form[place]
    match data.draw(st.sampled_from(["value", "name", "drop", "add", "target", "signature"])):
        case "value":
            form[place] = (name, value + data.draw(st.sampled_from("0 a\x00é")))
        case "name":
            form[place] = (name + "x", value)
        case "drop":
            del form[place]
        case "add":
            form.append(("Digits", data.draw(st.sampled_from("0123456789*#"))))
        case "target":
            at = data.draw(st.integers(1, len(target)))
            target = target[:at] + data.draw(st.sampled_from("a1%/&=")) + target[at:]
        case "signature":
            at = data.draw(st.integers(0, len(signature) - 2))
            other = data.draw(st.sampled_from("ABCabc012+/").filter(lambda c: c != signature[at]))
            signature = signature[:at] + other + signature[at + 1 :]
    # The scheme itself signs each pair once and runs names and values together, so some changes
    # are none to it: a value given twice, or a name's end moved into its value.
    assume(sign_text(PUBLIC + target, form) != sign_text(PUBLIC + genuine.target, genuine.form)
           or signature != genuine.headers["x-twilio-signature"])  # fmt: skip
    assert refused(
        RawHook(method="POST", target=target, headers={"x-twilio-signature": signature}, form=form)
    )


def sign_text(url: str, form: Pairs) -> str:
    """Write out what is signed, by the published rule."""
    names = sorted({name for name, _ in form})
    values = {name: sorted({value for n, value in form if n == name}) for name in names}
    return url + "".join(name + value for name in names for value in values[name])


@given(forms(), st.text(max_size=40))
@example(ANSWERED, "")
def test_we_believe_exactly_what_the_vendors_validator_believes(
    form: Pairs, signature: str
) -> None:
    target = "/voice/opaque/3"
    for given_signature in (signature, sign(PUBLIC + target, form)):
        theirs = RequestValidator(TOKEN).validate(PUBLIC + target, Form(form), given_signature)
        try:
            ours = bool(reader(TOKEN).read(raw(form, signature=given_signature)))
        except ForgedHookError:
            ours = False
        assert ours == theirs
