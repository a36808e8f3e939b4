"""Narrowing by street address, against a server that answers as the Census Bureau does."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge import logs
from callbridge.directory.census import Census, read_seat
from tests.directory.web import Answer, serving

STREET = "1100 Congress Ave"


def reply(*matches: dict[str, list[dict[str, Any]]]) -> bytes:
    found = [
        {"matchedAddress": "1100 CONGRESS AVE, AUSTIN, TX, 78701", "geographies": layers}
        for layers in matches
    ]
    return json.dumps({"result": {"input": {}, "addressMatches": found}}).encode()


def layer(congress: str, geoid: str) -> dict[str, list[dict[str, Any]]]:
    row = {"GEOID": geoid, "STATE": geoid[:2], "BASENAME": geoid[2:], "CDSESSN": congress[:3]}
    return {f"{congress} Congressional Districts": [row]}


def test_an_address_leads_to_one_seat() -> None:
    with serving(lambda *_: Answer(body=reply(layer("119th", "4837")))) as web:
        seat = Census(web.url).seat(street=f"  {STREET} ", zip_text="78701-1234", congress=119)
    assert seat == "TX-37"
    (path, query), *more = web.asked
    assert not more
    assert path == "/geocoder/geographies/address"
    assert query == {
        "street": STREET,
        "zip": "78701",
        "benchmark": "Public_AR_Current",
        "vintage": "ACS2025_Current",
        "layers": "54",
        "format": "json",
    }


@pytest.mark.parametrize(
    ("geoid", "seat"), [("5000", "VT-0"), ("1198", "DC-0"), ("7298", "PR-0"), ("0612", "CA-12")]
)
def test_at_large_and_delegates_are_district_zero(geoid: str, seat: str) -> None:
    assert read_seat(json.loads(reply(layer("119th", geoid))), congress=119) == seat


def test_another_congress_is_never_taken_for_this_one() -> None:
    with serving(lambda *_: Answer(body=reply(layer("120th", "4837")))) as web:
        assert Census(web.url).seat(street=STREET, zip_text="78701", congress=119) is None
    assert [query["vintage"] for _, query in web.asked] == ["ACS2025_Current", "Current_Current"]


def test_a_vintage_that_is_not_there_yet_gives_way_to_the_current_one() -> None:
    def answer(_: str, query: dict[str, str]) -> Answer:
        if query["vintage"] == "Current_Current":
            return Answer(body=reply(layer("120th", "4837")))
        return Answer(status=400, body=b'{"errors":["Invalid vintage in request"]}')

    with serving(answer) as web:
        assert Census(web.url).seat(street=STREET, zip_text="78701", congress=120) == "TX-37"


@pytest.mark.parametrize(
    "said",
    [
        Answer(body=reply()),
        Answer(body=reply(layer("119th", "48ZZ"))),
        Answer(body=reply(layer("119th", "9901"))),
        Answer(body=reply(layer("119th", "4837"), layer("119th", "4810"))),
        Answer(body=b"<html>Service Unavailable</html>"),
        Answer(body=b"\xff\xfe\x00"),
        Answer(body=b"["),
        Answer(body=b"[" * 200_000),
        Answer(body=b'{"result": {"addressMatches": [null, 7, {"geographies": []}]}}'),
        Answer(body=b"{}" + b" " * 2_000_000),
        Answer(status=500, body=b"oops"),
        Answer(status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"}),
        Answer(body=reply(layer("119th", "4837"))[:-40], length=5_000),
    ],
    ids=[
        "no match", "water", "no such state", "two districts", "html", "not text", "cut json",
        "deep json", "strange shapes", "endless", "server error", "redirect", "cut body",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_none(said: Answer) -> None:
    with serving(lambda *_: said) as web:
        assert Census(web.url).seat(street=STREET, zip_text="78701", congress=119) is None


def test_a_slow_bureau_is_left_waiting_and_the_log_keeps_the_address_to_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level(logging.INFO, logger="callbridge"),
        serving(lambda *_: Answer(body=reply(layer("119th", "4837")), wait=60)) as web,
    ):
        census = Census(web.url, timeout=0.4)
        assert census.seat(street=STREET, zip_text="78701", congress=119) is None
    assert "ReadTimeout" in caplog.text
    assert "Congress Ave" not in caplog.text
    assert "78701" not in caplog.text


def test_no_log_holds_the_address_even_at_debug(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, libraries = logging.getLogger(), logging.getLogger("urllib3")
    kept = (root.level, libraries.level)
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    try:
        logs.configure(level="debug")
        logging.getLogger("callbridge.tests").debug("debug lines are kept")
        with serving(lambda *_: Answer(body=reply())) as web:
            assert Census(web.url).seat(street=STREET, zip_text="78701", congress=119) is None
    finally:
        root.setLevel(kept[0])
        libraries.setLevel(kept[1])
    assert "debug lines are kept" in caplog.text
    assert "no district for this address" in caplog.text
    assert "78701" not in caplog.text
    assert "Congress+Ave" not in caplog.text


def test_an_unreachable_bureau_is_none(caplog: pytest.LogCaptureFixture) -> None:
    with serving(lambda *_: Answer()) as web:
        gone = web.url
    with caplog.at_level(logging.INFO, logger="callbridge"):
        assert Census(gone).seat(street=STREET, zip_text="78701", congress=119) is None
    assert "ConnectionError" in caplog.text
    assert "78701" not in caplog.text


def test_without_a_street_or_an_address_of_the_bureau_nobody_is_asked() -> None:
    with serving(lambda *_: Answer(body=reply(layer("119th", "4837")))) as web:
        assert Census(web.url).seat(street=" ", zip_text="78701-1234", congress=119) is None
    assert web.asked == []
    assert Census("").seat(street=STREET, zip_text="78701", congress=119) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["result", "addressMatches", "geographies", "GEOID",
                     "119th Congressional Districts"]
                ),
                inner,
            )
        ),
    )
)  # fmt: skip
def test_no_answer_of_any_shape_raises(answer: Any) -> None:
    seat = read_seat(answer, congress=119)
    assert seat is None or seat[2] == "-"
