"""A place as the JSON that programs read (`lookup --json`, `/api/v1/lookup`); knows no lookup."""

from __future__ import annotations

from typing import Any

from callbridge.domain.congress import Member, Office, Place


def place_document(place: Place) -> dict[str, Any]:
    """Return a place as JSON; `reason` is there only when nobody is listed."""
    document: dict[str, Any] = {
        "zip": place.zip,
        "state": place.state,
        "states": list(place.states),
        "kind": place.kind.value,
        "districts": list(place.districts),
        "split": place.split,
        "estimated": place.estimated,
        "senators": [member_document(member) for member in place.senators],
        "representatives": [member_document(member) for member in place.representatives],
        "vacant": list(place.vacant),
        "as_of": place.as_of.isoformat(),
    }
    if place.reason is not None:
        document["reason"] = place.reason
    return document


def member_document(member: Member) -> dict[str, Any]:
    """Return a member as JSON; `phone` is E.164 or null, `district` null for a senator."""
    return {
        "bioguide": member.bioguide,
        "name": member.name,
        "chamber": member.chamber.value,
        "state": member.state,
        "district": member.district,
        "party": member.party,
        "phone": member.phone,
        "offices": [_office(office) for office in member.offices],
    }


def _office(office: Office) -> dict[str, Any]:
    return {
        "id": office.id,
        "city": office.city,
        "phone": office.phone,
        "hours": office.hours,
        "lat": office.lat,
        "lon": office.lon,
    }
