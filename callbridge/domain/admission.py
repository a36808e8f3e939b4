"""May this person be rung now? Pure: what is known comes in, a refusal goes out as an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from callbridge.domain.campaign import Campaign, Hours
from callbridge.domain.records import CampaignState, Usage
from callbridge.errors import (
    ClosedError,
    ConsentError,
    InProgressError,
    OptedOutError,
    PausedError,
    TooManyError,
)

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many calls are too many; 0 means none at all."""

    number_hour: int
    number_day: int
    network_hour: int
    campaign_minute: int


def check_consent(consent: bool) -> None:
    """Raise ConsentError unless the person agreed to be called."""
    if not consent:
        raise ConsentError("Please tick the box that says we may call this number.")


def check_state(state: CampaignState) -> None:
    """Raise PausedError unless the campaign's calls may start."""
    match state:
        case CampaignState.PAUSED:
            raise PausedError("This campaign is paused at the moment. Please come back later.")
        case CampaignState.ENDED:
            raise PausedError("This campaign has ended. Thank you for wanting to call.")
        case CampaignState.LIVE:
            return


def check_usage(usage: Usage, limits: Limits, campaign: Campaign) -> None:
    """Raise OptedOutError, InProgressError or TooManyError (`retry_after` in seconds)."""
    if usage.opted_out:
        raise OptedOutError(
            "The owner of this number asked us never to call it again, so we do not."
        )
    if usage.in_progress:
        raise InProgressError("This number already has a call in progress.")
    by_day = campaign.calls_per_number_day
    if by_day is not None and usage.campaign_number_day >= by_day:
        raise _too_many("this number was called for this campaign enough today", 86_400)
    if usage.number_day >= limits.number_day:
        raise _too_many("this number was called often enough today", 86_400)
    if usage.number_hour >= limits.number_hour:
        raise _too_many("this number was called often enough within an hour", 3_600)
    if usage.network_hour >= limits.network_hour:
        raise _too_many("many calls were asked for from your network within an hour", 3_600)
    if usage.campaign_minute >= per_minute(limits, campaign):
        raise _too_many("this campaign has all the calls it can take in a minute", 60)


def per_minute(limits: Limits, campaign: Campaign) -> int:
    """Return the most calls of a campaign that may start within a minute."""
    return min(limits.campaign_minute, campaign.calls_per_minute or limits.campaign_minute)


def _too_many(why: str, seconds: int) -> TooManyError:
    wait = {60: "in a minute", 3_600: "in an hour", 86_400: "tomorrow"}[seconds]
    return TooManyError(f"{why[0].upper()}{why[1:]}. Please try again {wait}.", retry_after=seconds)


def within(hours: Hours | None, local: datetime) -> bool:
    """Tell whether a campaign's own hours let a call start at a local time."""
    if hours is None:
        return True
    minute = local.hour * 60 + local.minute
    return local.weekday() in hours.days and hours.opens <= minute < hours.closes


def check_hours(hours: Hours | None, local: datetime) -> None:
    """Raise ClosedError outside the campaign's own hours; the sentence says when it opens."""
    if hours is None or within(hours, local):
        return
    opening = next_opening(hours, local)
    if opening is None:
        raise ClosedError("This campaign takes no calls at any hour.")
    when = f"{opening:%I:%M %p}".lstrip("0").lower()
    days = (opening.date() - local.date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"on {_DAYS[opening.weekday()]}")
    zone = opening.tzname() or ""
    raise ClosedError(
        f"This campaign takes calls at its own hours. It opens {day} at {when} {zone}".rstrip()
        + ".",
        opens=opening.isoformat(),
    )


def next_opening(hours: Hours, local: datetime) -> datetime | None:
    """Return the next local time at which the hours open, None when they never do."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for ahead in range(8):
        day = midnight + timedelta(days=ahead)
        opening = day.replace(hour=hours.opens // 60, minute=hours.opens % 60)
        if day.weekday() in hours.days and opening > local:
            return opening
    return None
