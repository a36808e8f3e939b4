"""The form that asks for a call: what was typed, what is wrong with it, which district it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import request

from callbridge.domain.call import Door
from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Chamber, Place
from callbridge.domain.states import STATES
from callbridge.errors import CallbridgeError, RefusedError
from callbridge.service import lookup as lookups
from callbridge.service import placing
from callbridge.service.appointments import making
from callbridge.service.context import Context
from callbridge.service.views import CallRequest, PublishedCampaign, StartedCall
from callbridge.web.campaign_page import asks_zip
from callbridge.web.consent import consent_words, text_words
from callbridge.web.languages import current
from callbridge.web.sentences import sentence
from callbridge.web.slot_words import read_wish
from callbridge.web.wire import network, referral
from callbridge.web.words import gettext as _

UNSURE = "unsure"

# Where on the form an error belongs; anything else stands at its top.
FIELD_OF: Mapping[str, str] = {
    "phone": "phone",
    "opted-out": "phone",
    "call-in-progress": "phone",
    "carrier-refused": "phone",
    "not-a-zip": "zip",
    "unknown-zip": "zip",
    "nobody-there": "zip",
    "zip-without-target": "zip",
    "consent": "consent",
    "district": "district",
    "no-such-time": "when",
    "already-planned": "phone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The form as it was sent, kept when it comes back."""

    phone: str = ""
    zip: str = ""
    district: str = ""
    street: str = ""
    consent: bool = False
    text: bool = False
    day: str = ""
    time: str = ""
    repeat: str = ""
    shift: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictOption:
    """One district of a split ZIP and who represents it."""

    district: str
    name: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictChoice:
    """The question which of a ZIP's districts is the person's own."""

    zip: str
    crosses: bool
    estimated: bool
    by_address: bool
    options: tuple[DistrictOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of the form: a call, the token of an appointment, or the form again.

    It comes again with what is wrong or still to choose.
    """

    form: Filled
    call: StartedCall | None = None
    appointment: str | None = None
    choice: DistrictChoice | None = None
    status: int = 200


def filled(*, later: bool = False) -> Filled:
    """Read the form as it was sent, cut to sane lengths; `later`: it offers other times."""
    sent = request.form
    later = later and sent.get("later") == "yes"
    return Filled(
        phone=sent.get("phone", "").strip()[:40],
        zip=sent.get("zip", "").strip()[:20],
        district=sent.get("district", "").strip()[:10],
        street=sent.get("street", "").strip()[:120],
        consent=sent.get("consent") == "yes",
        text=sent.get("text") == "yes",
        shift=sent.get("shift") == "yes",
        day=sent.get("day", "").strip()[:10] if later else "",
        time=sent.get("time", "").strip()[:4] if later else "",
        repeat=sent.get("repeat", "").strip()[:20] if later else "",
    )


def ask(ctx: Context, published: PublishedCampaign, form: Filled) -> Asked:
    """Place the call that the form asks for, or say what is missing."""
    choice = None
    try:
        place = None
        if asks_zip(published.campaign) and form.zip:
            place = lookups.lookup(ctx, form.zip, network())
            if must_choose(published.campaign, place):
                choice = choice_of(ctx, place)
        missing = _missing(form)
        if missing:
            return Asked(form=replace(form, errors=missing), choice=choice, status=422)
        if place is not None and choice is not None:
            form, settled = _settle(ctx, form, place, choice)
            if not settled:
                return Asked(form=form, choice=choice, status=422 if form.errors else 200)
        wanted = _request(ctx, published, form)
        if form.day:
            wish = read_wish(day=form.day, minute=form.time, repeat=form.repeat)
            return Asked(form=form, appointment=making.make(ctx, wanted, wish))
        return Asked(form=form, call=placing.start_call(ctx, wanted))
    except RefusedError as refused:
        return Asked(form=_with_error(form, refused), choice=choice, status=status_of(refused))
    except CallbridgeError as failed:
        if failed.type not in {"carrier", "carrier-busy", "carrier-refused"}:
            raise
        return Asked(form=_with_error(form, failed), choice=choice, status=failed.status)


def status_of(refused: RefusedError) -> int:
    """Return the status of a form that comes back: the page is there, what was typed is not."""
    return 422 if refused.status in {400, 404} else refused.status


def _missing(form: Filled) -> dict[str, str]:
    errors = {}
    if not form.phone:
        errors["phone"] = _("Write the number that we shall ring, with its area code.")
    if not form.consent:
        errors["consent"] = _("Please tick the box, so that we may ring you.")
    return errors


def must_choose(campaign: Campaign, place: Place) -> bool:
    """Tell whether a ZIP leaves open who represents the person, as far as this campaign calls."""
    if Chamber.HOUSE in campaign.chambers:
        return place.split
    return len(place.states) > 1


def choice_of(ctx: Context, place: Place) -> DistrictChoice:
    """Return the districts of a split ZIP with the names of their members."""
    named = {m.district: f"{m.title} {m.name}" for m in place.representatives}
    return DistrictChoice(
        zip=place.zip,
        crosses=len(place.states) > 1,
        estimated=place.estimated,
        by_address=ctx.narrower is not None,
        options=tuple(
            DistrictOption(
                district=district,
                name=named.get(district) or _("Nobody at the moment (the seat is vacant)"),
                place=district_words(district),
            )
            for district in place.districts
        ),
    )


def district_words(district: str) -> str:
    """Say a district such as "CA-12" or "AK-0" in words."""
    code, _dash, number = district.partition("-")
    state = STATES.get(code, code)
    if number in {"0", "00", ""}:
        return _("%(state)s, at large", state=state)
    return _("%(state)s, district %(number)s", state=state, number=number)


def _settle(
    ctx: Context, form: Filled, place: Place, choice: DistrictChoice
) -> tuple[Filled, bool]:
    """Decide the district from what was chosen or from the street; False when still open."""
    offered = {option.district for option in choice.options}
    if form.district in offered | {UNSURE}:
        return form, True
    if form.district:
        return _wrong(form, "district", _("Please choose one of these.")), False
    if not form.street:
        return form, False
    found = lookups.narrow(ctx, place, form.street, network())
    if found not in offered:
        sorry = _("We could not find that address in this ZIP. Please choose above.")
        return _wrong(form, "street", sorry), False
    return replace(form, district=found), True


def _request(ctx: Context, published: PublishedCampaign, form: Filled) -> CallRequest:
    language = current()
    agreed = text_words(ctx.settings, published.campaign, language) if form.text else ""
    return CallRequest(
        slug=published.slug,
        phone=form.phone,
        zip=form.zip or None,
        district=form.district if form.district not in {"", UNSURE} else None,
        language=language,
        referral=referral() or None,
        consent=form.consent,
        consent_words=consent_words(ctx.settings, published.campaign, language),
        text_words=agreed,
        network=network(),
        door=Door.PAGE,
        shift=form.shift,
    )


def _wrong(form: Filled, name: str, words: str) -> Filled:
    return replace(form, errors={**form.errors, name: words})


def _with_error(form: Filled, error: CallbridgeError) -> Filled:
    return _wrong(form, FIELD_OF.get(error.type, "form"), sentence(error))
