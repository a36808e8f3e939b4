"""Answers from the web: corrections, and reports of people who dialled by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from callbridge.domain.call import Asking, Call, Door, Ending, Leg, Stage, Target
from callbridge.domain.campaign import Campaign
from callbridge.domain.events import Reported, Source
from callbridge.domain.records import CallRecord, LegRecord
from callbridge.domain.replies import acceptable
from callbridge.domain.survey import Meaning
from callbridge.errors import NotFoundError, RefusedError, TooManyError
from callbridge.service.context import Context
from callbridge.service.moving import move
from callbridge.service.placing import printable
from callbridge.service.reading import targets_for
from callbridge.service.storage import Unit


def report(ctx: Context, call_id: str, *, leg: int, question: str, meaning: Meaning | str) -> None:
    """Store what a supporter says on the web about one leg; the earlier answer is superseded.

    Raises NotFoundError (call or leg), RefusedError (no such question or answer).
    """
    with ctx.store.writing() as unit:
        keep_all(ctx, unit, call_id, {leg: [(question, meaning)]})


def keep_all(
    ctx: Context,
    unit: Unit,
    call_id: str,
    given: Mapping[int, Sequence[tuple[str, Meaning | str]]],
) -> None:
    """Store what a supporter says about the legs of a call, in the transaction it is given.

    Raises NotFoundError (call or leg), RefusedError (no such question or answer).
    """
    record = unit.calls.by_id(call_id, lock=True)
    if record is None or set(given) - {one.number for one in record.call.legs}:
        raise NotFoundError("There is no such call to an office.")
    campaign = ctx.shelf.campaign(unit, record.digest)
    for leg, replies in given.items():
        for question, meaning in replies:
            meant = _meaning(campaign, record.call.language, question, meaning)
            record = move(ctx, unit, record, Reported(leg=leg, question=question, meaning=meant))


def self_report(
    ctx: Context,
    slug: str,
    *,
    zip: str | None,
    target: str,
    answers: Mapping[str, Meaning | str],
    district: str | None = None,
    referral: str | None = None,
    network: str | None = None,
) -> str:
    """Store what somebody learned who dialled an office by themselves; return the call's id.

    `target` is one that the campaign calls from this ZIP. Raises NotFoundError, TooManyError,
    RefusedError and the errors of a ZIP.
    """
    if not answers:
        raise RefusedError("Please say how it went.")
    found = targets_for(ctx, slug, zip, district)
    chosen = next((one for one in found.targets if one.id == target), None)
    if chosen is None:
        raise NotFoundError("This campaign does not call that person from this ZIP.")
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        published = ctx.shelf.find(unit, slug)
        campaign = published.campaign
        record = CallRecord(
            id=ctx.token(),
            token=ctx.token(),
            slug=slug,
            digest=published.digest,
            call=_dialled(chosen, campaign, zip=found.place.zip if found.place else None),
            created=now,
            from_="",
            network=ctx.vault.network(network) if network else None,
            referral=printable(referral),
            heard=now,
            ended=now,
        )
        _limit(ctx, unit, record, now)
        unit.calls.add(record)
        unit.calls.add_leg(_leg(record, chosen, now))
        _answer(ctx, unit, record, answers)
    return record.id


def _answer(
    ctx: Context, unit: Unit, record: CallRecord, answers: Mapping[str, Meaning | str]
) -> None:
    campaign = ctx.shelf.campaign(unit, record.digest)
    for question in campaign.wording().survey.questions:
        given = answers.get(question.id)
        if given is not None:
            meant = _meaning(campaign, record.call.language, question.id, given)
            event = Reported(leg=1, question=question.id, meaning=meant)
            record = move(ctx, unit, record, event)
    if not record.call.legs[0].answers:
        raise RefusedError("None of these questions is asked by this campaign.")


def _limit(ctx: Context, unit: Unit, record: CallRecord, now: datetime) -> None:
    if record.network is None:
        return
    unit.guards.lock(record.network)
    usage = unit.guards.usage(hashes=(), network=record.network, slug=record.slug, now=now)
    if usage.network_hour >= ctx.settings.limit_network_hour:
        raise TooManyError(
            "Many reports came from your network within an hour. Please try again later.",
            retry_after=3_600,
        )


def _dialled(target: Target, campaign: Campaign, *, zip: str | None) -> Call:
    office = target.offices[0]
    leg = Leg(number=1, target=target.id, office=office.id, phone=office.phone or "")
    call = Call(language=campaign.language, door=Door.SELF_DIALLED, zip=zip, ringable=False)
    return replace(
        call,
        stage=Stage.ENDED,
        asking=Asking.NOTHING,
        ending=Ending.FINISHED,
        targets=(target,),
        legs=(leg,),
        leg=1,
    )


def _leg(record: CallRecord, target: Target, now: datetime) -> LegRecord:
    office = target.offices[0]
    return LegRecord(
        call=record.id,
        number=1,
        target=target.id,
        name=target.name,
        office=office.id,
        city=office.city,
        phone=office.phone or "",
        sid=None,
        outcome=None,
        seconds=None,
        started=now,
        ended=now,
    )


def _meaning(campaign: Campaign, language: str, question: str, meaning: Meaning | str) -> Meaning:
    survey = campaign.wording(language).survey
    if survey.question(question) is None:
        raise RefusedError("This campaign does not ask that question.")
    try:
        meant = Meaning(meaning)
    except ValueError:
        raise RefusedError("That is no answer to this question.") from None
    # The web may also say that an office leans; whether it may here, the domain decides.
    if not acceptable(survey, question=question, meaning=meant, source=Source.WEB):
        raise RefusedError("That is no answer to this question.")
    return meant
