"""Publishes campaigns as immutable revisions, pauses, resumes and ends them; writes no document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from callbridge.domain.records import CampaignRecord, CampaignState
from callbridge.errors import NotFoundError
from callbridge.service.context import Context
from callbridge.service.views import PublishedCampaign


def publish(ctx: Context, slug: str, files: Mapping[str, bytes]) -> PublishedCampaign:
    """Make documents the campaign's current revision; a paused campaign stays paused.

    The same files are the same revision. Raises CampaignProblemsError with every problem.
    """
    campaign = ctx.shelf.read(slug, files)
    digest = digest_of(slug, files)
    with ctx.store.writing() as unit:
        before = unit.campaigns.get(slug)
        if before is not None and before.digest == digest and before.number == campaign.number:
            return ctx.shelf.published(unit, before)
        record = CampaignRecord(
            slug=slug,
            digest=digest,
            state=before.state if before else CampaignState.LIVE,
            number=campaign.number,
            published=ctx.clock.now(),
        )
        unit.campaigns.publish(record, files)
        return ctx.shelf.published(unit, record)


def digest_of(slug: str, files: Mapping[str, bytes]) -> str:
    """Return the content digest of a campaign: its slug, then names and bodies by name."""
    digest = hashlib.sha256(f"{slug}:".encode())
    for name, body in sorted(files.items()):
        digest.update(f"{len(name.encode())}:{name}:{len(body)}:".encode())
        digest.update(body)
    return digest.hexdigest()


def pause(ctx: Context, slug: str) -> None:
    """Let no call of a campaign start, by any door."""
    _set(ctx, slug, CampaignState.PAUSED)


def resume(ctx: Context, slug: str) -> None:
    """Let calls start again."""
    _set(ctx, slug, CampaignState.LIVE)


def finish(ctx: Context, slug: str) -> None:
    """End a campaign; its results stay."""
    _set(ctx, slug, CampaignState.ENDED)


def export_files(ctx: Context, slug: str) -> Mapping[str, bytes]:
    """Return the current revision's files, as published."""
    with ctx.store.reading() as unit:
        record = unit.campaigns.get(slug)
        stored = unit.campaigns.files(record.digest) if record else None
    if stored is None:
        raise NotFoundError(f"There is no campaign called “{slug}”.")
    return stored.files


def _set(ctx: Context, slug: str, state: CampaignState) -> None:
    with ctx.store.writing() as unit:
        if not unit.campaigns.set_state(slug, state):
            raise NotFoundError(f"There is no campaign called “{slug}”.")
