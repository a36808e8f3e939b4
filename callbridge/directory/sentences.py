"""What the directory says to people; knows no data."""

from __future__ import annotations

from datetime import date

from callbridge.directory.terms import congress_begins, congress_on, ordinal, spoken_date

OLD_DAYS = 90

NOT_A_ZIP = "That is not a ZIP code. Please write five digits, such as 05401."
_UPDATE = "Run `python -m callbridge directory update`."


def unknown(code: str) -> str:
    """Say that no such ZIP is in use."""
    return f"There is no ZIP {code} in use. Please check the five digits."


def associated(code: str, nation: str) -> str:
    """Say that a place sends nobody to Congress."""
    return (
        f"{code} is in {nation}, a nation in free association with the United States, "
        "which sends nobody to Congress."
    )


def military(code: str) -> str:
    """Ask a person with a military address where they vote."""
    return (
        f"{code} is a military ZIP, which belongs to no district. "
        "Please give the ZIP of the place in the United States where you vote."
    )


def all_vacant(code: str, vacant: tuple[str, ...]) -> str:
    """Say that nobody holds the seats of a place."""
    return f"Nobody represents {code} at the moment: {', '.join(vacant)} is vacant."


def warning(*, as_of: date, expires: date, map_congress: int, on: date) -> str | None:
    """Say what is wrong with the age of the data, None when nothing is."""
    if on >= expires:
        return (
            f"The directory is of {spoken_date(as_of)}, and that Congress ended on "
            f"{spoken_date(expires)}: members, phones and districts may be wrong. {_UPDATE}"
        )
    sitting = congress_on(max(on, as_of))
    if map_congress > sitting:
        return (
            f"The district lines in the directory are already those of the "
            f"{ordinal(map_congress)} Congress, which begins on "
            f"{spoken_date(congress_begins(map_congress))}: some ZIPs may lead to the wrong "
            f"district until then."
        )
    if map_congress < sitting:
        return (
            f"The district lines in the directory are those of the {ordinal(map_congress)} "
            f"Congress, which ended on {spoken_date(congress_begins(map_congress + 1))}: some "
            f"ZIPs may lead to the wrong district. {_UPDATE}"
        )
    age = (on - as_of).days
    if age > OLD_DAYS:
        return (
            f"The directory is {age} days old (data of {spoken_date(as_of)}): somebody may have "
            f"left or moved since. {_UPDATE}"
        )
    return None
