"""Webhooks and the facts written down for them, and the audit's lines; delivers nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    String,
    Text,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from callbridge.domain.deliveries import EventName, Happening, Webhook
from callbridge.store.outbox_tables import audit, happenings, webhooks
from callbridge.store.ready import Ready
from callbridge.store.tables import Utc, calls, opt_outs

# One statement beside the fact, and nothing is written where nobody wants to be told.
_NOTE = Ready(
    insert(happenings).from_select(
        ["slug", "event", "call", "data", "at"],
        select(
            bindparam("slug", type_=String),
            bindparam("event", type_=String),
            bindparam("call", type_=String),
            bindparam("data", type_=Text),
            bindparam("at", type_=Utc()),
        ).where(
            exists().where(
                webhooks.c.slug == bindparam("of", type_=String), webhooks.c.removed.is_(None)
            )
        ),
    )
)


class Webhooks:
    """Webhooks and happenings in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(
        self, slug: str, event: EventName, *, data: str, at: datetime, call: str | None = None
    ) -> None:
        """Write a fact down for the webhooks of its campaign, if there are any."""
        values = {"slug": slug, "of": slug, "event": event.value, "data": data, "call": call}
        _NOTE.run(self._connection, values | {"at": at})

    def any_noted(self) -> bool:
        """Tell whether some fact was not handed out yet."""
        return bool(self._connection.scalar(select(exists().where(happenings.c.id.is_not(None)))))

    def noted(self, *, most: int) -> list[Happening]:
        """Return facts that were not handed out yet, oldest first, locked; others' are skipped."""
        rows = self._connection.execute(
            select(happenings, calls.c.phone_hash)
            .select_from(happenings.outerjoin(calls, calls.c.id == happenings.c.call))
            .order_by(happenings.c.id)
            .limit(most)
            .with_for_update(skip_locked=True, of=happenings)
        )
        return [
            Happening(
                id=row.id,
                slug=row.slug,
                event=EventName(row.event),
                at=row.at,
                data=row.data,
                call=row.call,
                supporter=row.phone_hash,
            )
            for row in rows
        ]

    def handed_out(self, ids: Collection[int]) -> None:
        """Forget facts that became deliveries."""
        self._connection.execute(delete(happenings).where(happenings.c.id.in_(ids)))

    def add(self, webhook: Webhook) -> None:
        """Insert a webhook."""
        self._connection.execute(
            insert(webhooks).values(
                id=webhook.id,
                slug=webhook.slug,
                url=webhook.url,
                secret=webhook.secret,
                events=",".join(webhook.events),
                created=webhook.created,
                created_by=webhook.created_by,
            )
        )

    def get(self, webhook: str) -> Webhook | None:
        """Return a webhook that was not removed."""
        statement = select(webhooks).where(webhooks.c.id == webhook, webhooks.c.removed.is_(None))
        row = None if "\0" in webhook else self._connection.execute(statement).one_or_none()
        return _webhook(row) if row else None

    def all(self, slug: str | None = None) -> list[Webhook]:
        """Return the webhooks that are told, of one campaign or of all."""
        statement = select(webhooks).where(webhooks.c.removed.is_(None))
        if slug is not None:
            statement = statement.where(webhooks.c.slug == slug)
        rows = self._connection.execute(statement.order_by(webhooks.c.created, webhooks.c.id))
        return [_webhook(row) for row in rows]

    def remove(self, webhook: str, at: datetime) -> bool:
        """Tell an address nothing more, and forget its secret; False when it was gone already."""
        done = self._connection.execute(
            update(webhooks)
            .where(webhooks.c.id == webhook, webhooks.c.removed.is_(None))
            .values(removed=at, secret="")
        )
        return done.rowcount == 1

    def count_opt_outs(self, slug: str) -> int:
        """Count the numbers that asked in a call of a campaign never to be called again."""
        found = self._connection.scalar(
            select(func.count())
            .select_from(opt_outs.join(calls, calls.c.id == opt_outs.c.call))
            .where(calls.c.slug == slug)
        )
        return int(found or 0)


class Audit:
    """Who did what, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, *, who: str, what: str, about: str, at: datetime) -> None:
        """Add a line; there is no way to change one."""
        self._connection.execute(
            insert(audit).values(at=at, who=who[:255], what=what, about=about[:300])
        )

    def last(self, most: int) -> list[tuple[datetime, str, str, str]]:
        """Return the newest lines: when, who, what, about what."""
        rows = self._connection.execute(select(audit).order_by(audit.c.id.desc()).limit(most))
        return [(row.at, row.who, row.what, row.about) for row in rows]


def _webhook(row: Any) -> Webhook:
    return Webhook(
        id=row.id,
        slug=row.slug,
        url=row.url,
        secret=row.secret,
        events=tuple(part for part in row.events.split(",") if part),
        created=row.created,
        created_by=row.created_by,
    )
