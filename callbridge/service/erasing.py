"""On the retention clock the person goes and the fact stays: numbers, hashes, ZIPs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from callbridge.service.context import Context

NUMBER_AFTER = timedelta(days=1)
HASH_AFTER = timedelta(days=30)
ZIP_AFTER = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How many calls lost their number, their keyed hashes, their ZIP."""

    numbers: int
    hashes: int
    zips: int


def erase_due(ctx: Context) -> Erased:
    """Forget what is due; opt-outs stay for good."""
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        numbers = unit.calls.erase_numbers(ended_before=now - NUMBER_AFTER)
        # A supporter's second answer of a day must not count once nobody can tell it is one.
        unit.rollups.keep_repeats(ended_before=now - HASH_AFTER)
        hashes = unit.calls.erase_hashes(ended_before=now - HASH_AFTER)
        unit.attempts.erase_hashes(before=now - HASH_AFTER)
        unit.contacts.erase_numbers(ended_before=now - NUMBER_AFTER)
        unit.contacts.erase_hashes(ended_before=now - HASH_AFTER)
        unit.contacts.erase_zips(ended_before=now - ZIP_AFTER)
        old = unit.calls.with_zip(ended_before=now - ZIP_AFTER)
        for record in old:
            # The districts stay in a column of their own.
            call = replace(record.call, zip=None, city=None)
            unit.calls.save(
                replace(record, call=call), step=record.call.step, targets_changed=False
            )
    return Erased(numbers=numbers, hashes=hashes, zips=len(old))
