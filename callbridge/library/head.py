"""The part of campaign.toml that has no language: whom to call, when, how often, from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from callbridge.domain.campaign import CallerId, Hours, Pick
from callbridge.library.hours import read_hours, read_recess, read_zone
from callbridge.library.phones import phone_of
from callbridge.library.table import Table

LANGUAGES = ("en", "es")
MOST_TARGETS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Settings of a campaign, with the defaults filled in. `talk_seconds` bounds one bridge."""

    language: str
    order: tuple[Pick, ...]
    most: int
    number: str | None
    caller_id: CallerId
    talk_seconds: int
    organization: str | None
    organization_phone: str | None
    hours: Hours | None
    recess: tuple[date, ...]
    calls_per_minute: int | None
    calls_per_number_day: int | None
    local_always: int
    local_random: int | None
    local_zone: str | None
    public_counter: bool
    shift: tuple[str, ...] | None


def read_head(table: Table) -> Head:
    """Read the settings; what is absent or wrong gets its default."""
    order = table.choices("order", tuple(pick.value for pick in Pick))
    organization = table.table("organization")
    limits = table.table("limits")
    local = table.table("local")
    minutes = table.whole("talk_minutes", low=1, high=60)
    head = Head(
        language=table.choice("language", LANGUAGES) or LANGUAGES[0],
        order=tuple(Pick(word) for word in order or (Pick.HOUSE, Pick.SENATE)),
        most=table.whole("most", low=1, high=MOST_TARGETS) or 5,
        number=_phone(table, "number"),
        caller_id=CallerId(
            table.choice("caller_id", tuple(shown.value for shown in CallerId)) or CallerId.CAMPAIGN
        ),
        talk_seconds=(minutes or 15) * 60,
        organization=organization.words("name", most=80) if organization else None,
        organization_phone=_phone(organization, "phone") if organization else None,
        hours=read_hours(table.table("hours")),
        recess=read_recess(table),
        calls_per_minute=limits.whole("calls_a_minute", low=1, high=10_000) if limits else None,
        calls_per_number_day=(
            limits.whole("calls_a_number_a_day", low=1, high=50) if limits else None
        ),
        local_always=(local.whole("always", low=0, high=MOST_TARGETS) or 0) if local else 0,
        local_random=local.whole("random", low=0, high=MOST_TARGETS) if local else None,
        public_counter=table.truth("public_counter"),
        shift=table.slugs("shift"),
        local_zone=read_zone(local, "zone") if local else None,
    )
    for inner in (organization, limits, local):
        if inner is not None:
            inner.finish()
    return head


def _phone(table: Table, key: str) -> str | None:
    value = table.raw(key)
    if value is None:
        return None
    return phone_of(
        value, file=table.file, line=table.line(key), name=repr(key), problems=table.problems
    )
