"""HTTP to one carrier and nobody else, every failure mapped; knows no call.

It stands in for the vendor client's own HTTP class, which has no connect timeout, follows proxy
variables of the environment, and raises different errors for the same failure (voice facts 1.5).
"""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from twilio.http import HttpClient
from twilio.http.response import Response

from callbridge.carriers.refusals import refusal
from callbridge.errors import CarrierBusyError, CarrierRefusedError, CarrierUnknownError

VENDOR_URL = "https://api.twilio.com"
CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
# Not a statement about the request itself, so the call may exist all the same.
_AMBIGUOUS_4XX = frozenset({408, 425})


class Wire(HttpClient):  # type: ignore[misc]
    """Send the vendor client's requests to `base_url`, whatever host they were made for.

    `timeouts` are connect and read, in seconds. Answers outside 2xx never return: they raise
    CarrierRefusedError (4xx), CarrierBusyError (429) or CarrierUnknownError.
    """

    def __init__(
        self,
        base_url: str = "",
        *,
        timeouts: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._base = urlsplit(base_url or VENDOR_URL)
        self._timeouts = timeouts
        self._http = requests.Session()
        self._http.trust_env = False
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=32))

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send one request, never a redirect after it; the vendor's own timeout is not used."""
        del timeout, allow_redirects
        prepared = self._http.prepare_request(
            requests.Request(
                method,
                self._addressed(url),
                params=params,
                data=data,
                headers=headers,
                auth=auth,
            )
        )
        try:
            answer = self._http.send(prepared, timeout=self._timeouts, allow_redirects=False)
        except requests.RequestException as failure:
            raise _failed(failure) from failure
        if not 200 <= answer.status_code < 300:
            raise _refused(answer)
        return Response(answer.status_code, answer.text, answer.headers)

    def _addressed(self, url: str) -> str:
        """Keep path and query, put our carrier's scheme and host (and prefix) before them.

        This is what keeps every request on the configured host: the vendor's client builds other
        hosts from region and edge variables, and from addresses in the carrier's own answers.
        """
        asked = urlsplit(url)
        prefix = self._base.path.rstrip("/")
        path = asked.path if asked.path.startswith(f"{prefix}/") else prefix + asked.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, asked.query, ""))


def _failed(failure: requests.RequestException) -> CarrierBusyError | CarrierUnknownError:
    """Map a failure without an answer.

    Where no connection stood, nothing was sent: that is as safe to send again as a 429, so it is
    CarrierBusyError. After that nobody can know.
    """
    if isinstance(failure, requests.ConnectTimeout) or _never_connected(failure):
        return CarrierBusyError("The telephone company cannot be reached just now.")
    return CarrierUnknownError(
        "The telephone company did not answer. The call may come all the same."
    )


def _never_connected(failure: requests.RequestException) -> bool:
    cause: object = failure.args[0] if failure.args else None
    cause = getattr(cause, "reason", cause)
    if isinstance(cause, urllib3.exceptions.SSLError):
        inner = cause.args[0] if cause.args else None
        return isinstance(inner, ssl.SSLCertVerificationError)
    # Refused, no route, no such name.
    return isinstance(cause, urllib3.exceptions.NewConnectionError)


def _refused(
    answer: requests.Response,
) -> CarrierBusyError | CarrierUnknownError | CarrierRefusedError:
    if answer.status_code == 429:
        return CarrierBusyError("The telephone company is busy. Please try again in a moment.")
    if 400 <= answer.status_code < 500 and answer.status_code not in _AMBIGUOUS_4XX:
        return refusal(answer.status_code, _code(answer))
    return CarrierUnknownError(
        "The telephone company had a fault. The call may come all the same.",
        http=answer.status_code,
    )


def _code(answer: requests.Response) -> int | None:
    """Read the carrier's own error code; compatible carriers write it as text."""
    try:
        body: Any = json.loads(answer.text)
        return int(body["code"])
    except (ValueError, TypeError, KeyError):
        return None
