"""What one call adds to the counts that pages read: pure sums; knows no table and no filter.

Everything counted by legs or answers adds up. How many *calls* reached one of some members does
not: a call with three of them would count three times. So a call is entered under each set of the
members it dialled, with the sign of inclusion and exclusion; over all sets within the members asked
for, those entries sum to one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations

from callbridge.domain.call import Door, Outcome
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


class Kind(IntEnum):
    """What a part counts: legs by office, hour of the week, length, signals; answers by state.

    ASKED are calls by day, with those answered where others have those connected.
    """

    OFFICE = 1
    HOUR = 2
    LENGTH = 3
    SIGNALS = 4
    SAID = 5
    CORRECTED = 6
    ASKED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class TalliedAnswer:
    """One standing answer."""

    question: str
    source: str
    meaning: Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class TalliedLeg:
    """One office leg; `hour` is the hour of the week in the office's own time, from Monday.

    `answers` are those that stand, `corrected` how many do not any more.
    """

    target: str
    office: str
    hour: int
    outcome: Outcome | None
    seconds: int | None
    answers: Sequence[TalliedAnswer]
    corrected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TalliedCall:
    """A call as the counts see it."""

    door: Door
    created: bool
    answered: bool
    key_pressed: bool
    legs: Sequence[TalliedLeg]

    @property
    def targets(self) -> frozenset[str]:
        """Return the members dialled."""
        return frozenset(leg.target for leg in self.legs)


def set_word(targets: Sequence[str]) -> str:
    """Return the word for a set of members."""
    return "t:" + "|".join(sorted(targets))


def office_word(target: str, office: str) -> str:
    """Return the word for an office of a member."""
    return f"o:{target}|{office}"


def signals_word(outcome: str, length: str, reported: str) -> str:
    """Return the word for a combination of the three signals."""
    return f"s:{outcome}|{length}|{reported}"


def said_word(question: str, source: str, meaning: str) -> str:
    """Return the word for a kind of answer."""
    return f"a:{source}|{meaning}|{question}"


def steps_of(call: TalliedCall) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield what a call adds to how far calls came: a subject's word, and STEPS' numbers.

    Calls that supporters dialled by themselves are not in.
    """
    if call.door is Door.SELF_DIALLED:
        return
    itself = (True, call.created, call.answered, call.key_pressed)
    yield WHOLE, tuple(map(int, itself + _reached(call.legs)))
    for size in range(1, len(call.targets) + 1):
        for chosen in combinations(sorted(call.targets), size):
            sign = 1 if size % 2 else -1
            # A set is in when each of its members is.
            each = [_reached([leg for leg in call.legs if leg.target == one]) for one in chosen]
            every = tuple(all(one[n] for one in each) for n in range(len(each[0])))
            yield set_word(chosen), tuple(sign * int(mark) for mark in itself + every)
    for target, office in sorted({(leg.target, leg.office) for leg in call.legs}):
        there = [leg for leg in call.legs if (leg.target, leg.office) == (target, office)]
        yield office_word(target, office), tuple(map(int, itself + _reached(there)))


def _reached(legs: Sequence[TalliedLeg]) -> tuple[bool, ...]:
    said = [answer for leg in legs for answer in leg.answers]
    positions = [answer for answer in said if answer.meaning in POSITIONS]
    return (
        bool(legs),
        any(leg.outcome is Outcome.CONNECTED for leg in legs),
        *_by_source(said),
        *_by_source(positions),
    )


def _by_source(answers: Sequence[TalliedAnswer]) -> tuple[bool, bool, bool]:
    sources = {answer.source for answer in answers}
    return bool(sources), "keypad" in sources, "web" in sources


def parts_of(call: TalliedCall, leg: TalliedLeg) -> Iterator[tuple[Kind, int | str, int]]:
    """Yield what one leg adds: a kind, its key (a number or a word), and 1 where it connected."""
    connected = int(leg.outcome is Outcome.CONNECTED)
    if call.door is not Door.SELF_DIALLED:
        yield Kind.OFFICE, office_word(leg.target, leg.office), connected
        yield Kind.HOUR, leg.hour, connected
        reported = min((a.meaning.value for a in leg.answers if a.meaning in REPORTED), default="")
        signals = signals_word(leg.outcome or "", length_of(leg.seconds), reported)
        yield Kind.SIGNALS, signals, connected
    if connected and leg.seconds is not None:
        yield Kind.LENGTH, min(leg.seconds // BIN_SECONDS, LAST_BIN), connected
    for answer in leg.answers:
        word = said_word(answer.question, answer.source, answer.meaning)
        yield Kind.SAID, word, connected
    for _ in range(leg.corrected):
        yield Kind.CORRECTED, 0, connected
