"""Blocs: the members who share a chamber, a party or both; knows no table and counts nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from callbridge.domain.congress import Chamber
from callbridge.domain.selection import Selection


class Facts(NamedTuple):
    """What decides to which blocs a target belongs; a custom target has neither."""

    target: str
    chamber: Chamber | None
    party: str


def bloc_word(chamber: Chamber | None, party: str) -> str:
    """Return the word for a bloc."""
    return f"b:{chamber or ''}|{party}"


def bloc_asked(selection: Selection) -> str | None:
    """Return the word of the bloc that a filter asks for, None where it asks for none or less."""
    less = selection.state or selection.member or selection.office
    if less or not (selection.chamber or selection.party):
        return None
    return bloc_word(selection.chamber, selection.party)


def blocs_of(members: Iterable[Facts]) -> Mapping[str, Set[str]]:
    """Return the targets of each bloc by its word: of each chamber, each party, and of both."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in members:
        kinds = {(one.chamber, one.party), (one.chamber, ""), (None, one.party)}
        for chamber, party in kinds - {(None, "")}:
            found[bloc_word(chamber, party)].add(one.target)
    return found
