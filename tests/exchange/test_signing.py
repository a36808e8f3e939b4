"""Signatures against the vendor's published vectors and its own validator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import HMAC_SHA256, RequestValidator
from werkzeug.datastructures import MultiDict

from callbridge.exchange.signing import SETTINGS_HEADER, Scheme, headers, signature

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]


@pytest.mark.parametrize(
    ("url", "form", "expected"),
    [
        (URL, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (
            URL,
            [
                ("Sid", "CA123"),
                ("SidAccount", "AC123"),
                *(("Digits", digits) for digits in ("5678", "1234", "1234")),
            ],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (URL.replace(".com", ".com:443"), FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (
            URL.replace("https", "http").replace(".com", ".com:80"),
            FORM,
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
        ),
    ],
)
def test_the_published_vectors_come_out(
    url: str, form: list[tuple[str, str]], expected: str
) -> None:
    assert signature(url, form, key="12345") == expected


@given(
    form=st.lists(st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=8)), max_size=8),
    path=st.text("abc/%2C~", max_size=12),
)
def test_the_vendors_validator_accepts_any_form_in_both_schemes(
    form: list[tuple[str, str]], path: str
) -> None:
    url = f"http://127.0.0.1:8080/{path}"
    validator = RequestValidator("secret")
    values = MultiDict(form)
    assert validator.validate(url, values, signature(url, form, key="secret"))
    strong = signature(url, form, key="secret", scheme=Scheme.SHA256)
    assert validator.validate(url, values, strong, HMAC_SHA256)


def test_the_newer_scheme_names_its_key_in_a_header() -> None:
    signed = headers("http://127.0.0.1/", [], key="k", scheme=Scheme.SHA256, key_id="key-1")
    assert signed[SETTINGS_HEADER] == "key=key-1,algorithm=HMAC_SHA256"
    assert SETTINGS_HEADER not in headers(
        "http://127.0.0.1/", [], key="k", scheme=Scheme.SHA1, key_id="key-1"
    )
