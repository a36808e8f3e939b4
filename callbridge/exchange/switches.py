"""Where carriers differ or their papers are silent: one switch each; decides nothing by itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum


class AfterHangUp(StrEnum):
    """Whether a Dial's action is requested when the supporter hung up during it (unconfirmed)."""

    ON = "on"
    OFF = "off"
    LATE = "late"


@dataclass(slots=True, kw_only=True)
class Switches:
    """The exchange's manners, changed at any moment through the control API.

    `dial_grace`: seconds a Dial rings beyond its timeout (Twilio: about 5). `list_lag`: seconds of
    the exchange's clock by which the list of calls is behind. `empty_digits`: a Gather that
    reports silence sends `Digits` empty instead of not at all. `swallow_pound`: the # key never
    arrives, as with some carriers. `star_while_ringing`: * ends a Dial that still rings.
    `checked`: documents are checked for everything the carrier would warn of.
    """

    action_after_hang_up: AfterHangUp = AfterHangUp.ON
    late_seconds: float = 20.0
    dial_grace: float = 5.0
    list_lag: float = 0.0
    empty_digits: bool = True
    swallow_pound: bool = False
    star_while_ringing: bool = False
    checked: bool = True

    def change(self, changes: dict[str, object]) -> None:
        """Set switches by name. Raises ValueError with a sentence for a wrong name or value."""
        casts = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        for name, value in changes.items():
            if name not in casts:
                raise ValueError(f"there is no switch {name}; there are {', '.join(casts)}")
            if casts[name] is bool and not isinstance(value, bool):
                raise ValueError(f"{name} is true or false")
            setattr(self, name, casts[name](value))

    def as_json(self) -> dict[str, object]:
        """Return every switch by name."""
        return asdict(self)
