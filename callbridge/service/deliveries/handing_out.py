"""Turns facts that were written down into one message for each webhook; sends none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from callbridge.domain.deliveries import Delivery, EventName, Happening, Webhook
from callbridge.service.context import Context
from callbridge.service.storage import Unit

AT_ONCE = 200
ROUNDS = 5


def hand_out(ctx: Context, *, rounds: int = ROUNDS) -> int:
    """Make deliveries of what was written down; return how many facts there were."""
    done = 0
    for _ in range(rounds):
        with ctx.store.reading() as unit:
            if not unit.webhooks.any_noted():
                return done
        with ctx.store.writing() as unit:
            found = unit.webhooks.noted(most=AT_ONCE)
            webhooks = unit.webhooks.all() if found else []
            unit.outbox.add(
                [
                    _delivery(ctx, unit, webhook, one)
                    for one in found
                    for webhook in webhooks
                    if wants(webhook, one)
                ]
            )
            unit.webhooks.handed_out([one.id for one in found])
        done += len(found)
        if len(found) < AT_ONCE:
            break
    return done


def wants(webhook: Webhook, one: Happening) -> bool:
    """Tell whether a webhook is to be told of a fact: its campaign's, since it was there."""
    return (
        webhook.slug == one.slug
        and webhook.created <= one.at
        and (not webhook.events or one.event.value in webhook.events)
    )


def _delivery(ctx: Context, unit: Unit, webhook: Webhook, one: Happening) -> Delivery:
    data: dict[str, object] = {"campaign": one.slug}
    if one.event is EventName.OPT_OUTS_COUNTED:
        data["count"] = unit.webhooks.count_opt_outs(one.slug)
    if one.call is not None:
        # What a receiver learns about a person and a call leads nowhere but to itself.
        data["call"] = ctx.vault.pseudonym(webhook.id, one.call)
        who = one.supporter
        data["supporter"] = ctx.vault.pseudonym(webhook.id, who) if who else None
    data |= json.loads(one.data)
    made = message(ctx, webhook, one.event, data, at=one.at.isoformat())
    # Facts of one moment go out in the order in which they were written.
    before = timedelta(microseconds=1000 - one.id % 1000)
    return replace(made, due=min(one.at, made.created) - before)


def message(
    ctx: Context, webhook: Webhook, event: EventName, data: dict[str, object], *, at: str
) -> Delivery:
    """Return a message as it is sent at every try; its id is its own for good."""
    body = json.dumps({"type": event.value, "timestamp": at, "data": data}, ensure_ascii=False)
    return Delivery(
        id=f"msg_{ctx.token()}",
        lane=webhook.id,
        event=event.value,
        body=body.encode(),
        created=ctx.clock.now(),
    )
