"""Reads for pages and the API: campaigns, one call, whom to call from a ZIP; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from callbridge.domain.call import Call, Door, Outcome, Stage, Target
from callbridge.domain.congress import Place
from callbridge.domain.flow import begin, needs_district
from callbridge.domain.records import AnswerRecord, AttemptState, CallRecord, LegRecord
from callbridge.errors import NotFoundError
from callbridge.service.context import Context
from callbridge.service.placing import check_targets, district_of, expected_wait, place_of
from callbridge.service.storage import Unit
from callbridge.service.views import (
    AnswerView,
    CallView,
    LegView,
    PublishedCampaign,
    TargetName,
)
from callbridge.service.worlds import look_up, place_world


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsFor:
    """Whom a campaign calls from a ZIP; `needs_district` when one of `districts` must be chosen."""

    place: Place | None
    targets: Sequence[Target]
    needs_district: bool
    districts: Sequence[str]


def campaigns(ctx: Context) -> list[PublishedCampaign]:
    """Return every campaign by slug."""
    with ctx.store.reading() as unit:
        return [ctx.shelf.published(unit, record) for record in unit.campaigns.all()]


def campaign(ctx: Context, slug: str) -> PublishedCampaign:
    """Return one campaign. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        return ctx.shelf.find(unit, slug)


def revision(ctx: Context, view: CallView) -> PublishedCampaign:
    """Return a call's campaign in the revision that the call began with."""
    with ctx.store.reading() as unit:
        current = ctx.shelf.find(unit, view.campaign)
        campaign = ctx.shelf.campaign(unit, view.digest)
    return replace(current, digest=view.digest, campaign=campaign)


def media(ctx: Context, slug_or_digest: str, file: str) -> bytes:
    """Return a picture or recording of a campaign's revision. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        record = unit.campaigns.get(slug_or_digest)
        body = unit.campaigns.file(record.digest if record else slug_or_digest, file)
    if body is None:
        raise NotFoundError("There is no such file.")
    return body


def targets_for(
    ctx: Context, slug: str, zip_text: str | None, district: str | None = None
) -> TargetsFor:
    """Return whom a campaign calls from a ZIP, for people who dial by themselves.

    Raises NotFoundError, ZipRefusedError, NobodyThereError, ZipWithoutTargetError, DistrictError.
    """
    now = ctx.clock.now()
    found = campaign(ctx, slug).campaign
    place = place_of(ctx, zip_text, now)
    call = begin(
        found,
        place_world(ctx, found, place, now),
        language=found.language,
        door=Door.SELF_DIALLED,
        district=district_of(place, district),
    )
    if place is not None:
        check_targets(call, found, place)
    return TargetsFor(
        place=place,
        targets=call.targets,
        needs_district=needs_district(call, found, place),
        districts=place.districts if place else (),
    )


def call_view(ctx: Context, call_id: str) -> CallView:
    """Return a call as its page shows it. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        record = unit.calls.by_id(call_id)
        if record is None:
            raise NotFoundError("There is no such call.")
        legs = unit.calls.legs(call_id)
        answers = unit.calls.answers(call_id)
        found = ctx.shelf.campaign(unit, record.digest)
        wait = _wait(ctx, unit, record)
        went_on = _went_on(unit, record)
    call = record.call
    place, _ = (None, None) if call.targets else look_up(ctx, call.zip, ctx.clock.now())
    return CallView(
        call=record.id,
        campaign=record.slug,
        digest=record.digest,
        language=call.language,
        stage=call.stage,
        asking=call.asking,
        ending=call.ending,
        targets=[_name(target) for target in call.targets],
        target=call.target,
        legs=[_leg(call, leg, answers) for leg in legs],
        leg_in_progress=call.leg if call.stage is Stage.BRIDGING else None,
        needs_district=call.live and needs_district(call, found, place),
        wait_seconds=wait,
        created=record.created,
        answered=record.answered,
        ended=record.ended,
        door=record.door,
        turn=call.shift.campaigns[0].words if call.shift and call.shift.turn else None,
        went_on=went_on,
    )


def _went_on(unit: Unit, record: CallRecord) -> str | None:
    if record.call.passed_on is None or record.phone_hash is None:
        return None
    return unit.calls.next_on_line(record.id, record.phone_hash)


def _name(target: Target) -> TargetName:
    return TargetName(
        target=target.id,
        name=target.name,
        last_name=target.last_name,
        title=target.title,
        pronoun=target.pronoun,
        state=target.state,
    )


def _wait(ctx: Context, unit: Unit, record: CallRecord) -> int:
    if record.call.stage is not Stage.PLACING or record.sid is not None:
        return 0
    now = ctx.clock.now()
    planned = [a for a in unit.attempts.of_call(record.id) if a.state is AttemptState.PLANNED]
    if not planned:
        return 0
    ahead = int((planned[-1].run_at - now).total_seconds())
    return ahead if ahead > 0 else expected_wait(ctx, unit, now)


def _leg(call: Call, leg: LegRecord, answers: Sequence[AnswerRecord]) -> LegView:
    told = next((one for one in call.legs if one.number == leg.number), None)
    return LegView(
        leg=leg.number,
        target=leg.target,
        name=leg.name,
        office=leg.office,
        city=leg.city,
        phone=leg.phone,
        answered=leg.outcome is Outcome.CONNECTED or (leg.outcome is None and leg.sid is not None),
        outcome=leg.outcome,
        reported=told.reported if told else None,
        seconds=leg.seconds,
        started=leg.started,
        answers=[
            AnswerView(
                question=answer.question,
                meaning=answer.meaning,
                source=answer.source,
                superseded=answer.superseded,
                at=answer.at,
            )
            for answer in answers
            if answer.leg == leg.number
        ],
    )
