"""Checks what the exchange exchanges over REST against the carrier's own OpenAPI document."""

from __future__ import annotations

import base64
import json
import threading
from email.utils import parsedate_to_datetime
from pathlib import Path
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


class OpenApiCheck:
    """A recorder for the exchange: keeps every problem, and how many requests it has seen.

    A request that was refused may be wrong on purpose; its response may not.
    """

    def __init__(self) -> None:
        self.openapi = OpenAPI.from_dict(
            json.loads(DOCUMENT.read_text()),
            config=Config(
                extra_format_validators={"date-time-rfc-2822": _is_rfc2822},
            ),
        )
        self.problems: list[str] = []
        self.seen = 0
        self._lock = threading.Lock()

    def __call__(self, exchanged: Exchanged) -> None:
        """Check one request and its response."""
        request, response = _Request(exchanged), _Response(exchanged)
        what = f"{exchanged.method} {exchanged.url} {exchanged.status}"
        with self._lock:
            self.seen += 1
            if exchanged.status < 400:
                self._check(what, lambda: self.openapi.validate_request(request))
            self._check(what, lambda: self.openapi.validate_response(request, response))

    def _check(self, what: str, validate: object) -> None:
        try:
            validate()
        except OpenAPIError as error:
            self.problems.append(f"{what}: {error} {error.__cause__ or ''}")


def credentials(sid: str, token: str) -> str:
    """Return a Basic authorization header."""
    return "Basic " + base64.b64encode(f"{sid}:{token}".encode()).decode()
