"""The hours at which people may lawfully be rung unasked, state by state; knows no person.

A conservative reading, for operators to read and correct; not legal advice. Where a state writes
one rule for sales calls and a stricter one for recorded or artificial voices, the stricter one
stands here, because our greeting is spoken by a machine. Rules about consent are not here: every
person of a drive has given it, and the hours are kept all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from callbridge.domain.windows import Span, Window, daily

_WEEKDAYS = frozenset(range(5))
_NOT_SUNDAY = frozenset(range(6))


def _hours(opens: int, closes: int) -> Window:
    return daily(opens * 60, closes * 60, holidays=True)


def _no_sunday(opens: int, closes: int, *, holidays: bool) -> Window:
    return daily(opens * 60, closes * 60, days=_NOT_SUNDAY, holidays=holidays)


def _own_sunday(opens: int, closes: int, sunday: tuple[int, int]) -> Window:
    week = daily(opens * 60, closes * 60).week
    late = Span(opens=sunday[0] * 60, closes=sunday[1] * 60)
    return Window(week=(*week[:6], late), holidays=True)


# Federal: 8 to 21 where the person is (47 CFR 64.1200(c)(1)), any day.
FEDERAL = _hours(8, 21)

BY_STATE: Mapping[str, Window] = {
    "AL": _no_sunday(8, 20, holidays=False),  # solicitation: 8-20, no Sundays, no holidays
    "CA": _hours(9, 21),  # announcing devices: 9-21
    "CT": _hours(9, 20),  # solicitation: 9-20
    "FL": _hours(8, 20),  # solicitation: 8-20
    "IL": _hours(9, 21),  # recorded messages: 9-21
    "IN": _hours(9, 20),  # announcing devices: 9-20
    "KY": _hours(10, 21),  # solicitation: 10-21
    "LA": _no_sunday(8, 20, holidays=False),  # solicitation: 8-20, no Sundays, no holidays
    "MA": _hours(8, 20),  # solicitation: 8-20
    "MD": _hours(8, 20),  # solicitation: 8-20
    "ME": daily(9 * 60, 17 * 60, days=_WEEKDAYS, holidays=True),  # automated calls: 9-17 Mon-Fri
    "MI": _hours(9, 21),  # solicitation: 9-21
    "MN": _hours(9, 21),  # announcing devices: 9-21
    "MS": _no_sunday(8, 20, holidays=False),  # solicitation: 8-20, no Sundays, no holidays
    "NE": _own_sunday(8, 21, (13, 21)),  # recorded messages: Sunday from 13
    "NM": _hours(9, 21),  # solicitation: 9-21
    "NV": _hours(9, 20),  # solicitation: 9-20
    "OK": _hours(8, 20),  # solicitation: 8-20
    "OR": _hours(8, 20),  # solicitation: 8-20
    "PA": daily(9 * 60, 21 * 60),  # solicitation: none on holidays; recorded: 9-21
    # solicitation: 9-18 Monday to Friday, 10-17 on Saturday, no Sundays, no holidays
    "RI": Window(week=(*(Span(opens=540, closes=1080),) * 5, Span(opens=600, closes=1020), None)),
    "SC": _hours(8, 19),  # announcing devices: 8-19
    "SD": _no_sunday(9, 21, holidays=True),  # solicitation: 9-21, no Sundays
    "TX": _own_sunday(9, 21, (12, 21)),  # solicitation: 9-21, Sunday from noon
    "UT": _no_sunday(8, 21, holidays=False),  # solicitation: no Sundays, no holidays
    "WA": _hours(8, 20),  # solicitation: 8-20
    "WY": _hours(8, 20),  # announcing devices: 8-20
}


# A dialer asks it of every state for every drive, several times a second.
@lru_cache(maxsize=4096)
def effective(window: Window, *states: str) -> Window:
    """Return the window cut to the legal hours of every one of `states` (postal codes)."""
    cut = window.cut(FEDERAL)
    for state in states:
        cut = cut.cut(BY_STATE.get(state, FEDERAL))
    return cut
