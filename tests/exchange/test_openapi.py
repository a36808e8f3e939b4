"""The REST side against the carrier's OpenAPI document, by its rules and by its fuzzer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from twilio.rest import Client

from callbridge.exchange.rest import Exchanged
from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import NUMBER, SUPPORTER, ring
from tests.openapi_check import DOCUMENT, OpenApiCheck, credentials, needs_document


@needs_document
def test_a_whole_round_of_requests_keeps_to_the_document(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, checked: OpenApiCheck
) -> None:
    sid = ring(client, app)
    client.calls(sid).fetch()
    client.calls.list(to=SUPPORTER, page_size=1)
    client.calls(sid).update(status="completed")
    client.calls(sid).delete()
    assert checked.seen == 5
    assert checked.problems == []


@needs_document
def test_the_check_sees_a_response_with_a_wrong_value_or_a_strange_key() -> None:
    seen: list[Exchanged] = []
    with ExchangeThread(numbers=[NUMBER], recorder=seen.append) as exchange:
        client = Client(exchange.account.sid, exchange.account.token)
        client.api.base_url = exchange.base_url
        client.calls.create(to=SUPPORTER, from_=NUMBER, twiml="<Response/>")
        client.http_client.session.close()
    body = json.loads(seen[0].response)
    for wrong in ({"status": "initiated"}, {"duration": 5}, {"extra": 1}, {"date_created": "now"}):
        check = OpenApiCheck()
        check(replace(seen[0], response=json.dumps(body | wrong).encode()))
        assert len(check.problems) == 1, wrong
    check = OpenApiCheck()
    check(replace(seen[0], body=seen[0].body + b"&Unknown=1"))
    assert len(check.problems) == 1
    check = OpenApiCheck()
    check(seen[0])
    assert check.problems == []


@pytest.fixture(scope="module")
def alone() -> Iterator[ExchangeThread]:
    with ExchangeThread(numbers=[NUMBER], speed=1000) as running:
        client = Client(running.account.sid, running.account.token)
        client.api.base_url = running.base_url
        for n in range(10, 20):
            client.calls.create(to=f"+120255501{n}", from_=NUMBER, twiml="<Response/>")
        client.http_client.session.close()
        yield running


SID = re.compile("(AC|CA)[0-9a-fA-F]{32}")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def operations() -> list[object]:
    """List the document's operations for the fuzzer; none where the document is missing."""
    if not DOCUMENT.is_file():
        return []
    schema = schemathesis.openapi.from_path(DOCUMENT)
    return [result.ok() for result in schema.get_all_operations()]


@needs_document
@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.label)
def test_no_request_the_fuzzer_invents_breaks_the_api(
    operation: object, alone: ExchangeThread
) -> None:
    account = alone.account
    sids = cycle([leg.sid for leg in alone.exchange.legs] + ["CA" + "0" * 32])
    headers = {"Authorization": credentials(account.sid, account.token)}

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    def attack(case: schemathesis.Case) -> None:
        known = {"AccountSid": account.sid, "Sid": next(sids)}
        for name, value in case.path_parameters.items():
            if SID.fullmatch(str(value)):
                case.path_parameters[name] = known[name]
        response = case.call(base_url=alone.base_url, headers=headers)
        case.validate_response(response, checks=CHECKS)

    given(case=operation.as_strategy())(attack)()
