"""The last guards of a claim, of what all share: judged with the claim itself counted in."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from callbridge.domain import admission
from callbridge.domain.budget import Spent
from callbridge.domain.campaign import Campaign
from callbridge.domain.drives import Claimed, DriveRecord, InProgress
from callbridge.service.context import Context
from callbridge.service.drives.looking import View
from callbridge.service.drives.running import pause_by_itself
from callbridge.service.money.ceilings import hold
from callbridge.service.placing import limits_of
from callbridge.service.storage import Unit

# How long people of an area code wait whose calls are spent, before somebody looks again.
_AREA_SPENT = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_SECONDS = 60
_JITTER = 0.25
# So long after a look, in seconds, what it planned may still be dialled. A database that kept
# somebody waiting longer lets them go: the next look judges anew.
FRESH = 5.0
# A slot of the pace is taken less than this before it opens.
_EARLY = 1.0


def within(
    ctx: Context,
    unit: Unit,
    view: View,
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
    if _room(ctx, view.progress, drive, more=_begun_since(ctx)):
        return True
    if _room(ctx, unit.budget.moving(drive=drive.id, slug=drive.slug), drive, more=0):
        return True
    unit.drive_attempts.give_back(claimed)
    return False


def _room(ctx: Context, progress: InProgress, drive: DriveRecord, *, more: int) -> bool:
    """Tell whether what was in progress and `more` calls keep to every limit."""
    return (
        progress.total + more <= ctx.settings.calls_in_progress
        and progress.campaigns.get(drive.slug, 0) + more <= ctx.settings.campaign_calls_in_progress
        and progress.drives.get(drive.id, 0) + more <= drive.in_progress
    )


def fresh(ctx: Context, view: View) -> bool:
    """Tell whether a look is young enough to dial by."""
    return ctx.timer.seconds() - view.looked <= FRESH


def _begun_since(ctx: Context) -> int:
    """Return how many calls all dialers together can have begun since a look that is fresh.

    By all doors no more than the shared pace has slots for. Where even so many keep to the
    limits, nobody needs to count them: with thousands in progress that is among the dearest
    things a claim could ask.
    """
    return ceil(ctx.settings.calls_per_second * (FRESH + _EARLY)) + 1


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
