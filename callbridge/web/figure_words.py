"""What stands beside each picture: its title, what it shows in words, and its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from callbridge.domain.congress import Chamber
from callbridge.domain.figures import BIN_SECONDS, LAST_BIN, Figures, Said
from callbridge.domain.nouns import many
from callbridge.domain.survey import Meaning

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STEPS = (
    ("asked", "asked for"),
    ("created", "taken by the carrier"),
    ("answered", "supporter answered"),
    ("key_pressed", "pressed 1"),
    ("bridged", "an office dialled"),
    ("office_answered", "an office's line answered"),
    ("survey", "answered the survey"),
    ("position", "reported a position"),
)
LETTERS = {
    "supports": "S",
    "leans-supports": "s",
    "undecided": "u",
    "leans-opposes": "o",
    "opposes": "O",
}
# An office's week is drawn where there is something to see, and a page stays a page.
FEWEST, MOST_DRAWN = 10, 4
UNCLEAR, NOT_ASKED = "?", "·"
POSITION_ORDER = (
    Meaning.SUPPORTS,
    Meaning.LEANS_SUPPORTS,
    Meaning.UNDECIDED,
    Meaning.LEANS_OPPOSES,
    Meaning.OPPOSES,
    Meaning.WOULD_NOT_SAY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with its words and its table; a column that ends in # holds figures.

    `offices` names the office of each row, where each leads to that office's own figures.
    """

    name: str
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    offices: tuple[str, ...] = ()


def meaning_name(meaning: Meaning) -> str:
    """Return an answer's words."""
    return meaning.value.replace("-", " ")


def letter(said: Said) -> str:
    """Return the mark of the position reported most often."""
    return LETTERS[said.most.value] if said.most else UNCLEAR


def span(place: int) -> str:
    """Return a step of length as minutes."""
    first, last = place * BIN_SECONDS, (place + 1) * BIN_SECONDS - 1
    begin = f"{first // 60}:{first % 60:02d}"
    return f"{begin}+" if place >= LAST_BIN else f"{begin}–{last // 60}:{last % 60:02d}"


def share(part: int, whole: int) -> str:
    """Return a share in percent, a dash where there is no whole."""
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _funnel(figures: Figures) -> Picture:
    counts = [getattr(figures.funnel, name) for name, _ in STEPS]
    rows = [
        (words, f"{count:,}", share(count, counts[0]), share(count, before))
        for (_, words), count, before in zip(STEPS, counts, [0, *counts], strict=False)
    ]
    lost = max(range(1, len(STEPS)), key=lambda at: counts[at - 1] - counts[at])
    gone = counts[lost - 1] - counts[lost]
    words = f"Of {counts[0]:,} calls asked for, {counts[-1]:,} ended with a reported position."
    if gone > 0:
        words += f" Most are lost before “{STEPS[lost][1]}”: {gone:,}."
    return Picture(
        name="funnel",
        title="How far calls come",
        description=words,
        columns=("step", "calls#", "of all#", "of the step before#"),
        rows=tuple(rows),
    )


def _days(figures: Figures) -> Picture:
    total = sum(one.created for one in figures.days)
    words = "No call yet."
    if figures.days:
        top = max(figures.days, key=lambda one: one.created)
        words = (
            f"{many(total, 'call')} on {many(len(figures.days), 'day')}; the most, "
            f"{top.created:,}, on {top.day.isoformat()}. Days are in UTC."
        )
    rows = [(one.day.isoformat(), f"{one.created:,}", f"{one.answered:,}") for one in figures.days]
    return Picture(
        name="days",
        title="Calls over time",
        description=words,
        columns=("day", "asked for#", "answered#"),
        rows=tuple(rows),
    )


def _reach(figures: Figures) -> Picture:
    dialled = sum(one.dialled for one in figures.reach)
    connected = sum(one.connected for one in figures.reach)
    words = (
        f"{connected:,} of {dialled:,} legs were connected ({share(connected, dialled)}). Hours "
        "are the office's own. A voicemail box connects, too: this is the carrier's view, not "
        "whether a person spoke."
    )
    rows = [
        (
            f"{WEEKDAYS[one.weekday]} {one.hour:02d}:00",
            f"{one.dialled:,}",
            f"{one.connected:,}",
            share(one.connected, one.dialled),
        )
        for one in figures.reach
    ]
    only = figures.offices[0].office if len(figures.offices) == 1 else None
    return Picture(
        name="reach",
        title=f"When {only} answers" if only else "When offices answer",
        description=words,
        columns=("hour of the week", "dialled#", "connected#", "share#"),
        rows=tuple(rows),
    )


