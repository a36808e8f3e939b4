"""Fetches the public sources from the web, within limits; knows nothing of what is in them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests

from callbridge.directory.sources import Raw, RawSources
from callbridge.errors import DirectoryError

_PAGES = "https://unitedstates.github.io/congress-legislators"
_REDIRECTS = 3
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the publishers keep the three sources."""

    legislators: str = f"{_PAGES}/legislators-current.json"
    offices: str = f"{_PAGES}/legislators-district-offices.json"
    areas: str = (
        "https://raw.githubusercontent.com/OpenSourceActivismTech/us-zipcodes-congress"
        "/master/zccd.csv"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost: seconds to connect, between bytes and in all, and bytes."""

    connect: float = 5.0
    read: float = 20.0
    whole: float = 120.0
    size: int = 20 * 1024 * 1024


PUBLISHERS = Addresses()
USUAL = Limits()


def fetch_sources(addresses: Addresses, *, today: date, limits: Limits = USUAL) -> RawSources:
    """Fetch the three sources. Raises DirectoryError in a sentence when one cannot be had.

    A file is as old as its Last-Modified header says; without one, as of `today`.
    """
    with requests.Session() as web:
        web.headers["User-Agent"] = "callbridge-directory"
        return RawSources(
            legislators=_fetch(web, addresses.legislators, today=today, limits=limits),
            offices=_fetch(web, addresses.offices, today=today, limits=limits),
            areas=_fetch(web, addresses.areas, today=today, limits=limits),
        )


def _fetch(web: requests.Session, url: str, *, today: date, limits: Limits) -> Raw:
    deadline = time.monotonic() + limits.whole
    try:
        with _follow(web, url, limits) as response:
            if response.status_code != 200:
                raise DirectoryError(f"{url} answered {response.status_code}.")
            data = _read(response, deadline=deadline, limits=limits)
            changed = response.headers.get("Last-Modified")
    except requests.RequestException as error:
        raise DirectoryError(f"{url} cannot be reached ({type(error).__name__}).") from error
    name = urlsplit(url).path.rpartition("/")[2]
    return Raw(name=name, data=data, as_of=_day(changed, today))


def _follow(web: requests.Session, url: str, limits: Limits) -> requests.Response:
    """Get a page; a redirect may lead elsewhere on its own host, never to another."""
    here = url
    for _ in range(_REDIRECTS + 1):
        response = web.get(
            here, stream=True, allow_redirects=False, timeout=(limits.connect, limits.read)
        )
        if not response.is_redirect:
            return response
        response.close()
        there = urljoin(here, response.headers["Location"])
        if not _same_place(here, there):
            raise DirectoryError(f"{here} leads to another host, {urlsplit(there).netloc}.")
        here = there
    raise DirectoryError(f"{url} leads in a circle.")


def _same_place(here: str, there: str) -> bool:
    old, new = urlsplit(here), urlsplit(there)
    safe = new.scheme in {old.scheme, "https"}
    return safe and old.hostname == new.hostname and (old.port == new.port or new.port is None)


def _read(response: requests.Response, *, deadline: float, limits: Limits) -> bytes:
    data = bytearray()
    for chunk in response.iter_content(_CHUNK):
        data += chunk
        if len(data) > limits.size:
            raise DirectoryError(f"{response.url} is larger than {limits.size:,} bytes.")
        if time.monotonic() > deadline:
            raise DirectoryError(f"{response.url} took longer than {limits.whole:g} seconds.")
    expected = response.headers.get("Content-Length", "")
    plain = "Content-Encoding" not in response.headers
    if plain and expected.isdigit() and int(expected) != len(data):
        raise DirectoryError(f"{response.url} broke off before its end.")
    return bytes(data)


def _day(header: str | None, today: date) -> date:
    if header is None:
        return today
    try:
        return min(parsedate_to_datetime(header).astimezone(UTC).date(), today)
    except (TypeError, ValueError):
        return today
