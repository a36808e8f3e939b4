"""What each chart is drawn from, row by row; draws nothing."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from callbridge.domain.figures import LAST_BIN, AnswerCount, Figures
from callbridge.domain.survey import Meaning
from callbridge.web.figure_words import STEPS, WEEKDAYS, meaning_name, span

# The name under which a chart finds its rows.
ROWS = "rows"
Rows = list[dict[str, Any]]
_ORDER = tuple(Meaning)


def funnel(figures: Figures) -> Rows:
    """Return a row for each step."""
    return [
        {
            "step": words,
            "calls": getattr(figures.funnel, name),
            "number": f"{getattr(figures.funnel, name):,}",
            "place": place,
        }
        for place, (name, words) in enumerate(STEPS)
    ]


def days(figures: Figures) -> Rows:
    """Return two rows for each day."""
    return [
        {"day": one.day.isoformat(), "calls": count, "kind": kind}
        for one in figures.days
        for kind, count in (("asked for", one.created), ("answered", one.answered))
    ]


def reach(figures: Figures) -> Rows:
    """Return a row for each hour of the week that was dialled in."""
    return [
        {
            "weekday": WEEKDAYS[one.weekday],
            "hour": f"{one.hour:02d}",
            "share": one.connected / one.dialled,
            "label": f"{round(100 * one.connected / one.dialled)}",
        }
        for one in figures.reach
    ]


def answers(figures: Figures) -> Rows:
    """Return a row for each answer of a revision and language, and one for their name before."""
    rows: Rows = []
    panels = groupby(sorted(figures.meanings, key=_in_order), lambda one: _in_order(one)[:2])
    for (revision, language), found in panels:
        panel = f"{revision[:8]} ({language})"
        # The first of them is the gap above.
        rows += [{"place": len(rows), "panel": ""}] if rows else []
        rows.append({"place": len(rows), "panel": panel})
        for one in found:
            name = meaning_name(one.meaning)
            rows.append(
                {
                    "place": len(rows),
                    "answer": name,
                    "answers": one.count,
                    "number": f"{one.count:,}",
                    "words": f"{panel}, {name}: {one.count:,}",
                }
            )
    return rows


def _in_order(one: AnswerCount) -> tuple[str, str, int]:
    return one.revision, one.language, _ORDER.index(one.meaning)


def lengths(figures: Figures) -> Rows:
    """Return a row for each step of length."""
    counted = {one.bin: one.count for one in figures.lengths}
    return [
        {"place": place, "length": span(place), "legs": counted.get(place, 0)}
        for place in range(LAST_BIN + 1)
    ]
