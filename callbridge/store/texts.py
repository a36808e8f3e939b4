"""Text messages as rows: claimed by lease and fence, so that none is sent twice; sends none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    case,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.texts import NewText, TextKind, TextRecord, TextState
from callbridge.store.epoch import epoch_now
from callbridge.store.keeping_tables import installation
from callbridge.store.tables import calls
from callbridge.store.text_tables import OPEN, text_opt_outs, texts

_S = TextState
# What the carrier may still tell us of; nothing else moves once it is there.
_TOLD = [_S.SENDING.value, _S.UNKNOWN.value, _S.SENT.value]


def may_text() -> ColumnElement[bool]:
    """Return the condition, on a row of texts, that the installation lets it be sent.

    None is while it is held, and on a restored copy none ever that came with the backup: the lost
    database may have sent it, and the carrier's records are not searched for texts.
    """
    held = exists().where(
        or_(
            installation.c.held_since.is_not(None),
            texts.c.planned <= installation.c.copied,
        )
    )
    return ~held.correlate(texts)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    over = exists().where(calls.c.id == texts.c.call, calls.c.ended.is_not(None)).correlate(texts)
    return (
        OPEN,  # type: ignore[return-value]
        texts.c.state == _S.PLANNED.value,
        texts.c.run_at <= now,
        or_(texts.c.call.is_(None), over),
        may_text(),
    )


class Texts:
    """The texts of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, new: NewText) -> bool:
        """Plan a text; False when its call has one already."""
        done = self._connection.execute(
            self._insert(texts)
            .on_conflict_do_nothing()
            .values(
                token=new.token,
                kind=new.kind.value,
                state=_S.PLANNED.value,
                call=new.call,
                phone_hash=new.phone_hash,
                phone_enc=new.phone_enc,
                from_number=new.from_,
                language=new.language,
                consent=new.consent,
                planned=new.planned,
                run_at=new.planned,
            )
        )
        return bool(done.rowcount == 1)

    def waiting(self, now: datetime) -> bool:
        """Tell whether a text is due."""
        query = select(texts.c.id).where(*_due(now)).limit(1)
        return self._connection.scalar(query) is not None

    def claim(self, owner: str, *, now: datetime, lease_seconds: float) -> TextRecord | None:
        """Take the text that has been due longest, for `lease_seconds` of the database's clock."""
        due = (
            select(texts.c.id)
            .where(*_due(now))
            .order_by(texts.c.run_at, texts.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=texts)
        )
        key = self._connection.scalar(due)
        if key is None:
            return None
        row = self._connection.execute(
            update(texts)
            .where(texts.c.id == key, texts.c.state == _S.PLANNED.value)
            .values(
                state=_S.CLAIMED.value,
                owner=owner,
                fence=texts.c.fence + 1,
                lease_until=epoch_now() + lease_seconds,
            )
            .returning(texts)
        ).one_or_none()
        return None if row is None else _record(row)

    def give_back(self, text: TextRecord, *, run_at: datetime) -> bool:
        """Put a claimed text off; nothing was sent."""
        return self._held(text, _S.CLAIMED, state=_S.PLANNED.value, run_at=run_at, owner=null())

    def sending(self, text: TextRecord) -> bool:
        """Commit a claimed text as about to be sent; False when the claim is lost or it is held.

        From here on it never goes back by itself.
        """
        done = self._connection.execute(
            update(texts)
            .where(
                texts.c.id == text.id,
                texts.c.fence == text.fence,
                texts.c.state == _S.CLAIMED.value,
                may_text(),
            )
            .values(state=_S.SENDING.value, tries=texts.c.tries + 1)
        )
        return done.rowcount == 1

    def not_processed(self, text: TextRecord, *, run_at: datetime) -> bool:
        """Put off a text that the carrier certainly did not take (429)."""
        return self._held(text, _S.SENDING, state=_S.PLANNED.value, run_at=run_at, owner=null())

    def sent(self, text: TextRecord, sid: str) -> bool:
        """Note that the carrier took it."""
        return self._held(text, _S.SENDING, state=_S.SENT.value, sid=sid, phone_enc=null())

    def close(self, text: TextRecord, state: TextState, *, reason: str) -> bool:
        """End a text that the claim holds, without or with a request having been made."""
        values = {"state": state.value, "reason": reason, "phone_enc": null()}
        among = (_S.CLAIMED, _S.SENDING)
        return any(self._held(text, before, **values) for before in among)

    def report(self, token: str, sid: str, state: TextState, *, reason: str | None) -> bool:
        """Note what the carrier says became of a text; final states are final."""
        done = self._connection.execute(
            update(texts)
            .where(
                texts.c.token == token,
                texts.c.state.in_(_TOLD),
                or_(texts.c.sid.is_(None), texts.c.sid == sid),
            )
            .values(state=state.value, sid=sid, reason=reason, phone_enc=null())
        )
        return done.rowcount == 1

    def free_expired_leases(self) -> None:
        """Give back what a dead dialer had claimed; what it was sending is unknown for good."""
        self._connection.execute(
            update(texts)
            .where(OPEN, texts.c.state != _S.PLANNED.value, texts.c.lease_until <= epoch_now())
            .values(
                state=case(
                    (texts.c.state == _S.CLAIMED.value, _S.PLANNED.value), else_=_S.UNKNOWN.value
                ),
                reason=case((texts.c.state == _S.SENDING.value, "dialer-lost"), else_=null()),
                phone_enc=case((texts.c.state == _S.CLAIMED.value, texts.c.phone_enc)),
                owner=null(),
                lease_until=null(),
            )
        )

    def expired_leases(self) -> bool:
        """Tell whether a dead dialer left something behind."""
        query = select(texts.c.id).where(
            OPEN, texts.c.state != _S.PLANNED.value, texts.c.lease_until <= epoch_now()
        )
        return self._connection.scalar(query.limit(1)) is not None

    def all(self, hashes: Sequence[str], *, since: datetime) -> list[TextRecord]:
        """Return the texts to a number planned since, the oldest first."""
        rows = self._connection.execute(
            select(texts)
            .where(texts.c.phone_hash.in_(hashes), texts.c.planned >= since)
            .order_by(texts.c.id)
        )
        return [_record(row) for row in rows]

    def opted_out(self, hashes: Sequence[str]) -> bool:
        """Tell whether the owner wants no texts."""
        query = select(text_opt_outs.c.at).where(text_opt_outs.c.phone_hash.in_(hashes))
        return self._connection.scalar(query.limit(1)) is not None

    def opt_out(self, phone_hash: str, *, at: datetime) -> None:
        """Never text this number again."""
        self._connection.execute(
            self._insert(text_opt_outs)
            .on_conflict_do_nothing()
            .values(phone_hash=phone_hash, at=at)
        )

    def undo_opt_out(self, hashes: Sequence[str]) -> None:
        """Take the opt-out back, as its owner asked."""
        self._connection.execute(
            delete(text_opt_outs).where(text_opt_outs.c.phone_hash.in_(hashes))
        )

    def erase(self, hashes: Sequence[str]) -> None:
        """Forget a number: what is planned is called off, the rest loses number and hash."""
        theirs = texts.c.phone_hash.in_(hashes)
        self._connection.execute(
            update(texts)
            .where(theirs, texts.c.state.in_([_S.PLANNED.value, _S.CLAIMED.value]))
            .values(state=_S.SUPPRESSED.value, reason="erased")
        )
        self._connection.execute(
            update(texts).where(theirs).values(phone_hash=null(), phone_enc=null())
        )

    def erase_hashes(self, *, before: datetime) -> int:
        """Forget the hashes of texts planned long ago; what never left goes with them."""
        done = self._connection.execute(
            update(texts)
            .where(texts.c.planned < before, texts.c.phone_hash.is_not(None))
            .values(phone_hash=null(), phone_enc=null())
        )
        return done.rowcount

    def count(self, state: TextState) -> int:
        """Count the texts in a state."""
        query = select(func.count()).select_from(texts).where(texts.c.state == state.value)
        return self._connection.scalar(query) or 0

    def _held(self, text: TextRecord, before: TextState, **values: Any) -> bool:
        done = self._connection.execute(
            update(texts)
            .where(
                texts.c.id == text.id,
                texts.c.fence == text.fence,
                texts.c.state == before.value,
            )
            .values(lease_until=null(), **values)
        )
        return done.rowcount == 1

    def _insert(self, table: Any) -> Any:
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        return dialect.insert(table)


def _record(row: Any) -> TextRecord:
    return TextRecord(
        id=row.id,
        token=row.token,
        kind=TextKind(row.kind),
        state=TextState(row.state),
        call=row.call,
        phone_hash=row.phone_hash,
        phone_enc=row.phone_enc,
        from_=row.from_number,
        language=row.language,
        planned=row.planned,
        run_at=row.run_at,
        fence=row.fence,
        tries=row.tries,
        reason=row.reason,
    )
