"""Puts the parts together, for the web, the dialer and the command line; decides nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from callbridge.carriers.choose import from_settings
from callbridge.directory.census import Census
from callbridge.directory.live import LiveDirectory
from callbridge.directory.renewing import Renewing
from callbridge.domain.congress import Place
from callbridge.library import reading as library
from callbridge.paper.printing import Paper
from callbridge.post.mail import SmtpMailer
from callbridge.post.webhooks import WebPoster
from callbridge.rehearsal.starting import BesideTheWeb
from callbridge.service.context import Context, compose
from callbridge.service.ports import Clock
from callbridge.settings import Settings, is_loopback
from callbridge.store.database import Database
from callbridge.web import drawing


class WallClock:
    """The clock of production: the machine's own."""

    def now(self) -> datetime:
        """Return the time, aware, UTC."""
        return datetime.now(UTC)


class ByAddress:
    """Narrows a split ZIP by street address, for the Congress that the directory knows."""

    def __init__(self, census: Census, directory: LiveDirectory) -> None:
        self._census = census
        self._directory = directory

    def district(self, *, address: str, place: Place) -> str | None:
        """Return one of the place's districts, None when unknown or out of reach."""
        seat = self._census.seat(
            street=address, zip_text=place.zip, congress=self._directory.congress
        )
        return seat if seat in place.districts else None


def build_context(settings: Settings, *, clock: Clock | None = None) -> Context:
    """Return what the use cases need, from settings alone; reaches no network."""
    directory = LiveDirectory(settings.callbridge_directory)
    census = Census(settings.census_url) if settings.census_url else None
    folder = settings.callbridge_directory
    carrier = from_settings(settings) if settings.has_carrier else None
    context = compose(
        settings=settings,
        clock=clock or WallClock(),
        store=Database(settings.database_url),
        carrier=carrier,
        interpreter=carrier,
        directory=directory,
        reader=library,
        narrower=ByAddress(census, directory) if census else None,
        renewer=Renewing(target=folder) if settings.updates_directory else None,
        poster=WebPoster(loopback=is_loopback(settings.public_url)),
        printer=Paper(drawing.render),
        mailer=SmtpMailer(settings.smtp_url, settings.mail_from) if settings.smtp_url else None,
    )
    return replace(context, rehearser=BesideTheWeb(settings.callbridge_rehearsals))
