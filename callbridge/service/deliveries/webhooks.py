"""Registers addresses that want to be told, tries them and removes them; tells them nothing."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from callbridge.domain.deliveries import EventName, LaneView, Webhook
from callbridge.errors import NotFoundError, RefusedError
from callbridge.service.context import Context
from callbridge.service.deliveries.handing_out import message
from callbridge.service.deliveries.posting import post
from callbridge.service.ports import Poster
from callbridge.service.storage import Unit

MOST = 20
_SECRET_BYTES = 24
# What may be asked for; a test is sent by hand only.
EVENTS = tuple(event for event in EventName if event is not EventName.TEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookView:
    """A webhook with how its deliveries stand."""

    webhook: Webhook
    lane: LaneView


def add(
    ctx: Context, slug: str, url: str, *, by: str, events: Sequence[str] = ()
) -> tuple[Webhook, str]:
    """Register an address of a campaign; return it and its secret, which is shown this once.

    Without `events` it is told everything. Raises NotFoundError for an unknown campaign and
    RefusedError for an address that must not be told anything, or an event that there is not.
    """
    unknown = [one for one in events if one not in {event.value for event in EVENTS}]
    if unknown:
        known = ", ".join(event.value for event in EVENTS)
        raise RefusedError(f"There is no event {unknown[0]!r}. The events are: {known}.")
    _poster(ctx).check(url.strip())
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"
    webhook = Webhook(
        id=ctx.token(),
        slug=slug,
        url=url.strip(),
        secret=ctx.vault.encrypt(secret),
        events=tuple(dict.fromkeys(events)),
        created=ctx.clock.now(),
        created_by=by,
    )
    with ctx.store.writing() as unit:
        ctx.shelf.find(unit, slug)
        if len(unit.webhooks.all(slug)) >= MOST:
            raise RefusedError(f"A campaign may have {MOST} webhooks; remove one first.")
        unit.webhooks.add(webhook)
        _note(ctx, unit, by, "webhook.added", webhook)
    return webhook, secret


def views(ctx: Context, slug: str | None = None) -> list[WebhookView]:
    """Return the webhooks of a campaign, or all, with how they stand."""
    with ctx.store.reading() as unit:
        if slug is not None:
            ctx.shelf.find(unit, slug)
        found = unit.webhooks.all(slug)
        lanes = unit.outbox.views([one.id for one in found])
    return [WebhookView(webhook=one, lane=lanes.get(one.id, LaneView())) for one in found]


def test(ctx: Context, webhook: str, *, by: str, slug: str | None = None) -> Webhook:
    """Put a test message into the outbox, to go the way of all others. Raises NotFoundError."""
    with ctx.store.writing() as unit:
        found = _get(unit, webhook, slug)
        now = ctx.clock.now().isoformat()
        unit.outbox.add([message(ctx, found, EventName.TEST, {"campaign": found.slug}, at=now)])
        _note(ctx, unit, by, "webhook.tested", found)
    return found


def try_now(ctx: Context, webhook: str, *, by: str) -> Webhook:
    """Send a test message at once. Raises NotFoundError, and DeliveryError when it failed."""
    with ctx.store.writing() as unit:
        found = _get(unit, webhook, None)
        _note(ctx, unit, by, "webhook.tested", found)
    now = ctx.clock.now().isoformat()
    post(ctx, found.id, message(ctx, found, EventName.TEST, {"campaign": found.slug}, at=now))
    return found


def remove(ctx: Context, webhook: str, *, by: str, slug: str | None = None) -> None:
    """Tell an address nothing more; what waits for it is dropped. Raises NotFoundError."""
    with ctx.store.writing() as unit:
        found = _get(unit, webhook, slug)
        unit.webhooks.remove(webhook, ctx.clock.now())
        unit.outbox.bury(webhook, at=ctx.clock.now(), why="Its address was removed.")
        _note(ctx, unit, by, "webhook.removed", found)


def _get(unit: Unit, webhook: str, slug: str | None) -> Webhook:
    found = unit.webhooks.get(webhook)
    if found is None or (slug is not None and found.slug != slug):
        raise NotFoundError("There is no such webhook.")
    return found


def _poster(ctx: Context) -> Poster:
    if ctx.poster is None:
        raise RefusedError("Nothing is sent to other addresses from here.")
    return ctx.poster


def _note(ctx: Context, unit: Unit, who: str, what: str, webhook: Webhook) -> None:
    # Paths of addresses often carry a key of their receiver.
    host = webhook.url.split("/")[2]
    about = f"{webhook.slug} {webhook.id} {host}"
    unit.audit.note(who=who, what=what, about=about, at=ctx.clock.now())
