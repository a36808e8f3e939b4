"""What a call's page says at each moment: pure words from the call's view; reads nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callbridge.domain.call import Asking, Ending, Outcome, Stage
from callbridge.service.views import CallView, LegView, TargetName
from callbridge.web.dress import nobreak, phone
from callbridge.web.words import gettext as _
from callbridge.web.words import ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One member in the list of whom is called: `state` is done, now or next."""

    name: str
    words: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The page's words. Keys change when their part of the page does. `seconds` feeds the timer."""

    call: str
    live: bool
    headline: str
    detail: str
    progress: Sequence[Stop]
    seconds: int | None
    timer_words: str
    place: str

    @property
    def now_key(self) -> str:
        """Change when the top of the page does."""
        return key(self.headline, self.detail, self.progress, self.place)


def key(*parts: object) -> str:
    """Return a short fingerprint of what a part of the page shows."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:10]


def current_leg(view: CallView) -> LegView | None:
    """Return the leg on the line, else the last one."""
    found = [leg for leg in view.legs if leg.leg == view.leg_in_progress]
    return found[0] if found else (view.legs[-1] if view.legs else None)


def current_target(view: CallView) -> TargetName | None:
    """Return the member this moment is about."""
    return view.targets[view.target] if view.target < len(view.targets) else None


def full_name(target: TargetName) -> str:
    """Return a member's name with the title, as people say it."""
    if not target.title or target.name.startswith(target.title):
        return target.name
    return f"{target.title} {target.name}"


def scene(view: CallView, *, now: datetime, from_number: str) -> Scene:
    """Say where the call stands."""
    headline, detail = _words(view, from_number)
    leg = current_leg(view)
    on_line = leg is not None and view.stage is Stage.BRIDGING
    return Scene(
        call=view.call,
        live=view.stage is not Stage.ENDED,
        headline=headline,
        detail=detail,
        progress=_progress(view),
        seconds=max(0, int((now - leg.started).total_seconds())) if leg and on_line else None,
        timer_words=_("On the line"),
        place=f"{leg.city}, {nobreak(phone(leg.phone))}" if leg and on_line else "",
    )


def _words(view: CallView, from_number: str) -> tuple[str, str]:
    name = full_name(target) if (target := current_target(view)) else _("the office")
    match view.stage:
        case Stage.PLACING:
            return _placing(view, from_number)
        case Stage.GREETING:
            return _("You are on the line"), _("Press 1 on your phone to go on.")
        case Stage.LOCATING:
            return _("Where do you live?"), _("Answer on your phone's keypad.")
        case Stage.BRIEFING:
            return (
                _("Next: %(name)s", name=name),
                _("Read along. Press 1 on your phone when you are ready to be connected."),
            )
        case Stage.BRIDGING:
            return _bridging(view, name)
        case Stage.SURVEYING:
            return _("How did it go?"), _("Press the key on your phone, or answer below.")
        case Stage.OFFERING:
            return _offering(view, name)
        case Stage.ENDED:
            return _ended(view)


def _placing(view: CallView, from_number: str) -> tuple[str, str]:
    if view.wait_seconds > 0:
        wait = ngettext(
            "Many people are calling. Yours rings in about %(num)s second.",
            "Many people are calling. Yours rings in about %(num)s seconds.",
            view.wait_seconds,
        )
        return _("Your phone rings soon"), wait
    return _("Your phone is ringing"), _(
        "Answer it: the call comes from %(number)s.", number=nobreak(phone(from_number))
    )


def _bridging(view: CallView, name: str) -> tuple[str, str]:
    leg = current_leg(view)
    city = leg.city if leg else ""
    if leg is not None and leg.answered:
        return _("Connected to %(name)s", name=name), _(
            "Nothing is recorded. When you are done, press star; do not hang up."
        )
    return _("Calling %(name)s", name=name), _(
        "We are ringing the office in %(city)s. Stay on the line.", city=city
    )


def _offering(view: CallView, name: str) -> tuple[str, str]:
    if view.asking is Asking.PAUSE:
        return _("Next: %(name)s", name=view.turn or name), _(
            "Press 1 to go on, 2 for a break of 15 minutes, 3 to finish."
        )
    if view.asking is Asking.RING_BACK:
        return _("Every office is busy"), _(
            "Each has as many of our calls as it can take. Press 1 to be rung when one is free."
        )
    if view.asking is Asking.OTHER_OFFICE:
        return _("Another office of %(name)s", name=name), _(
            "Press 1 to call it now, or pound to skip it."
        )
    if view.asking is Asking.LAST:
        return _("That was the last one"), _("Thank you. You may hang up, or answer below.")
    return _("Next: %(name)s", name=name), _("Press 1 to call the office now, or pound to skip it.")


def _ended(view: CallView) -> tuple[str, str]:
    spoken = any(leg.outcome is Outcome.CONNECTED for leg in view.legs)
    match view.ending:
        case Ending.OPTED_OUT:
            return _("No more calls"), _("We shall never ring that number again.")
        case Ending.BUSY | Ending.NO_ANSWER:
            return _("We could not reach you"), _(
                "Your phone was busy or nobody answered. Go back to try again."
            )
        case Ending.FAILED | Ending.NOT_PLACED | Ending.EXPIRED:
            return _("The call did not come about"), _(
                "The telephone company could not ring your phone. Please check the number."
            )
        case Ending.PAUSED:
            return _("The campaign was paused"), _("No calls start now. Please come back later.")
        case Ending.RING_BACK:
            return _("We ring you back"), _(
                "Hang up; your phone rings again when you asked for it."
            )
        case Ending.NO_TARGET:
            return _("There was nobody to call"), _(
                "This campaign has nobody to call for your ZIP."
            )
        case _ if view.went_on:
            return _("Your shift goes on"), _("Please check below that we have understood you.")
        case Ending.SILENT:
            return _("The call has ended"), _("We heard no key, so we ended the call.")
        case _ if spoken:
            return _("Thank you for calling"), _("Please check below that we have understood you.")
        case _:
            return _("The call has ended"), _("You can start again whenever you like.")


def _progress(view: CallView) -> list[Stop]:
    if len(view.targets) < 2:
        return []
    done = {leg.target for leg in view.legs}
    total = len(view.targets)
    stops = []
    for index, target in enumerate(view.targets):
        ended = view.stage is Stage.ENDED
        if index == view.target and not ended:
            state = "now"
        else:
            state = "done" if target.target in done else "next"
        words = _("%(number)s of %(total)s", number=index + 1, total=total)
        stops.append(Stop(name=target.last_name or target.name, words=words, state=state))
    return stops


def outcome_words(leg: LegView, *, live: bool) -> str:
    """Say how the carrier saw an office leg."""
    match leg.outcome:
        case Outcome.CONNECTED if leg.seconds is not None:
            minutes = f"{leg.seconds // 60}:{leg.seconds % 60:02d}"
            return _("Connected for %(minutes)s minutes.", minutes=minutes)
        case Outcome.CONNECTED:
            return _("Connected.")
        case Outcome.BUSY:
            return _("The line was busy.")
        case Outcome.NO_ANSWER:
            return _("Nobody answered.")
        case Outcome.FAILED:
            return _("The number could not be reached.")
        case None:
            return _("On the line.") if live else _("The call ended here.")
