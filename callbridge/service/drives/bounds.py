"""The last guards of a claim, of what all share: judged with the claim itself counted in."""

from __future__ import annotations

from datetime import timedelta

from callbridge.domain import admission
from callbridge.domain.budget import Spent
from callbridge.domain.campaign import Campaign
from callbridge.domain.drives import Claimed, DriveRecord
from callbridge.service.context import Context
from callbridge.service.drives.running import pause_by_itself
from callbridge.service.money.ceilings import hold
from callbridge.service.placing import limits_of
from callbridge.service.storage import Unit

# How long people of an area code wait whose calls are spent, before somebody looks again.
_AREA_SPENT = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_SECONDS = 60
_JITTER = 0.25


def within(
    ctx: Context,
    unit: Unit,
    claimed: Claimed,
    drive: DriveRecord,
    *,
    campaign: Campaign,
    phone: str,
) -> bool:
    """Tell whether a claim keeps to money, calls in progress and the campaign's starts a minute.

    Else it was given back.

    Every claim comes by here one after another until its transaction ends, so that of many
    dialers no two take the last place or the last money. A drive whose money is spent pauses
    itself.
    """
    spent = hold(ctx, unit, claimed.attempt, slug=drive.slug, phone=phone, drive=drive.id)
    if spent is not None:
        _give_back(ctx, unit, claimed, spent)
        return False
    now = ctx.clock.now()
    most = admission.per_minute(limits_of(ctx.settings), campaign)
    # What the pace lets start in a minute is not counted where it is fewer anyway.
    paced = _SECONDS * (ctx.settings.calls_per_second + 1)
    if most < paced and unit.guards.last_minute(drive.slug, now=now) > most:
        _turn_away(ctx, unit, claimed, _MINUTE)
        return False
    moving = unit.budget.moving(drive=drive.id, slug=drive.slug)
    if (
        moving.total <= ctx.settings.calls_in_progress
        and moving.campaigns[drive.slug] <= ctx.settings.campaign_calls_in_progress
        and moving.drives[drive.id] <= drive.in_progress
    ):
        return True
    unit.drive_attempts.give_back(claimed)
    return False


def _give_back(ctx: Context, unit: Unit, claimed: Claimed, spent: Spent) -> None:
    if spent.of_area:
        _turn_away(ctx, unit, claimed, _AREA_SPENT)
        return
    unit.drive_attempts.give_back(claimed)
    pause_by_itself(ctx, unit, claimed.drive, cause=spent.sentence)


def _turn_away(ctx: Context, unit: Unit, claimed: Claimed, later: timedelta) -> None:
    # Chance, so that a list that was turned away together does not come back together.
    later *= 1 + _JITTER * ctx.chance()
    unit.drive_attempts.give_back(claimed, run_at=ctx.clock.now() + later)
