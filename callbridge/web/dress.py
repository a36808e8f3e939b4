"""How values look on a page: phone numbers, minutes, safe HTML; knows no rule."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import phonenumbers
from flask import Flask, current_app
from flask_babel import format_datetime
from markupsafe import Markup

from callbridge.domain.nouns import many

NO_BREAK = "\u00a0"


def phone(number: str | None) -> str:
    """Return an E.164 number grouped as people write it; what is no number stays as it is."""
    if not number:
        return ""
    try:
        read = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    other = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(read, national if read.country_code == 1 else other)


def minutes(seconds: int | None) -> str:
    """Return seconds as m:ss."""
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def nobreak(text: str) -> str:
    """Keep a text on one line."""
    return text.replace(" ", NO_BREAK).replace("-", "\u2011")


def trusted(html: str) -> Markup:
    """Mark HTML that the library has cleaned as safe to show."""
    return Markup(html)  # noqa: S704


@lru_cache(maxsize=64)
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _version_of_static(endpoint: str, values: dict[str, Any]) -> None:
    """Name the content in the address, so that browsers may keep static files for ever."""
    folder = current_app.static_folder
    if endpoint == "static" and folder and "v" not in values:
        file = Path(folder) / str(values.get("filename", ""))
        if file.is_file():
            values["v"] = _digest(file)


def when(moment: Any) -> str:
    """Return a time with its zone said."""
    return f"{format_datetime(moment, 'd MMM y, HH:mm')} UTC"


def install(app: Flask) -> None:
    """Give templates their filters."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31_536_000
    app.jinja_env.filters.update(
        phone=phone, minutes=minutes, nobreak=nobreak, when=when, many=many
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_default_functions.setdefault(None, []).append(_version_of_static)
