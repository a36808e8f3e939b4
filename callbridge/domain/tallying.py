"""What one call adds to the counts that pages read: pure sums; knows no table and no filter.

Everything counted by legs or answers adds up. How many *calls* reached one of some members does
not: a call with three of them would count three times. So a call is entered under each set of the
members it dialled, with the sign of inclusion and exclusion; over all sets within the members asked
for, those entries sum to one.

Millions of calls are alike but for whom they dialled. So members and offices are places here, from
nought in each call: what is said about one such call holds for every other, and is said once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from callbridge.domain.call import Outcome
from callbridge.domain.figures import BIN_SECONDS, LAST_BIN
from callbridge.domain.signals import length_of
from callbridge.domain.survey import POSITIONS, REPORTED, Meaning

# A call of more members would be entered under too many sets; it is counted from its rows.
MOST_TARGETS = 5
# What is counted of calls, in the order of the table's columns.
STEPS = (
    "asked",
    "created",
    "answered",
    "key_pressed",
    "bridged",
    "office_answered",
    "survey",
    "survey_keypad",
    "survey_web",
    "position",
    "position_keypad",
    "position_web",
)
WHOLE = ""
# How many kinds of calls are remembered; a campaign's are some thousands.
_REMEMBERED = 16_384


class Kind(IntEnum):
    """What a part counts: legs by office, hour of the week, length, signals; answers by state.

    ASKED are calls by day, with those answered where others have those connected. POSITION are the
    answers among SAID that say where a member stands; they have a table of their own.
    """

    OFFICE = 1
    HOUR = 2
    LENGTH = 3
    SIGNALS = 4
    SAID = 5
    CORRECTED = 6
    ASKED = 7
    POSITION = 8


class TalliedAnswer(NamedTuple):
    """One standing answer."""

    question: str
    source: str
    meaning: Meaning


class TalliedLeg(NamedTuple):
    """An office leg without whom it dialled and when: legs that are alike in this add the same.

    `rung`: by a telephone company, not by the supporter's own hand. `answers` are those that
    stand, `corrected` how many do not any more.
    """

    rung: bool
    outcome: Outcome | None
    seconds: int | None
    answers: tuple[TalliedAnswer, ...]
    corrected: int

    @property
    def connected(self) -> bool:
        """Tell whether the office's line was connected."""
        return self.outcome is Outcome.CONNECTED


# How far a leg came, or several together, in the order of STEPS from `bridged` on.
Reach = tuple[bool, ...]


class DialledPlace(NamedTuple):
    """A leg within its call: the places of its member and of its office, and how far it came."""

    target: int
    office: int
    reach: Reach


class TalliedCall(NamedTuple):
    """A call without its day, its profile and the names of whom it dialled.

    Calls that supporters dialled by themselves are none: no step of theirs is counted.
    """

    created: bool
    answered: bool
    key_pressed: bool
    legs: tuple[DialledPlace, ...]


class Subject(NamedTuple):
    """Under what a call is counted: a set of members, an office, or neither: the call itself."""

    targets: tuple[int, ...] = ()
    office: int | None = None


class Part(NamedTuple):
    """What one leg adds: a kind, its key (a number, a word, None for its office's own word).

    `connected` is 1 where it was.
    """

    kind: Kind
    key: int | str | None
    connected: int


def set_word(targets: Sequence[str]) -> str:
    """Return the word for a set of members."""
    return "t:" + "|".join(sorted(targets))


def office_word(target: str, office: str) -> str:
    """Return the word for an office of a member."""
    return f"o:{target}|{office}"


def targets_of(word: str) -> frozenset[str]:
    """Return the members that the word of a set, or of an office, is about."""
    names = word[2:].split("|")
    return frozenset(names[:1] if word.startswith("o:") else names)


def signals_word(outcome: str, length: str, reported: str) -> str:
    """Return the word for a combination of the three signals."""
    return f"s:{outcome}|{length}|{reported}"


def said_word(question: str, source: str, meaning: str) -> str:
    """Return the word for a kind of answer."""
    return f"a:{source}|{meaning}|{question}"


@lru_cache(_REMEMBERED)
def steps_of(call: TalliedCall) -> tuple[tuple[Subject, tuple[int, ...]], ...]:
    """Return what a call adds to how far calls came: under which subjects, STEPS' numbers."""
    return tuple(_steps(call))


def _steps(call: TalliedCall) -> Iterator[tuple[Subject, tuple[int, ...]]]:
    itself = (True, call.created, call.answered, call.key_pressed)
    yield Subject(), tuple(map(int, itself + _together(call.legs)))
    targets = sorted({leg.target for leg in call.legs})
    for size in range(1, len(targets) + 1):
        for chosen in combinations(targets, size):
            sign = 1 if size % 2 else -1
            # A set is in when each of its members is.
            each = [_together([leg for leg in call.legs if leg.target == one]) for one in chosen]
            every = tuple(all(one[n] for one in each) for n in range(len(each[0])))
            yield Subject(targets=chosen), tuple(sign * int(mark) for mark in itself + every)
    for office in sorted({leg.office for leg in call.legs}):
        there = [leg for leg in call.legs if leg.office == office]
        yield Subject(office=office), tuple(map(int, itself + _together(there)))


def _together(legs: Sequence[DialledPlace]) -> Reach:
    """Return how far one of these legs came, by each step apart."""
    nowhere = (False,) * (len(STEPS) - STEPS.index("bridged"))
    return tuple(map(any, zip(nowhere, *(leg.reach for leg in legs), strict=True)))


def reach_of(leg: TalliedLeg) -> Reach:
    """Return how far one leg came."""
    positions = [answer for answer in leg.answers if answer.meaning in POSITIONS]
    return (True, leg.connected, *_by_source(leg.answers), *_by_source(positions))


def _by_source(answers: Sequence[TalliedAnswer]) -> tuple[bool, bool, bool]:
    sources = {answer.source for answer in answers}
    return bool(sources), "keypad" in sources, "web" in sources


def parts_of(leg: TalliedLeg) -> tuple[Part, ...]:
    """Return what one leg adds, all but its hour."""
    return tuple(_parts(leg))


def _parts(leg: TalliedLeg) -> Iterator[Part]:
    connected = int(leg.connected)
    if leg.rung:
        yield Part(Kind.OFFICE, None, connected)
        reported = min((a.meaning.value for a in leg.answers if a.meaning in REPORTED), default="")
        signals = signals_word(leg.outcome or "", length_of(leg.seconds), reported)
        yield Part(Kind.SIGNALS, signals, connected)
    if connected and leg.seconds is not None:
        yield Part(Kind.LENGTH, min(leg.seconds // BIN_SECONDS, LAST_BIN), connected)
    for answer in leg.answers:
        word = said_word(answer.question, answer.source, answer.meaning)
        yield Part(Kind.SAID, word, connected)
        if answer.meaning in POSITIONS:
            yield Part(Kind.POSITION, word, connected)
    for _ in range(leg.corrected):
        yield Part(Kind.CORRECTED, 0, connected)


@lru_cache(_REMEMBERED)
def hour_of(hour: int, connected: bool) -> tuple[Part, ...]:
    """Return what a leg adds that was rung at an hour of the week, by its office's own time."""
    return (Part(Kind.HOUR, hour, int(connected)),)
