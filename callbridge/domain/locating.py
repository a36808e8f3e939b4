"""What must still be asked before it is clear who represents a supporter; asks nobody itself."""

from __future__ import annotations

from callbridge.domain.call import Asking, Call, Choice
from callbridge.domain.campaign import Campaign, Pick
from callbridge.domain.congress import Chamber, Place
from callbridge.domain.states import state_name

MOST_CHOICES = 6


def open_question(campaign: Campaign, call: Call, place: Place) -> Asking:
    """Return what to ask next for this place: the home ZIP, the state, the district, or nothing.

    State before district: it settles 101 of the 109 ZIPs that cross a state line.
    """
    if not campaign.chambers:
        return Asking.NOTHING
    districts = candidate_districts(call, place)
    house = Chamber.HOUSE in campaign.chambers and not call.house_left_out
    several = len(place.states) > 1 or (house and len(districts) > 1)
    if place.estimated and several and not call.home_asked and call.district is None:
        return Asking.HOME_ZIP
    if len(place.states) > 1 and call.state is None and call.district is None:
        return Asking.STATE
    if house and len(districts) > 1:
        return Asking.DISTRICT
    return Asking.NOTHING


def candidate_districts(call: Call, place: Place) -> tuple[str, ...]:
    """Return the districts still possible, by the state or district already chosen."""
    return tuple(
        district
        for district in place.districts
        if (call.district is None or district == call.district)
        and (call.state is None or district.startswith(f"{call.state}-"))
    )


def state_menu(place: Place) -> tuple[Choice, ...]:
    """Return one line a state, keys from 1."""
    return tuple(
        Choice(key=str(key), value=code, words=state_name(code))
        for key, code in enumerate(place.states[:MOST_CHOICES], start=1)
    )


def district_menu(call: Call, place: Place) -> tuple[Choice, ...]:
    """Return one line a district, keys from 1: by the member's name, a vacant one by its number.

    A vacant seat's words are its number alone; a member's end in a name.
    """
    members = {member.district: member for member in place.representatives}
    menu = []
    districts = candidate_districts(call, place)[:MOST_CHOICES]
    for key, district in enumerate(districts, start=1):
        member = members.get(district)
        words = f"{member.title} {member.last_name}" if member else district.rpartition("-")[2]
        menu.append(Choice(key=str(key), value=district, words=words))
    return tuple(menu)


def wants_house(campaign: Campaign) -> bool:
    """Tell whether the campaign calls representatives."""
    return Pick.HOUSE in campaign.order


def wants_senate(campaign: Campaign) -> bool:
    """Tell whether the campaign calls senators."""
    return Pick.SENATE in campaign.order


def needs_zip(campaign: Campaign) -> bool:
    """Tell whether the campaign calls anybody in Congress by ZIP at all."""
    return bool(campaign.chambers)
