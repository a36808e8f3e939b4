"""The sentences that a person reads when something cannot be done, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from flask_babel import format_date, format_datetime

from callbridge.errors import CallbridgeError
from callbridge.web.languages import LANGUAGES, current
from callbridge.web.words import gettext as _


def sentence(error: CallbridgeError) -> str:
    """Return the error's own sentence, or on a page in another language the one for its type.

    Errors speak English, and say more than their type does; a translation per type says enough.
    """
    if current() == "en":
        return error.sentence
    opens = error.extra.get("opens")
    if isinstance(opens, str):
        moment = datetime.fromisoformat(opens)
        when = format_datetime(moment, "EEEE d MMMM, HH:mm", rebase=False)
        return _("This campaign takes calls at its own hours. It opens %(when)s.", when=when)
    return _of_type().get(error.type, error.sentence)


def _of_type() -> dict[str, str]:
    return {
        "not-a-zip": _("That is not a ZIP code. Write the five digits of your ZIP, such as 05401."),
        "unknown-zip": _("No place in the United States uses this ZIP. Please check its digits."),
        "nobody-there": _("The people at this ZIP send nobody to Congress."),
        "zip-without-target": _("This campaign has nobody to call for this ZIP."),
        "phone": _("We cannot ring this number. Write a United States number with its area code."),
        "consent": _("Please tick the box, so that we may ring you."),
        "opted-out": _("The owner of this number asked us never to call it again."),
        "call-in-progress": _("There is a call with this number already. Finish that one first."),
        "paused": _("This campaign is paused, and no calls start now. Please come back later."),
        "no-such-time": _(
            "Nobody is rung at that time where you live. Please choose another day or hour."
        ),
        "already-planned": _(
            "This number has such a call planned already. Use its link, or the keypad when it "
            "rings, to change it."
        ),
        "budget": _(
            "We have made all the calls that we can pay for just now. Thank you for wanting to"
            " call! Please come back tomorrow, or dial your office yourself."
        ),
        "closed": _("This campaign makes no calls at this hour. Please come back later."),
        "too-many": _("That was too often in a short time. Please wait a while, then try again."),
        "not-found": _(
            "There is no such thing here. It may have ended, or the link is incomplete."
        ),
        "used-up": _("This link was used once already, which is all it can be."),
        "no-carrier": _("Calls cannot be made from here at the moment."),
        "carrier": _("The telephone company did not take the call. Please try again."),
        "carrier-refused": _("The telephone company cannot ring this number."),
        "carrier-busy": _("The telephone company is busy. Please try again in a minute."),
    }


def http_sentence(status: int) -> tuple[str, str]:
    """Return a heading and a sentence for an HTTP error."""
    match status:
        case 400:
            return _("We could not read that"), _("The request was incomplete. Please try again.")
        case 403:
            return _("Not from here"), _(
                "This was not asked for from this site, or you may not do it."
            )
        case 404:
            return _("Nothing here"), _("There is no such page. The link may be incomplete or old.")
        case 405:
            return _("Not that way"), _("This address does not answer that kind of request.")
        case 409:
            return _("Not now"), _("This cannot be done at the moment.")
        case 413:
            return _("Too long"), _("That was more than this page can take.")
        case 415:
            return _("Not JSON"), _("Send the body as application/json.")
        case 422:
            return _("Not possible"), _("This cannot be done as written.")
        case 429:
            return _("Too often"), _("Please wait a while, then try again.")
        case 503:
            return _("Not at the moment"), _("Please try again in a minute.")
        case _:
            return _("Something broke"), _("That is our fault. Please try again in a minute.")


def role_sentence(who: str) -> tuple[str, str]:
    """Return a heading and a sentence for somebody whose sign-in is not for this."""
    sentences = {
        "organizer": _("This is for organizers. An administrator can give you that role, too."),
        "analyst": _("This is for analysts. An administrator can give you that role, too."),
        "admin": _("This is for administrators."),
    }
    nobody = _("Your sign-in has no role yet. An administrator can give you one.")
    return _("Not with your sign-in"), sentences.get(who, nobody)


def state_sentence(state: str) -> str:
    """Say that a campaign makes no calls."""
    if state == "ended":
        return _("This campaign has ended. You can still read it and tell us about your calls.")
    return _("This campaign is paused, and no calls start now. Please come back later.")


def state_words(state: str) -> str:
    """Say a campaign's state in a word."""
    return {"live": _("live"), "paused": _("paused"), "ended": _("ended")}.get(state, state)


def meaning_words(meaning: str) -> str:
    """Say an answer in words."""
    return _meanings(current()).get(str(meaning), str(meaning))


@lru_cache(maxsize=len(LANGUAGES))
def _meanings(_language: str) -> Mapping[str, str]:
    # Looked up once a language: pages say them by the thousand.
    return {
        "spoke": _("talked with someone"),
        "voicemail": _("left a message"),
        "mailbox-full": _("mailbox full"),
        "nobody": _("nobody answered"),
        "wrong-number": _("wrong number"),
        "supports": _("supports it"),
        "leans-supports": _("leans towards supporting it"),
        "undecided": _("undecided"),
        "leans-opposes": _("leans towards opposing it"),
        "opposes": _("opposes it"),
        "would-not-say": _("would not say"),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """That the members' data is not of today; `grave` when its Congress is over."""

    words: str
    grave: bool


def stale_sentence(as_of: date, on: date) -> Stale:
    """Say how old the list of members is, to somebody who is about to call one of them."""
    # A Congress ends on the third of January of odd years (Twentieth Amendment).
    ends = date(as_of.year + (2 if as_of.year % 2 else 1), 1, 3)
    shown = format_date(as_of, "long")
    if on >= ends:
        return Stale(
            words=_(
                "Our list of members is of %(day)s. A new Congress has begun since.", day=shown
            ),
            grave=True,
        )
    words = _("Our list of members is of %(day)s. Somebody may have left since.", day=shown)
    return Stale(words=words, grave=False)
