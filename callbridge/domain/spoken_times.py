"""How a moment and a standing slot are said aloud in each language; knows no conversation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_DAYS_ES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábados", "domingos")
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
        *("septiembre", "octubre", "noviembre", "diciembre"),
    ),
}
_WEEK = 7


def moment(at: datetime, *, zone: str, today: date, language: str) -> str:
    """Say an instant on the clock of `zone`: "tomorrow, Wednesday, at 10 in the morning"."""
    local = at.astimezone(ZoneInfo(zone))
    day = _day(local.date(), today, language)
    return f"{day} {clock(local.hour * 60 + local.minute, language)}"


def standing(days: Collection[int], minute: int, language: str) -> str:
    """Say when a slot rings: "on Tuesdays at 2 in the afternoon", "every day at …"."""
    return f"{weekdays(days, language)} {clock(minute, language)}"


def weekdays(days: Collection[int], language: str) -> str:
    """Say days of the week: "on Tuesdays", "on working days", "every day"."""
    chosen = sorted(set(days))
    if len(chosen) == _WEEK:
        return "todos los días" if language == "es" else "every day"
    if chosen == [0, 1, 2, 3, 4]:
        return "los días laborables" if language == "es" else "on working days"
    if language == "es":
        return "los " + _listed([_DAYS_ES[day] for day in chosen], "y")
    return "on " + _listed([f"{_DAYS['en'][day]}s" for day in chosen], "and")


def clock(minute: int, language: str) -> str:
    """Say a minute of the day: "at 2:30 in the afternoon"."""
    hour, rest = divmod(minute, 60)
    shown = f"{(hour - 1) % 12 + 1}" + (f":{rest:02d}" if rest else "")
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    if language == "es":
        words = {"morning": "de la mañana", "afternoon": "de la tarde", "evening": "de la noche"}
        return f"{'a la' if hour % 12 == 1 else 'a las'} {shown} {words[part]}"
    return f"at {shown} in the {part}"


def _day(day: date, today: date, language: str) -> str:
    names = _DAYS["es" if language == "es" else "en"]
    name, ahead = names[day.weekday()], (day - today) // timedelta(days=1)
    if ahead in {0, 1}:
        if language == "es":
            return "hoy" if ahead == 0 else f"mañana, {name},"
        return "today" if ahead == 0 else f"tomorrow, {name},"
    if language == "es":
        return f"el {name} {day.day} de {_MONTHS['es'][day.month - 1]}"
    return f"on {name}, {_MONTHS['en'][day.month - 1]} {day.day},"


def _listed(words: list[str], joined: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joined} {words[-1]}"
