"""A supporter's own page: what they did, stop calling me, correct an answer, erase me."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from callbridge.domain.links import LinkKind, LinkRecord
from callbridge.errors import NotFoundError
from callbridge.service import answers, erasing, reading
from callbridge.service.after.links import Listed, opened, shows
from callbridge.service.after.survey import Given
from callbridge.service.appointments import changing
from callbridge.service.appointments.changing import AppointmentView
from callbridge.service.appointments.ending import end_all
from callbridge.service.context import Context
from callbridge.service.storage import Unit
from callbridge.service.vault import fingerprint
from callbridge.service.views import CallView, PublishedCampaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One call of theirs, in the campaign's revision that it began with."""

    view: CallView
    published: PublishedCampaign


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """What the page shows; of an erased one, nothing but that. `stopped`: never rung again.

    `planned` are the rings that are still to come.
    """

    erased: bool
    stopped: bool = False
    deeds: Sequence[Deed] = ()
    planned: Sequence[AppointmentView] = ()


def look(ctx: Context, secret: str) -> OwnPage:
    """Return what somebody did, the newest call first. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        link = _found(unit, secret)
        if link.closed is not None:
            return OwnPage(erased=True)
        listed = opened(secret, link)
        stopped = unit.guards.opted_out([listed.phone_hash])
        mine = unit.appointments.open_of([listed.phone_hash])
        tokens = [one.token for one in mine if shows(ctx, unit, secret, listed, one)]
    views = [reading.call_view(ctx, call) for call in reversed(listed.calls)]
    deeds = [Deed(view=view, published=reading.revision(ctx, view)) for view in views]
    planned = [changing.view(ctx, token) for token in tokens]
    return OwnPage(erased=False, stopped=stopped, deeds=deeds, planned=planned)


def stop(ctx: Context, secret: str) -> None:
    """Never ring this person again. Raises NotFoundError."""
    with ctx.store.writing() as unit:
        listed = _listed(unit, secret)
        unit.guards.opt_out(listed.phone_hash, call=None, at=ctx.clock.now())
        end_all(ctx, unit, [listed.phone_hash], reason="opted-out")


def correct(ctx: Context, secret: str, *, call: str, given: Given) -> None:
    """Keep answers about one call of the page. Raises NotFoundError, RefusedError."""
    with ctx.store.writing() as unit:
        if call not in _listed(unit, secret).calls:
            raise NotFoundError("There is no such call on this page.")
        answers.keep_all(ctx, unit, call, given)


def erase(ctx: Context, secret: str) -> None:
    """Forget the person, and this page with every other one of the same number.

    Raises NotFoundError, InProgressError.
    """
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        pages = {secret: _listed(unit, secret)}
        for other in _kin(unit, pages[secret]):
            link = _found(unit, other)
            if link.closed is None:
                pages[other] = opened(other, link)
        hashes = sorted({listed.phone_hash for listed in pages.values()})
        calls = sorted({call for listed in pages.values() for call in listed.calls})
        erasing.erase_person(ctx, unit, hashes=hashes, calls=calls)
        for page in pages:
            unit.links.erase(fingerprint(page), now)


def _kin(unit: Unit, listed: Listed) -> set[str]:
    """Return every page of the same number; the one that was sent to it knows them all."""
    found = set(listed.kin)
    for other in listed.kin:
        link = _found(unit, other)
        if link.closed is None:
            found |= set(opened(other, link).kin)
    return found


def _listed(unit: Unit, secret: str) -> Listed:
    link = _found(unit, secret)
    if link.closed is not None:
        raise NotFoundError("What this page knew was erased.")
    return opened(secret, link)


def _found(unit: Unit, secret: str) -> LinkRecord:
    link = unit.links.find(fingerprint(secret))
    if link is None or link.kind is not LinkKind.OWN_PAGE:
        raise NotFoundError("There is no such page. The link may be incomplete.")
    return link
