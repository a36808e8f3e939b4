"""The places that vote, by their postal letters; closed tables, no logic of lookup."""

from __future__ import annotations

DELEGATES = frozenset({"DC", "GU", "AS", "MP", "VI"})
COMMISSIONER = "PR"
WITHOUT_SENATORS = DELEGATES | {COMMISSIONER}

# Territories that have no rows in the areas' table: their ZIPs lead to one seat all the same.
TERRITORIES = frozenset({"GU", "AS", "MP", "VI"})

MILITARY = frozenset({"AA", "AE", "AP"})
MILITARY_CITIES = frozenset({"apo", "fpo", "dpo"})

# Nations in free association with the United States: United States ZIPs, no seat in Congress.
ASSOCIATED = {
    "FM": "the Federated States of Micronesia",
    "MH": "the Marshall Islands",
    "PW": "Palau",
}

# Federal Information Processing codes, as the Census Bureau writes states.
# fmt: off
BY_FIPS = {
    "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT",
    "10": "DE", "11": "DC", "12": "FL", "13": "GA", "15": "HI", "16": "ID", "17": "IL",
    "18": "IN", "19": "IA", "20": "KS", "21": "KY", "22": "LA", "23": "ME", "24": "MD",
    "25": "MA", "26": "MI", "27": "MN", "28": "MS", "29": "MO", "30": "MT", "31": "NE",
    "32": "NV", "33": "NH", "34": "NJ", "35": "NM", "36": "NY", "37": "NC", "38": "ND",
    "39": "OH", "40": "OK", "41": "OR", "42": "PA", "44": "RI", "45": "SC", "46": "SD",
    "47": "TN", "48": "TX", "49": "UT", "50": "VT", "51": "VA", "53": "WA", "54": "WV",
    "55": "WI", "56": "WY", "60": "AS", "66": "GU", "69": "MP", "72": "PR", "78": "VI",
}
# fmt: on
STATES = frozenset(BY_FIPS.values()) - WITHOUT_SENATORS


def title_of(*, senate: bool, state: str) -> str:
    """Return how a member is addressed."""
    if senate:
        return "Senator"
    if state == COMMISSIONER:
        return "Resident Commissioner"
    return "Delegate" if state in DELEGATES else "Representative"


def seat_order(seat: str) -> tuple[str, int]:
    """Sort seats by state, then by the number of the district ("OH-SEN" comes first)."""
    state, _, district = seat.partition("-")
    return state, int(district) if district.isdigit() else -1
