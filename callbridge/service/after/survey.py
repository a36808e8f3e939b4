"""A call's survey by its one-use link: looking uses nothing up, the first answers do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callbridge.domain.links import LinkKind
from callbridge.domain.records import CallRecord
from callbridge.domain.survey import Meaning
from callbridge.errors import NotFoundError, RefusedError, UsedUpError
from callbridge.service import answers, reading
from callbridge.service.after import links
from callbridge.service.context import Context
from callbridge.service.storage import Unit
from callbridge.service.vault import fingerprint
from callbridge.service.views import CallView, PublishedCampaign

Given = Mapping[int, Sequence[tuple[str, Meaning]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a survey's link shows. `page` is the way to the supporter's own page, if known."""

    view: CallView
    published: PublishedCampaign
    used: bool
    page: str | None


def look(ctx: Context, secret: str) -> Survey:
    """Return what a link asks; nothing is used up. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        record, used = _found(unit, secret)
        page = links.shown(ctx, unit, record).page
    view = reading.call_view(ctx, record.id)
    return Survey(view=view, published=reading.revision(ctx, view), used=used, page=page)


def answer(ctx: Context, secret: str, given: Given) -> None:
    """Keep the answers of every leg at once and use the link up.

    Raises NotFoundError, UsedUpError, RefusedError (then nothing is kept and nothing used up).
    """
    if not any(given.values()):
        raise RefusedError("Please say how it went.")
    with ctx.store.writing() as unit:
        record, used = _found(unit, secret)
        if used or not unit.links.use(fingerprint(secret), ctx.clock.now()):
            raise UsedUpError("This link was used once already, which is all it can be.")
        answers.keep_all(ctx, unit, record.id, given)


def _found(unit: Unit, secret: str) -> tuple[CallRecord, bool]:
    link = unit.links.find(fingerprint(secret))
    record = None
    if link is not None and link.kind is LinkKind.SURVEY and link.call is not None:
        record = unit.calls.by_id(link.call)
    if link is None or record is None:
        raise NotFoundError("There is no such link, or it has ended: they last thirty days.")
    return record, link.closed is not None
