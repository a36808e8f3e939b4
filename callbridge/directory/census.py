"""Asks the Census Bureau's geocoder in which district a street address lies; knows no directory.

The geocoder needs a street: a ZIP+4 alone is answered with None. Neither the address nor the ZIP
is written to a log. Source of the parameters: the bureau's "Geocoding Services Web API", and its
answers as they were in September 2026: a vintage carries the districts of one Congress only, the
default one already those of the next, so the Congress is asked for and checked.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

import requests

from callbridge.directory.states import BY_FIPS
from callbridge.directory.terms import congress_begins

TIMEOUT = 2.0
_PATH = "/geocoder/geographies/address"
_BENCHMARK = "Public_AR_Current"
_DISTRICTS_LAYER = "54"
_LEAST_SECONDS = 0.2
_MOST_BYTES = 1024 * 1024
_LAYER = re.compile(r"(\d+)(?:st|nd|rd|th) congressional districts", re.IGNORECASE)
_GEOID = re.compile(r"(\d{2})(\d{2})")
_AT_LARGE = {0, 98}
_log = logging.getLogger(__name__)


class Census:
    """The geocoder at a base address; an empty one is switched off."""

    def __init__(self, base_url: str, *, timeout: float = TIMEOUT) -> None:
        self._base, self._timeout = base_url.rstrip("/"), timeout

    def seat(self, *, street: str, zip_text: str, congress: int) -> str | None:
        """Return the House seat of an address, such as "CA-12", or None when it is not known.

        Waits two seconds at most by default, both tries together, and never raises because the
        bureau is out of reach or answers strangely: the log says why, without the address.
        """
        if not self._base or not street.strip():
            return None
        deadline = time.monotonic() + self._timeout
        for vintage in (f"ACS{congress_begins(congress).year}_Current", "Current_Current"):
            left = deadline - time.monotonic()
            if left < _LEAST_SECONDS:
                _log.info("census geocoder: out of time")
                return None
            query = {
                "street": " ".join(street.split()),
                "zip": zip_text.strip()[:5],
                "benchmark": _BENCHMARK,
                "vintage": vintage,
                "layers": _DISTRICTS_LAYER,
                "format": "json",
            }
            found = read_seat(self._ask(query, left=left), congress=congress)
            if found is not None:
                return found
        _log.info("census geocoder: no district for this address")
        return None

    def _ask(self, query: Mapping[str, str], *, left: float) -> Any:
        """Return the answer's JSON, None when there is none."""
        deadline = time.monotonic() + left
        try:
            with requests.get(
                self._base + _PATH, params=query, timeout=left, stream=True, allow_redirects=False
            ) as response:
                if response.status_code != 200:
                    _log.info("census geocoder: answered %s", response.status_code)
                    return None
                body = bytearray()
                for chunk in response.iter_content(8192):
                    body += chunk
                    if len(body) > _MOST_BYTES or time.monotonic() > deadline:
                        _log.info("census geocoder: too slow or too long an answer")
                        return None
            return json.loads(body)
        except (requests.RequestException, ValueError, RecursionError) as error:
            # The error's own text would carry the address.
            _log.info("census geocoder: %s", type(error).__name__)
            return None


def read_seat(answer: Any, *, congress: int) -> str | None:
    """Return the one seat of a Congress in a geocoder's answer, None when there is no such one."""
    seats = set(_seats(answer, congress))
    return seats.pop() if len(seats) == 1 else None


def _seats(answer: Any, congress: int) -> Iterator[str]:
    for match in _list(_dict(_dict(answer).get("result")).get("addressMatches")):
        for name, areas in _dict(_dict(match).get("geographies")).items():
            layer = _LAYER.fullmatch(name.strip())
            if layer is None or int(layer[1]) != congress:
                continue
            for area in _list(areas):
                seat = _seat(_dict(area).get("GEOID"))
                if seat is not None:
                    yield seat


def _seat(geoid: Any) -> str | None:
    """Return "TX-37" for "4837"; at large is written 00, a delegate's seat 98, water ZZ."""
    match = _GEOID.fullmatch(geoid) if isinstance(geoid, str) else None
    if match is None or match[1] not in BY_FIPS:
        return None
    number = int(match[2])
    return f"{BY_FIPS[match[1]]}-{0 if number in _AT_LARGE else number}"


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
