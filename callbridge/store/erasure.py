"""Everything rows hold of one person, by keyed hash and by call; decides nothing about them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, null, or_, select, update

from callbridge.domain.records import AttemptState
from callbridge.store.analysis_tables import repeats
from callbridge.store.counting import ranked
from callbridge.store.drive_tables import contacts
from callbridge.store.tables import attempts, calls
from callbridge.store.tallying import Tallying

_S = AttemptState
_OVER = [_S.DONE.value, _S.FAILED.value, _S.SUPPRESSED.value, _S.EXPIRED.value]


class Erasure:
    """One person's traces, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def planned_calls(self, hashes: Sequence[str]) -> list[str]:
        """Return the calls to these numbers that wait to be placed."""
        return list(
            self._connection.scalars(
                select(attempts.c.call).where(
                    attempts.c.phone_hash.in_(hashes),
                    attempts.c.state == _S.PLANNED.value,
                    attempts.c.call.is_not(None),
                )
            )
        )

    def suppress(self, hashes: Sequence[str], *, reason: str) -> None:
        """Close what is planned for these numbers."""
        self._connection.execute(
            update(attempts)
            .where(attempts.c.phone_hash.in_(hashes), attempts.c.state == _S.PLANNED.value)
            .values(state=_S.SUPPRESSED.value, reason=reason)
        )

    def in_progress(self, hashes: Sequence[str]) -> bool:
        """Tell whether a call with one of these numbers is going on or being placed."""
        ringing = select(attempts.c.id).where(
            attempts.c.phone_hash.in_(hashes), attempts.c.state.not_in([*_OVER, _S.PLANNED.value])
        )
        talking = select(calls.c.id).where(calls.c.phone_hash.in_(hashes), calls.c.ended.is_(None))
        return any(
            self._connection.scalar(query.limit(1)) is not None for query in (ringing, talking)
        )

    def calls_of(self, hashes: Sequence[str]) -> list[str]:
        """Return the calls that are over and were kept under one of these hashes."""
        return list(
            self._connection.scalars(
                select(calls.c.id).where(calls.c.phone_hash.in_(hashes), calls.c.ended.is_not(None))
            )
        )

    def keep_repeats(self, hashes: Sequence[str]) -> None:
        """Note which of their answers do not count, before nobody can tell it any more."""
        one = ranked(calls.c.phone_hash.in_(hashes)).subquery("ranked")
        self._connection.execute(
            insert(repeats).from_select(["answer"], select(one.c.answer).where(one.c.rank > 1))
        )

    def erase(self, hashes: Sequence[str], of_calls: Sequence[str]) -> None:
        """Forget number, hashes, network and referral wherever they stand."""
        # The referral is counted.
        Tallying(self._connection).take_out(sorted({*of_calls, *self.calls_of(hashes)}))
        theirs = or_(calls.c.phone_hash.in_(hashes), calls.c.id.in_(of_calls))
        self._connection.execute(
            update(calls)
            .where(theirs, calls.c.ended.is_not(None))
            .values(phone_enc=null(), phone_hash=null(), network=null(), referral=null())
        )
        self._connection.execute(
            update(attempts)
            .where(attempts.c.phone_hash.in_(hashes), attempts.c.state.in_(_OVER))
            .values(phone_hash="")
        )
        self._connection.execute(
            update(contacts)
            .where(contacts.c.phone_hash.in_(hashes))
            .values(phone_enc=null(), phone_hash=null(), zip=null(), group_name="", extra="{}")
        )
