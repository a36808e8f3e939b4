"""Facts as rows of the codebook's tables: pseudonyms and local times; reads and writes nothing."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from callbridge.domain.campaign import Campaign
from callbridge.domain.exported import AnswerFact, CallFact, LegFact, OfficeFact, RevisionFact
from callbridge.service.scoping import WASHINGTON, Dialled

Cell = str | int | bool | datetime | None
Row = Mapping[str, Cell]


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(moment: datetime | None, zone: str) -> str | None:
    """Return a moment in a zone as ISO 8601 with its offset, to the second."""
    return None if moment is None else moment.astimezone(_zone(zone)).isoformat(timespec="seconds")


class Rows:
    """Makes the rows of one export; without a `key` the pseudonyms' is thrown away with it."""

    def __init__(self, slug: str, known: Dialled, *, key: bytes | None = None) -> None:
        self._slug, self._known = slug, known
        self._keyed = hmac.new(key or secrets.token_bytes(32), digestmod=hashlib.sha256)

    def pseudonym(self, supporter: str) -> str:
        """Return 16 signs that stand for a supporter within this export."""
        keyed = self._keyed.copy()
        keyed.update(supporter.encode())
        return keyed.hexdigest()[:16]

    def answer(self, fact: AnswerFact) -> Row:
        """Return a row of `answers`."""
        zone = self._known.zone(fact.office)
        return {
            "call": fact.call,
            "campaign": self._slug,
            "target": fact.target,
            "supporter": self.pseudonym(fact.supporter),
            "question": fact.question,
            "meaning": fact.meaning,
            "source": fact.source,
            "superseded": fact.superseded,
            "at": fact.at,
            "at_local": local(fact.at, zone),
            "zone": zone,
            "answer": fact.id,
            "leg": fact.leg,
            "replaced_by": fact.replaced_by,
            "name": fact.name,
            "office": fact.office,
        }

    def call(self, fact: CallFact) -> Row:
        """Return a row of `calls`."""
        return {
            "call": fact.call,
            "campaign": self._slug,
            "revision": fact.revision,
            "supporter": self.pseudonym(fact.supporter),
            "door": fact.door,
            "stage": fact.stage,
            "ending": fact.ending,
            "language": fact.language,
            "referral": fact.referral,
            "districts": fact.districts,
            "legs": fact.legs,
            "placed": fact.placed,
            "key_pressed": fact.key_pressed,
            "created": fact.created,
            "created_local": local(fact.created, WASHINGTON),
            "answered": fact.answered,
            "answered_local": local(fact.answered, WASHINGTON),
            "ended": fact.ended,
            "ended_local": local(fact.ended, WASHINGTON),
            "zone": WASHINGTON,
        }

    def leg(self, fact: LegFact) -> Row:
        """Return a row of `legs`."""
        zone = self._known.zone(fact.office)
        return {
            "call": fact.call,
            "campaign": self._slug,
            "leg": fact.leg,
            "target": fact.target,
            "name": fact.name,
            "office": fact.office,
            "city": fact.city,
            "phone": fact.phone,
            "outcome": fact.outcome,
            "seconds": fact.seconds,
            "started": fact.started,
            "started_local": local(fact.started, zone),
            "ended": fact.ended,
            "ended_local": local(fact.ended, zone),
            "zone": zone,
        }

    def office(self, fact: OfficeFact) -> Row:
        """Return a row of `offices`."""
        whose, zone = self._known.member(fact.target), self._known.zone(fact.office)
        return {
            "office": fact.office,
            "phone": fact.phone,
            "target": fact.target,
            "campaign": self._slug,
            "city": fact.city,
            "name": fact.name,
            "chamber": whose.chamber.value if whose.chamber else None,
            "party": whose.party or None,
            "state": whose.state or None,
            "district": whose.district,
            "legs": fact.legs,
            "first_started": fact.first,
            "first_started_local": local(fact.first, zone),
            "last_started": fact.last,
            "last_started_local": local(fact.last, zone),
            "zone": zone,
        }

    def revision(self, fact: RevisionFact, campaign: Campaign) -> Row:
        """Return a row of `revisions`."""
        return {
            "revision": fact.revision,
            "campaign": self._slug,
            "published": fact.published,
            "published_local": local(fact.published, WASHINGTON),
            "current": fact.current,
            "title": campaign.wording(None).title,
            "languages": ",".join(sorted(campaign.languages)),
            "calls": fact.calls,
            "zone": WASHINGTON,
        }
