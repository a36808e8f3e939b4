"""Checks what the exchange exchanges over REST against the carrier's own OpenAPI document."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from callbridge.exchange.rest import Exchanged

DOCUMENT = Path(__file__).parents[1] / ".." / "shared" / "twilio" / "openapi-calls.json"


def _is_rfc2822(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return parsedate_to_datetime(value).strftime("%z") == "+0000"
    except ValueError:
        return False


class _Request:
    """An exchange as openapi-core wants a request."""

    def __init__(self, exchanged: Exchanged) -> None:
        parts = urlsplit(exchanged.url)
        self.host_url = "https://api.twilio.com"
        self.path = parts.path
        self.full_url_pattern = self.host_url + parts.path
        self.method = exchanged.method.lower()
        self.content_type = exchanged.headers.get("Content-Type", "")
        self.body = exchanged.body or None
        query = parse_qsl(parts.query, keep_blank_values=True)
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(query), header=Headers(list(exchanged.headers.items()))
        )


class _Response:
    """An exchange as openapi-core wants a response."""

    def __init__(self, exchanged: Exchanged) -> None:
        self.status_code = exchanged.status
        self.content_type = exchanged.content_type
        self.headers = Headers()
        self.data = exchanged.response or None


def available() -> bool:
    """Tell whether the document is there; it lies beside the project."""
    return DOCUMENT.is_file()


needs_document = pytest.mark.skipif(
    not available(), reason="Twilio's OpenAPI document is not beside the project (../shared/twilio)"
)


@cache
def _opened() -> tuple[OpenAPI, dict[str, Any]]:
    document = json.loads(DOCUMENT.read_text())
    config = Config(extra_format_validators={"date-time-rfc-2822": _is_rfc2822})
    return OpenAPI.from_dict(document, config=config), document


class OpenApiCheck:
    """A recorder for the exchange: keeps every problem, and how many requests it has seen.

    A request that was refused may be wrong on purpose; its response may not.
    """

    def __init__(self) -> None:
        self.openapi, self.document = _opened()
        self.problems: list[str] = []
        self.seen = 0
        self._lock = threading.Lock()

    def __call__(self, exchanged: Exchanged) -> None:
        """Check one request and its response."""
        if "/Messages" in urlsplit(exchanged.url).path:
            return  # the document is that of calls; the vendor's own client reads these in tests
        request, response = _Request(exchanged), _Response(exchanged)
        what = f"{exchanged.method} {exchanged.url} {exchanged.status}"
        with self._lock:
            self.seen += 1
            if exchanged.status < 400:
                self._check(what, lambda: self.openapi.validate_request(request))
                self.problems += [f"{what}: {name}" for name in self._strange(exchanged)]
            self._check(what, lambda: self.openapi.validate_response(request, response))

    def _strange(self, exchanged: Exchanged) -> list[str]:
        """List what the library lets pass: parameters nobody knows, a list sent as one text."""
        parts = urlsplit(exchanged.url)
        one = "/Calls/" in parts.path
        paths = [path for path in self.document["paths"] if path.endswith("/{Sid}.json") == one]
        operation = self.document["paths"][paths[0]][exchanged.method.lower()]
        query = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        known = {parameter["name"] for parameter in operation.get("parameters", ())}
        strange = [f"unknown query parameter {name}" for name in query - known]
        form = parse_qsl(exchanged.body.decode(), keep_blank_values=True)
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
        fields = schema.get("properties", {})
        strange += [f"unknown parameter {name}" for name, _ in form if name not in fields]
        lists = [
            (name, value) for name, value in form if fields.get(name, {}).get("type") == "array"
        ]
        return strange + [
            f"{name} is not one value: {value!r}" for name, value in lists if " " in value
        ]

    def _check(self, what: str, validate: Callable[[], object]) -> None:
        try:
            validate()
        except OpenAPIError as error:
            self.problems.append(f"{what}: {error} {error.__cause__ or ''}")


def check_where_possible() -> OpenApiCheck | None:
    """Return a check of every REST exchange, None without the document: tests that need it say so.

    Whoever has nothing beside the project can run everything else all the same.
    """
    return OpenApiCheck() if available() else None


def credentials(sid: str, token: str) -> str:
    """Return a Basic authorization header."""
    return "Basic " + base64.b64encode(f"{sid}:{token}".encode()).decode()
