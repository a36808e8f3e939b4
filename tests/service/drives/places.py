"""Where made-up people of a drive live, and what hangs on the wall there; knows no directory.

The table is written by hand from what everybody can look up, so that it may judge the directory.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from callbridge.domain.zones import ANYWHERE, AREAS

EASTERN, CENTRAL = "America/New_York", "America/Chicago"
MOUNTAIN, PACIFIC = "America/Denver", "America/Los_Angeles"

# Every state with each of its zones, the District and the territories: a ZIP of theirs.
_EVERYWHERE = {
    EASTERN: """
        CT 06103  DE 19901  DC 20001  FL 33130  GA 30303  IN 46204  KY 40202  ME 04101  MD 21201
        MA 02139  MI 48226  NH 03301  NJ 08608  NY 10001  NC 27601  OH 43215  PA 19104  RI 02903
        SC 29201  TN 37402  VT 05401  VA 23219  WV 25301""",
    CENTRAL: """
        AL 36104  AR 72201  FL 32501  IL 60614  IN 46402  IA 50309  KS 66603  KY 42101  LA 70112
        MI 49801  MN 55401  MS 39201  MO 63101  NE 68102  ND 58102  OK 73102  SD 57104  TN 37203
        TX 77002  WI 53202""",
    MOUNTAIN: """
        AZ 86503  CO 80202  ID 83702  KS 67758  MT 59601  NE 69361  NM 87102  ND 58601  OR 97914
        NV 89883  SD 57701  TX 79901  UT 84101  WY 82001""",
    PACIFIC: "CA 94110  ID 83501  NV 89501  OR 97201  WA 98101",
    "America/Phoenix": "AZ 85004",
    "America/Anchorage": "AK 99501",
    "America/Adak": "AK 99546",
    "Pacific/Honolulu": "HI 96813",
    "America/Puerto_Rico": "PR 00901",
    "America/St_Thomas": "VI 00802",
    "Pacific/Guam": "GU 96910",
    "Pacific/Saipan": "MP 96950",
    "Pacific/Pago_Pago": "AS 96799",
}
PLACES = {
    zip_: (state, zone)
    for zone, text in _EVERYWHERE.items()
    for state, zip_ in zip(text.split()[::2], text.split()[1::2], strict=True)
}
"""The state and zone of each ZIP."""

# Of so many people one is in a list without a ZIP: only the area code says where they may be.
_WITHOUT = 10


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives; `told` False: the list does not say it."""

    phone: str
    zip: str
    told: bool

    @property
    def wall(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the states whose law holds and the zones that may hang on the wall."""
        if self.told:
            state, zone = PLACES[self.zip]
            return (state,), (zone,)
        area = AREAS.get(self.phone[2:5], ANYWHERE)
        return (area.state or "",), area.zones


def homes(chance: random.Random) -> Iterator[Home]:
    """Yield somebody for each of nobody's numbers: a hundred of every area code there could be.

    Every place has its turn, in an order that chance makes.
    """
    turns: list[str] = []
    for count, (last, area) in enumerate(itertools.product(range(100), range(200, 1000))):
        if not turns:
            turns = chance.sample(tuple(PLACES), len(PLACES))
        # Neighbours in the list are from codes that lie far apart.
        phone = f"+1{200 + (area * 397 + last) % 800}55501{last:02d}"
        yield Home(phone, turns.pop(), told=(count + 1) % _WITHOUT != 0)
