"""Lets the members of each chamber and party be counted together, as the directory has them."""

from __future__ import annotations

from collections.abc import Set

from callbridge.domain.blocs import Facts, blocs_of
from callbridge.service.context import Context


def arrange_blocs(ctx: Context) -> int:
    """Make the blocs what today's directory says; return how many members' places changed."""
    today = ctx.clock.now().date()
    with ctx.store.reading() as unit:
        dialled, known = unit.blocs.dialled(), unit.blocs.known()
    members = [
        (target, chamber, ctx.directory.member(target, on=today)) for target, chamber in dialled
    ]
    facts = [Facts(target, chamber, one.party if one else "") for target, chamber, one in members]
    blocs = blocs_of(facts)
    # One at a time: whoever touches a call that is counted waits for each.
    return sum(
        _arrange(ctx, word, blocs.get(word, frozenset())) for word in sorted(known | blocs.keys())
    )


def _arrange(ctx: Context, word: str, targets: Set[str]) -> int:
    with ctx.store.writing() as unit:
        return unit.blocs.arrange(word, targets)
