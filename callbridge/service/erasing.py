"""On the retention clock the person goes and the fact stays: numbers, hashes, ZIPs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from callbridge.domain.call import Ending
from callbridge.domain.records import CallRecord
from callbridge.errors import InProgressError
from callbridge.service.appointments.ending import end_all
from callbridge.service.context import Context
from callbridge.service.moving import end
from callbridge.service.storage import Unit

NUMBER_AFTER = timedelta(days=1)
HASH_AFTER = timedelta(days=30)
ZIP_AFTER = timedelta(days=90)
ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How many calls lost their number, their keyed hashes, their ZIP; `people` of lists."""

    numbers: int
    hashes: int
    zips: int
    people: int = 0


def erase_due(ctx: Context) -> Erased:
    """Forget what is due; opt-outs stay for good."""
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        numbers = unit.calls.erase_numbers(ended_before=now - NUMBER_AFTER)
        # A supporter's second answer of a day must not count once nobody can tell it is one.
        unit.rollups.keep_repeats(ended_before=now - HASH_AFTER)
        hashes = unit.calls.erase_hashes(ended_before=now - HASH_AFTER)
        unit.attempts.erase_hashes(before=now - HASH_AFTER)
        lists_before = now - timedelta(days=ctx.settings.list_days)
        people = unit.contacts.erase_list(ended_before=lists_before)
        unit.contacts.erase_hashes(ended_before=min(lists_before, now - HASH_AFTER))
        unit.texts.erase_hashes(before=now - HASH_AFTER)
        unit.links.end_surveys(ended_before=now - HASH_AFTER)
        unit.appointments.erase(
            numbers=now - NUMBER_AFTER, hashes=now - HASH_AFTER, zips=now - ZIP_AFTER
        )
        old = unit.calls.with_zip(ended_before=now - ZIP_AFTER)
        for record in old:
            _leave_districts(unit, record)
    return Erased(numbers=numbers, hashes=hashes, zips=len(old), people=people)


def erase_person(ctx: Context, unit: Unit, *, hashes: Sequence[str], calls: Sequence[str]) -> None:
    """Forget at once what the retention clock would forget in time; opt-outs stay.

    What waits to be rung is called off. Raises InProgressError while a call goes on.
    """
    unit.guards.lock(*hashes)
    waiting = unit.erasure.planned_calls(hashes)
    end_all(ctx, unit, hashes, reason=ERASED)
    unit.erasure.suppress(hashes, reason=ERASED)
    for call in waiting:
        record = unit.calls.by_id(call, lock=True)
        if record is not None:
            end(ctx, unit, record, Ending.NOT_PLACED, reason=ERASED)
    if unit.erasure.in_progress(hashes):
        raise InProgressError("Your call is still going on. Erase when it is over.")
    every = sorted({*calls, *unit.erasure.calls_of(hashes)})
    # A second answer of a day must not count once nobody can tell it is one.
    unit.erasure.keep_repeats(hashes)
    for call in every:
        record = unit.calls.by_id(call, lock=True)
        if record is not None and record.call.zip is not None:
            _leave_districts(unit, record)
    unit.erasure.erase(hashes, every)
    unit.texts.erase(hashes)
    unit.appointments.forget(hashes)
    unit.links.drop_surveys(every)


def _leave_districts(unit: Unit, record: CallRecord) -> None:
    # The districts stay in a column of their own.
    call = replace(record.call, zip=None, city=None)
    unit.calls.leave_zip(replace(record, call=call))
