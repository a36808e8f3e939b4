"""What every use case is given: settings, clock, store, carrier, directory; decides nothing."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Place
from callbridge.domain.flow import Organization
from callbridge.errors import NoCarrierError
from callbridge.service.hours import is_federal_holiday
from callbridge.service.ports import (
    CampaignReader,
    Carrier,
    Clock,
    Directory,
    Interpreter,
    Mailer,
    Poster,
    Printer,
)
from callbridge.service.rehearsals import Rehearser
from callbridge.service.shelf import Shelf
from callbridge.service.storage import Store
from callbridge.service.timer import Timer, WallTimer
from callbridge.service.vault import PhoneVault
from callbridge.settings import Settings, is_loopback

_BITS_128 = 16


class Narrower(Protocol):
    """Finds the district of a street address or a ZIP+4 (the Census geocoder)."""

    def district(self, *, address: str, place: Place) -> str | None:
        """Return one of the place's districts, None when unknown or out of reach."""
        ...


class Renewer(Protocol):
    """Brings the directory up to date from its publishers."""

    def renew(self, *, today: date) -> str:
        """Take up what is sane, hold what is not; return what happened. Raises DirectoryError."""
        ...

    def waits(self) -> bool:
        """Tell whether a difference is held for an operator."""
        ...


def _token() -> str:
    return secrets.token_hex(_BITS_128)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything a use case may reach. `token` makes opaque ids, `chance` a number in [0, 1)."""

    settings: Settings
    clock: Clock
    store: Store
    carrier: Carrier | None
    interpreter: Interpreter | None
    directory: Directory
    vault: PhoneVault
    shelf: Shelf
    narrower: Narrower | None = None
    renewer: Renewer | None = None
    poster: Poster | None = None
    mailer: Mailer | None = None
    printer: Printer | None = None
    rehearser: Rehearser | None = None
    timer: Timer = field(default_factory=WallTimer)
    token: Callable[[], str] = field(default=_token)
    chance: Callable[[], float] = field(default=random.SystemRandom().random)

    def needed_carrier(self) -> Carrier:
        """Return the carrier; raise NoCarrierError when none is set up."""
        if self.carrier is None:
            raise NoCarrierError("No telephone company is set up here, so no call can start.")
        return self.carrier

    @property
    def on_loopback(self) -> bool:
        """Tell whether no real telephone can ring."""
        return (
            self.carrier is not None
            and not self.carrier.real
            and is_loopback(self.settings.public_url)
        )

    def organization(self, campaign: Campaign) -> Organization:
        """Return who is calling: the campaign's own organization, else the settings'."""
        return Organization(
            name=campaign.organization or self.settings.organization,
            phone=campaign.organization_phone or self.settings.organization_phone,
        )


def compose(
    *,
    settings: Settings,
    clock: Clock,
    store: Store,
    carrier: Carrier | None,
    interpreter: Interpreter | None,
    directory: Directory,
    reader: CampaignReader,
    narrower: Narrower | None = None,
    renewer: Renewer | None = None,
    poster: Poster | None = None,
    mailer: Mailer | None = None,
    printer: Printer | None = None,
) -> Context:
    """Put a context together from its adapters; none but the web asks for the interpreter."""
    # The calendar takes a moment to load: better now than while a supporter listens to silence.
    is_federal_holiday(clock.now().date())
    return Context(
        settings=settings,
        clock=clock,
        store=store,
        carrier=carrier,
        directory=directory,
        vault=PhoneVault(settings.phone_keys),
        shelf=Shelf(reader),
        interpreter=interpreter,
        narrower=narrower,
        renewer=renewer,
        poster=poster,
        mailer=mailer,
        printer=printer,
    )
