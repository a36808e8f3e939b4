"""The form of a drive and of its list of people, as it was sent; judges nobody on the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import request

from callbridge.errors import RefusedError
from callbridge.service.drives.sheet import text_of
from callbridge.service.drives.views import DriveRequest, DriveView
from callbridge.settings import Settings

DAYS = {
    "mon-fri": "Monday to Friday",
    "mon-sat": "Monday to Saturday",
    "all": "every day, holidays too",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveForm:
    """What stands in the fields, as written; `per_minute` is blank for the shared pace.

    `budget` is blank for as much as comes, `shift` empty for an ordinary drive.
    """

    name: str = ""
    opens: str = "09:00"
    closes: str = "20:00"
    days: str = "mon-fri"
    per_minute: str = ""
    at_once: str = ""
    budget: str = ""
    shift: tuple[str, ...] = ()
    promised: bool = False
    source: str = ""
    agreed: str = ""

    @property
    def window(self) -> str:
        """Return the hours as the service reads them."""
        return f"{self.opens[:5]}-{self.closes[:5]}"

    @property
    def given(self) -> Mapping[str, str]:
        """Return where and when those agreed whose lines do not say it."""
        return {"consent_source": self.source, "consent_at": self.agreed}


def empty(settings: Settings) -> DriveForm:
    """Return the form of a new drive."""
    return DriveForm(at_once=str(settings.drive_calls_in_progress))


def form_of(view: DriveView) -> DriveForm:
    """Return the form that says how a drive is now."""
    opens, _, closes = view.window.partition("-")
    return DriveForm(
        name=view.name,
        opens=opens.zfill(5),
        closes=closes.zfill(5),
        days=view.days,
        per_minute="" if view.rate is None else f"{view.rate * 60:g}",
        at_once=str(view.in_progress),
        budget="" if view.budget is None else f"{view.budget:.2f}",
    )


def sent() -> DriveForm:
    """Read the form of this request."""
    form = request.form
    default = DriveForm()
    return replace(
        default,
        **{
            name: form.get(name, getattr(default, name)).strip()[:300]
            for name in ("name", "opens", "closes", "days", "per_minute", "at_once", "budget")
        },
        source=form.get("source", "").strip()[:300],
        agreed=form.get("agreed", "").strip()[:40],
        promised=form.get("promised") == "yes",
        shift=tuple(slug[:80] for slug in form.getlist("shift")[:20]),
    )


def request_of(form: DriveForm, slug: str) -> DriveRequest:
    """Return what the form asks for. Raises RefusedError."""
    return DriveRequest(
        slug=slug,
        name=form.name,
        window=form.window,
        days=form.days,
        rate=rate_of(form),
        in_progress=at_once_of(form),
        promised=form.promised,
        budget=budget_of(form),
        shift=form.shift,
    )


def rate_of(form: DriveForm) -> float | None:
    """Return starts a second, None for the shared pace. Raises RefusedError."""
    if not form.per_minute:
        return None
    try:
        return float(form.per_minute.replace(",", ".")) / 60
    except ValueError as wrong:
        raise RefusedError("People rung a minute: a number, such as 30. Or leave it empty.") from (
            wrong
        )


def at_once_of(form: DriveForm) -> int | None:
    """Return the most calls at once, None for the setting's. Raises RefusedError."""
    if not form.at_once:
        return None
    if not (form.at_once.isascii() and form.at_once.isdigit()) or len(form.at_once) > 9:
        raise RefusedError("Calls at once: a whole number, such as 20.")
    return int(form.at_once)


def budget_of(form: DriveForm) -> float | None:
    """Return the most it may cost in all, None for as much as comes. Raises RefusedError."""
    if not form.budget:
        return None
    try:
        return float(form.budget.replace(",", ""))
    except ValueError as wrong:
        raise RefusedError("The budget: an amount, such as 25 or 12.50. Or leave it empty.") from (
            wrong
        )


def people_sent() -> str:
    """Return the list of this request: carried from the preview, uploaded, or pasted.

    Raises RefusedError when there is none, or when a file is no text.
    """
    form = request.form
    if carried := form.get("people", ""):
        return carried
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return text_of(upload.read()).replace("\0", "")
    if pasted := form.get("lines", "").strip():
        return pasted
    raise RefusedError("Choose a file with people, or paste some lines.")