def _desks(figures: Figures) -> Picture:
    hard = hardest(figures)
    words = (
        f"{len(figures.offices)} offices were dialled. Each row leads to that office's own figures "
        "with its week of hours."
    )
    if hard:
        words += (
            f" Drawn are the hours of the {len(hard)} hardest to reach of those dialled "
            f"{FEWEST} times or more; share connected as number and shade."
        )
    return Picture(
        name="desks",
        title="Each office by hour and weekday",
        description=words,
        columns=("office", "dialled#", "connected#", "share#"),
        rows=tuple(
            (
                one.office,
                f"{one.dialled:,}",
                f"{one.connected:,}",
                share(one.connected, one.dialled),
            )
            for one in figures.offices
        ),
        offices=tuple(one.office for one in figures.offices),
    )


def hardest(figures: Figures) -> list[str]:
    """Return the offices to draw one by one: worst share first, none that was hardly dialled."""
    if len(figures.offices) < 2:
        return []  # the week above is that office's own
    often = [one for one in figures.offices if one.dialled >= FEWEST]
    often.sort(key=lambda one: (one.connected / one.dialled, -one.dialled, one.office))
    return [one.office for one in often[:MOST_DRAWN]]


def _answers(figures: Figures) -> Picture:
    rows = [
        (one.revision[:8], one.language, meaning_name(one.meaning), f"{one.count:,}")
        for one in figures.meanings
    ]
    total = sum(one.count for one in figures.meanings)
    kinds = len({(one.revision, one.language) for one in figures.meanings})
    return Picture(
        name="answers",
        title="Answers by revision and language",
        description=f"{total:,} standing answers in {kinds} combinations of revision and language.",
        columns=("revision", "language", "answer", "answers#"),
        rows=tuple(rows),
    )


def _lengths(figures: Figures) -> Picture:
    total = sum(one.count for one in figures.lengths)
    short = sum(one.count for one in figures.lengths if one.bin == 0)
    words = (
        f"{total:,} connected legs; {share(short, total)} lasted less than {BIN_SECONDS} seconds."
    )
    return Picture(
        name="lengths",
        title="How long people talk",
        description=words,
        columns=("minutes", "legs#"),
        rows=tuple((span(one.bin), f"{one.count:,}") for one in figures.lengths),
    )


def _map(name: str, title: str, chamber: Chamber, figures: Figures) -> Picture:
    said = [one for one in figures.said if one.whose.chamber is chamber]
    most = [one.most for one in said]
    clear = len(most) - most.count(None)
    words = (
        f"{len(said)} members were reported about; for {clear} one position was reported most "
        "often. The letter is that position: a count of reports, no estimate."
    )
    rows = [
        (
            one.whose.name,
            one.whose.district or one.whose.state,
            meaning_name(clearly) if clearly else "unclear",
            f"{one.n:,}",
            *(f"{one.counts.get(meaning, 0):,}" for meaning in POSITION_ORDER),
        )
        for one, clearly in zip(said, most, strict=True)
    ]
    columns = ("member", "seat", "reported most", "n#")
    counted = tuple(f"{meaning_name(meaning)}#" for meaning in POSITION_ORDER)
    return Picture(
        name=name, title=title, description=words, columns=(*columns, *counted), rows=tuple(rows)
    )


def _senate(figures: Figures) -> Picture:
    return _map("senate", "The Senate", Chamber.SENATE, figures)


def _house(figures: Figures) -> Picture:
    return _map("house", "The House", Chamber.HOUSE, figures)


PICTURES: Mapping[str, Callable[[Figures], Picture]] = {
    "senate": _senate,
    "house": _house,
    "funnel": _funnel,
    "days": _days,
    "reach": _reach,
    "desks": _desks,
    "answers": _answers,
    "lengths": _lengths,
}
