"""Lets the members of each chamber and party be counted together, as the directory has them."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from callbridge.domain.blocs import Facts, blocs_of
from callbridge.service.ports import Directory
from callbridge.service.storage import Store

# Whoever touches a call that is counted waits that long: beside five million calls, half a second.
AT_ONCE = 25


def arrange_blocs(store: Store, directory: Directory, today: date) -> int:
    """Make the blocs what today's directory says; return how many members' places changed."""
    with store.reading() as unit:
        dialled, known = unit.blocs.dialled(), unit.blocs.known()
    members = [(target, chamber, directory.member(target, on=today)) for target, chamber in dialled]
    facts = [Facts(target, chamber, one.party if one else "") for target, chamber, one in members]
    blocs = blocs_of(facts)
    return sum(
        _arrange(store, word, blocs.get(word, frozenset())) for word in sorted(known | blocs.keys())
    )


def _arrange(store: Store, word: str, targets: Set[str]) -> int:
    """Change one bloc in short transactions: a page is right after each."""
    done = 0
    while True:
        with store.writing() as unit:
            some = unit.blocs.arrange(word, targets, most=AT_ONCE)
        done += some
        if some < AT_ONCE:
            return done
