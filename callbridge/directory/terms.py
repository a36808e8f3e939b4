"""The calendar of Congress: which one sits on a day, when it ends, who still holds a term."""

from __future__ import annotations

from datetime import date

FIRST_YEAR = 1789
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def congress_on(day: date) -> int:
    """Return the number of the Congress that sits on a day (they change on 3 January)."""
    before = day.year % 2 == 1 and (day.month, day.day) < (1, 3)
    return (day.year - before - FIRST_YEAR) // 2 + 1


def congress_begins(number: int) -> date:
    """Return the first day of a Congress (20th Amendment: noon of 3 January)."""
    return date(FIRST_YEAR + 2 * (number - 1), 1, 3)


def congress_ends(number: int) -> date:
    """Return the day on which a Congress ends and the next begins."""
    return congress_begins(number + 1)


def ends_with_congress(ends: date) -> bool:
    """Tell whether a term runs to the very end of a Congress."""
    return ends.year % 2 == 1 and (ends.month, ends.day) == (1, 3)


def in_office(*, starts: date, ends: date, on: date) -> bool:
    """Judge a term on a day.

    A term that ends between two Congresses leaves its seat vacant after its last day. One that
    ends with its Congress is kept: an old snapshot must warn, not empty the country.
    """
    return starts <= on and (on <= ends or ends_with_congress(ends))


def ordinal(number: int) -> str:
    """Write a Congress's number as people say it: 119 is "119th", 121 "121st"."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{_ENDINGS.get(number % 10, 'th')}"


def spoken_date(day: date) -> str:
    """Write a day as "15 June 2026"."""
    return f"{day.day} {day:%B %Y}"
