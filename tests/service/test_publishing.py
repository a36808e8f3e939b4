"""A revision never changes; what serves a call is the revision it began with."""

from __future__ import annotations

import pytest

from callbridge.domain.records import CampaignState
from callbridge.errors import NotFoundError
from callbridge.service import publishing, reading
from tests.service.setting import Service, campaign_of, documents


def test_the_same_documents_are_the_same_revision(service: Service) -> None:
    files = documents(campaign_of())
    first = reading.campaign(service.ctx, "water")
    again = publishing.publish(service.ctx, "water", files)
    assert again.digest == first.digest and again.published == first.published
    assert publishing.export_files(service.ctx, "water") == files


def test_the_same_documents_under_two_names_are_two_campaigns(service: Service) -> None:
    service.publish("fire")
    found = reading.campaigns(service.ctx)
    assert [one.slug for one in found] == ["fire", "water"]
    assert len({one.digest for one in found}) == 2


def test_a_call_keeps_the_revision_it_began_with(service: Service) -> None:
    started = service.start()
    before = reading.campaign(service.ctx, "water").digest
    service.publish(most=1)
    now = reading.campaign(service.ctx, "water")
    assert now.digest != before and now.campaign.most == 1
    assert reading.call_view(service.ctx, started.call).digest == before
    phone = service.phone()
    phone.answer()
    service.publish(most=5)
    assert reading.campaign(service.ctx, "water").digest == before


def test_publishing_does_not_resume_what_is_paused(service: Service) -> None:
    publishing.pause(service.ctx, "water")
    service.publish(most=1)
    assert reading.campaign(service.ctx, "water").state is CampaignState.PAUSED
    publishing.finish(service.ctx, "water")
    assert reading.campaign(service.ctx, "water").state is CampaignState.ENDED


def test_a_picture_is_found_by_name_and_by_digest(service: Service) -> None:
    digest = reading.campaign(service.ctx, "water").digest
    for key in ("water", digest):
        assert reading.media(service.ctx, key, "water.jpg").endswith(b"picture")
    for key, name in (("water", "other.jpg"), ("x" * 64, "water.jpg"), ("wa\0ter", "a\0")):
        with pytest.raises(NotFoundError):
            reading.media(service.ctx, key, name)


def test_what_is_not_there_is_not_found(service: Service) -> None:
    for name in ("fire", "wa\0ter"):
        with pytest.raises(NotFoundError):
            reading.campaign(service.ctx, name)
        with pytest.raises(NotFoundError):
            publishing.pause(service.ctx, name)
        with pytest.raises(NotFoundError):
            publishing.export_files(service.ctx, name)
    with pytest.raises(NotFoundError):
        reading.call_view(service.ctx, "0" * 32)
