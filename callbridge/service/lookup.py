"""Looks a ZIP up for a page or a program, within a limit; the directory does the finding."""

from __future__ import annotations

from callbridge.domain.congress import Place
from callbridge.errors import TooManyError
from callbridge.service.context import Context


def lookup(ctx: Context, zip_text: str, network: str | None = None) -> Place:
    """Return a place.

    Raises NotAZipError, UnknownZipError, NobodyThereError, and TooManyError when `network` (None:
    the command line) asked too often in this minute.
    """
    now = ctx.clock.now()
    if network is not None:
        _count(ctx, network, minute=int(now.timestamp()) // 60)
    return ctx.directory.lookup(zip_text, on=now.date())


def narrow(ctx: Context, place: Place, address: str, network: str | None = None) -> str | None:
    """Return the district of a street address or ZIP+4 within a place, None when unknown."""
    if ctx.narrower is None or not place.split or not address.strip():
        return None
    if network is not None:
        _count(ctx, network, minute=int(ctx.clock.now().timestamp()) // 60)
    found = ctx.narrower.district(address=address, place=place)
    return found if found in place.districts else None


def _count(ctx: Context, network: str, *, minute: int) -> None:
    with ctx.store.writing() as unit:
        count = unit.guards.count(f"lookup:{ctx.vault.network(network)}", bucket=minute)
    if count > ctx.settings.limit_lookup_minute:
        raise TooManyError(
            "Many ZIPs were looked up from your network. Please try again in a minute.",
            retry_after=60,
        )
