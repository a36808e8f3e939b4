"""The list of calls: filters, pages and their addresses; knows legs, not HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from callbridge.exchange import codes
from callbridge.exchange.codes import Refusal
from callbridge.exchange.legs import Leg, Status
from callbridge.exchange.resource import as_resource, calls_path

_SID = re.compile(r"CA[0-9a-fA-F]{32}")
_TOKEN = re.compile(r"P([AB])(CA[0-9a-f]{32})")
_DATES = ("StartTime", "StartTime<", "StartTime>", "EndTime", "EndTime<", "EndTime>")
_KNOWN = {"To", "From", "ParentCallSid", "Status", *_DATES, "PageSize", "Page", "PageToken"}
_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M:%S")

Keep = Callable[[Leg], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which page is asked for: `token` (direction A next or B previous, and a sid) or none."""

    size: int
    number: int
    token: tuple[str, str] | None


def read_date(text: str) -> tuple[datetime, timedelta] | None:
    """Read a date in the forms the API takes; with it the span it means (a day, or a second)."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC), timedelta(days=1)
        except ValueError:
            return None
    second = timedelta(seconds=1)
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), second
    except ValueError:
        pass
    for form in _FORMATS:
        try:
            return datetime.strptime(text.removesuffix(" UTC"), form).replace(tzinfo=UTC), second
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text).astimezone(UTC), second
    except (ValueError, TypeError, OverflowError):
        return None


def read_query(query: Mapping[str, str]) -> tuple[list[Keep], Page] | Refusal:
    """Read filters and page; the first thing that is wrong refuses the list."""
    keeps: list[Keep] = []
    for name, value in query.items():
        if name not in _KNOWN:
            return codes.bad_value("parameter name", name)
        if name in _DATES:
            span = read_date(value)
            if span is None:
                return codes.bad_value(name, value)
            keeps.append(_by_date(name, *span))
    if "ParentCallSid" in query and not _SID.fullmatch(query["ParentCallSid"]):
        return codes.bad_value("ParentCallSid", query["ParentCallSid"])
    if "Status" in query and query["Status"] not in set(Status):
        return codes.bad_value("Status", query["Status"])
    keeps += _by_words(query)
    page = _page(query)
    return page if isinstance(page, Refusal) else (keeps, page)


def _by_words(query: Mapping[str, str]) -> Iterable[Keep]:
    if "To" in query:
        yield lambda leg: leg.to == query["To"]
    if "From" in query:
        yield lambda leg: leg.from_ == query["From"]
    if "Status" in query:
        yield lambda leg: leg.status == query["Status"]
    if "ParentCallSid" in query:
        yield lambda leg: leg.parent is not None and leg.parent.sid == query["ParentCallSid"]


def _by_date(name: str, moment: datetime, span: timedelta) -> Keep:
    field = "started_at" if name.startswith("Start") else "ended_at"

    def keep(leg: Leg) -> bool:
        value = getattr(leg, field)
        if value is None:
            return False
        match name[-1]:
            case "<":
                return bool(value < moment)
            case ">":
                return bool(value >= moment)
            case _:
                return bool(moment <= value < moment + span)

    return keep


def _page(query: Mapping[str, str]) -> Page | Refusal:
    size, number, token = query.get("PageSize", "50"), query.get("Page", "0"), None
    if not (size.isascii() and size.isdecimal() and 1 <= int(size) <= 1000):
        return codes.bad_value("PageSize", size)
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return codes.bad_value("Page", number)
    if "PageToken" in query:
        found = _TOKEN.fullmatch(query["PageToken"])
        if found is None:
            return codes.bad_value("PageToken", query["PageToken"])
        token = (found.group(1), found.group(2))
    return Page(size=int(size), number=int(number), token=token)


def listed(
    legs: Iterable[Leg], query: Mapping[str, str], account: str
) -> dict[str, object] | Refusal:
    """Return one page, newest first. `legs` come in order of creation."""
    read = read_query(query)
    if isinstance(read, Refusal):
        return read
    keeps, page = read
    found = [leg for leg in legs if all(keep(leg) for keep in keeps)][::-1]
    start = _start(found, page)
    shown = found[start : start + page.size]
    number = start // page.size if page.token is None else page.number
    more = start + page.size < len(found)

    def uri(number: int, token: str = "") -> str:
        kept = [(n, v) for n, v in query.items() if n not in {"PageSize", "Page", "PageToken"}]
        kept += [("PageSize", str(page.size)), ("Page", str(number))]
        kept += [("PageToken", token)] if token else []
        return f"{calls_path(account)}.json?{urlencode(kept)}"

    before = start > 0 and bool(shown)
    return {
        "calls": [as_resource(leg, account) for leg in shown],
        "page": number,
        "page_size": page.size,
        "start": start,
        "end": max(start + len(shown) - 1, start),
        "uri": uri(number),
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1, f"PA{shown[-1].sid}") if more else None,
        "previous_page_uri": uri(max(number - 1, 0), f"PB{shown[0].sid}") if before else None,
    }


def _start(found: list[Leg], page: Page) -> int:
    """Return where a page begins: just after (A) or before (B) the token's call, else by number.

    A token holds its place while new calls arrive; a number does not.
    """
    if page.token is None:
        return page.number * page.size
    way, sid = page.token
    at = next((n for n, leg in enumerate(found) if leg.sid == sid), len(found))
    return at + 1 if way == "A" else max(at - page.size, 0)
