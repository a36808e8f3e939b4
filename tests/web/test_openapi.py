"""The API against its own OpenAPI document: nothing undocumented, nothing that breaks it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from callbridge.store import Database
from tests.web.setting import Site, site_on

CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
)
WIDE = {
    "LIMIT_NETWORK_HOUR": "1000000",
    "LIMIT_CAMPAIGN_MINUTE": "1000000",
    "LIMIT_LOOKUP_MINUTE": "1000000",
}


@pytest.fixture(scope="module")
def open_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Keep one site for all examples, with limits out of the way."""
    path = tmp_path_factory.mktemp("api") / "callbridge.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield site_on(database, f"sqlite:///{path}", **WIDE)
    database.close()


OPERATIONS = (
    "POST /api/v1/campaigns/{slug}/calls",
    "GET /api/v1/calls/{call}",
    "GET /api/v1/lookup",
    "GET /api/v1/campaigns/{slug}/counter",
)


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_generated_request_gets_a_documented_answer(open_site: Site, label: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", open_site.app)
    found = {result.ok().label: result.ok() for result in schema.get_all_operations()}
    assert set(found) == set(OPERATIONS)

    @given(case=found[label].as_strategy())
    @settings(
        max_examples=60,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def answered(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    answered()


def test_the_document_names_every_route_of_the_api(open_site: Site) -> None:
    document = open_site.app.test_client().get("/api/v1/openapi.json").json
    routes = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in open_site.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and not rule.rule.endswith("openapi.json")
    }
    assert set(document["paths"]) == routes
    body = document["components"]["schemas"]["NewCall"]
    assert body["additionalProperties"] is False
    assert set(body["required"]) == {"phone", "consent"}


def test_problems_have_their_own_media_type_in_the_document(open_site: Site) -> None:
    document = open_site.app.test_client().get("/api/v1/openapi.json").json
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                kind = "application/json" if int(status) < 400 else "application/problem+json"
                assert list(answer["content"]) == [kind]
