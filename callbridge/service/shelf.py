"""Campaigns by their revision's digest, read once a process; a digest never changes meaning."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from callbridge.domain.campaign import Campaign
from callbridge.domain.records import CampaignRecord
from callbridge.errors import NotFoundError
from callbridge.service.ports import CampaignReader
from callbridge.service.storage import Unit
from callbridge.service.views import PublishedCampaign

MOST = 256


class Shelf:
    """Holds the campaigns read last; safe to share between threads."""

    def __init__(self, reader: CampaignReader) -> None:
        self._reader = reader
        self._lock = Lock()
        self._reading = Lock()
        self._read: OrderedDict[str, Campaign] = OrderedDict()

    def campaign(self, unit: Unit, digest: str) -> Campaign:
        """Return the campaign of a revision; raises NotFoundError when there is none."""
        found = self._at_hand(digest)
        if found is not None:
            return found
        # Many hooks want it at once when a process starts: one reads, the others wait for it.
        with self._reading:
            return self._at_hand(digest) or self._fetch(unit, digest)

    def _at_hand(self, digest: str) -> Campaign | None:
        with self._lock:
            found = self._read.get(digest)
            if found is not None:
                self._read.move_to_end(digest)
            return found

    def _fetch(self, unit: Unit, digest: str) -> Campaign:
        stored = unit.campaigns.files(digest)
        if stored is None:
            raise NotFoundError("There is no such revision of a campaign.")
        campaign = self._reader.read(stored.slug, stored.files)
        with self._lock:
            self._read[digest] = campaign
            while len(self._read) > MOST:
                self._read.popitem(last=False)
        return campaign

    def published(self, unit: Unit, record: CampaignRecord) -> PublishedCampaign:
        """Return a campaign with its current revision."""
        return PublishedCampaign(
            slug=record.slug,
            digest=record.digest,
            state=record.state,
            campaign=self.campaign(unit, record.digest),
            published=record.published,
        )

    def find(self, unit: Unit, slug: str) -> PublishedCampaign:
        """Return a campaign by its slug; raises NotFoundError."""
        record = unit.campaigns.get(slug)
        if record is None:
            raise NotFoundError(f"There is no campaign called “{slug}”.")
        return self.published(unit, record)

    def read(self, slug: str, files: Mapping[str, bytes]) -> Campaign:
        """Read documents that are not published; raises CampaignProblemsError."""
        return self._reader.read(slug, files)
