"""Fills in what the flow may know of the world: the ZIP's place, the offices; asks when asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from callbridge.domain.call import Call
from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Member, Office, Place
from callbridge.domain.events import Event, OfficeState, World
from callbridge.domain.flow import wanted_zip
from callbridge.domain.reach import Reach
from callbridge.domain.records import OfficeLoad
from callbridge.errors import RefusedError
from callbridge.service.context import Context
from callbridge.service.hours import is_open
from callbridge.service.storage import Unit
from callbridge.settings import Settings


class OfficeStates(Mapping[str, OfficeState]):
    """The state of a call's offices by id: one query, made when the first is looked at."""

    def __init__(
        self, unit: Unit, settings: Settings, call: Call, campaign: Campaign, now: datetime
    ) -> None:
        self._unit = unit
        self._settings = settings
        self._offices = {o.id: o for target in call.targets for o in target.offices}
        self._recess = campaign.recess
        self._now = now
        self._loads: Mapping[str, OfficeLoad] | None = None

    def __getitem__(self, office: str) -> OfficeState:
        return self._state(self._offices[office])

    def __iter__(self) -> Iterator[str]:
        return iter(self._offices)

    def __len__(self) -> int:
        return len(self._offices)

    def _state(self, office: Office) -> OfficeState:
        if self._loads is None:
            phones = sorted({o.phone for o in self._offices.values() if o.phone})
            self._loads = self._unit.offices.loads(
                phones, now=self._now, longest_seconds=self._settings.call_seconds
            )
        load = self._loads[office.phone] if office.phone else None
        return OfficeState(
            open=is_open(office.zone, self._now, recess=self._recess),
            resting=load is not None and load.resting_until is not None,
            free=load is None or self._is_free(load),
            free_in=None if load is None else self._free_in(load),
        )

    def _is_free(self, load: OfficeLoad) -> bool:
        settings = self._settings
        return (
            not load.dead
            and load.at_once < settings.office_max_calls
            and load.last_minute < settings.office_calls_per_minute
        )

    def _free_in(self, load: OfficeLoad) -> int | None:
        """Return when the starts of the last minute let another in; a conversation's end is open.

        Nobody knows how long a conversation takes, and a dead number waits for a person.
        """
        settings = self._settings
        full = load.at_once >= settings.office_max_calls
        if load.dead or full or load.last_minute < settings.office_calls_per_minute:
            return None
        if load.oldest_start is None:
            return None
        return max(1, 60 - int((self._now - load.oldest_start).total_seconds()))


def look_up(ctx: Context, zip_text: str | None, now: datetime) -> tuple[Place | None, str | None]:
    """Return the place of a ZIP, or the sentence that says why there is none."""
    if zip_text is None:
        return None, None
    try:
        return ctx.directory.lookup(zip_text, on=now.date()), None
    except RefusedError as refusal:
        return None, refusal.sentence


def named_members(ctx: Context, campaign: Campaign, now: datetime) -> Mapping[str, Member]:
    """Return the members in office that the campaign's own rows name."""
    found = {}
    for row in campaign.local:
        if row.bioguide is not None:
            member = ctx.directory.member(row.bioguide, on=now.date())
            if member is not None:
                found[row.bioguide] = member
    return found


def place_world(ctx: Context, campaign: Campaign, place: Place | None, now: datetime) -> World:
    """Return the world a new call begins in."""
    members = named_members(ctx, campaign, now)
    return World(now=now, place=place, members=members, chance=ctx.chance())


def event_world(
    ctx: Context,
    unit: Unit,
    *,
    call: Call,
    event: Event,
    campaign: Campaign,
    now: datetime,
    reach: Reach | None = None,
) -> World:
    """Return what the flow may want to know with an event of a call."""
    place, error = look_up(ctx, wanted_zip(call, event), now)
    # Targets that this very event settles are judged by their hours alone; the reservation
    # judges their load before anything is dialled.
    offices: Mapping[str, OfficeState] = OfficeStates(unit, ctx.settings, call, campaign, now)
    if not call.targets:
        offices = _by_hours(ctx, campaign, place, now)
    return World(
        now=now,
        place=place,
        place_error=error,
        offices=offices,
        members={} if call.targets else named_members(ctx, campaign, now),
        chance=ctx.chance(),
        reach=reach,
        recess=campaign.recess,
    )


def _by_hours(
    ctx: Context, campaign: Campaign, place: Place | None, now: datetime
) -> Mapping[str, OfficeState]:
    members = (*place.senators, *place.representatives) if place else ()
    offices = [
        o for m in (*members, *named_members(ctx, campaign, now).values()) for o in m.offices
    ]
    offices += [office for row in campaign.local for office in row.offices]
    return {
        office.id: OfficeState(open=is_open(office.zone, now, recess=campaign.recess))
        for office in offices
    }
