"""What a campaign's page shows: words, picture, script, share links; reads nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import request, url_for
from markupsafe import Markup, escape

from callbridge.domain.campaign import Campaign, Wording
from callbridge.domain.prompts import fill
from callbridge.service.views import PublishedCampaign
from callbridge.settings import Settings
from callbridge.web.consent import organization
from callbridge.web.dress import trusted
from callbridge.web.languages import current
from callbridge.web.wire import referral
from callbridge.web.words import gettext as _

SCRIPT_PARTS = ("opening", "talking_points", "support", "oppose", "unsure", "voicemail")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLink:
    """One way to pass a campaign on."""

    href: str
    words: str


def asks_zip(campaign: Campaign) -> bool:
    """Tell whether a ZIP decides who is called."""
    return bool(campaign.chambers)


def script_of(wording: Wording, values: Mapping[str, str]) -> dict[str, Markup]:
    """Return the script's parts as HTML with the placeholders filled in, escaped."""
    safe = {name: str(escape(value)) for name, value in values.items()}
    return {part: trusted(fill(wording.script_html.get(part, ""), safe)) for part in SCRIPT_PARTS}


def nobody_yet(settings: Settings, campaign: Campaign) -> dict[str, str]:
    """Return what the placeholders say before it is known who is called."""
    return {
        "member": _("the member of Congress"),
        "title": "",
        "pronoun": _("they"),
        "state": _("our state"),
        "time_of_day": _("day"),
        "organization": organization(settings, campaign),
    }


def picture_of(published: PublishedCampaign, wording: Wording) -> dict[str, str] | None:
    """Return the page's picture, None when it has none."""
    if wording.picture is None:
        return None
    address = url_for("media.file", digest=published.digest, name=wording.picture.file)
    return {"address": address, "alt": wording.picture.alt, "credit": wording.picture.credit}


def share_of(settings: Settings, slug: str, wording: Wording) -> dict[str, Any]:
    """Return the campaign's address, links that pass it on, and the lines for other sites."""
    address = settings.public_url + url_for("pages.campaign", slug=slug, lang=None)
    frame = settings.public_url + url_for("embed.campaign", slug=slug, lang=None)
    words = f"{wording.title} {address}"
    snippet = (
        f'<iframe src="{frame}" title="{escape(wording.title)}"\n'
        '        width="100%" height="620" loading="lazy"></iframe>'
    )
    return {
        "address": address,
        "snippet": snippet,
        "links": (
            ShareLink(href=f"sms:?&body={quote(words)}", words=_("Text message")),
            ShareLink(
                href="mailto:?"
                + urlencode({"subject": wording.title, "body": words}, quote_via=quote),
                words=_("Email"),
            ),
            ShareLink(href=f"https://wa.me/?{urlencode({'text': words})}", words="WhatsApp"),
            ShareLink(
                href=f"https://bsky.app/intent/compose?{urlencode({'text': words})}",
                words="Bluesky",
            ),
            ShareLink(
                href=f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': address})}",
                words="Facebook",
            ),
        ),
    }


def dressed(settings: Settings, published: PublishedCampaign) -> dict[str, Any]:
    """Return what every page about a campaign is rendered with."""
    campaign = published.campaign
    wording = campaign.wording(current())
    return {
        "slug": published.slug,
        "wording": wording,
        "organization": organization(settings, campaign),
        "organization_phone": campaign.organization_phone or settings.organization_phone,
        "asks_zip": asks_zip(campaign),
        "script": script_of(wording, nobody_yet(settings, campaign)),
        "page_html": trusted(wording.page_html),
        "picture": picture_of(published, wording),
        "share": share_of(settings, published.slug, wording),
        "public_url": settings.public_url,
        "address": settings.public_url + url_for("pages.campaign", slug=published.slug, lang=None),
        "language_asked": request.args.get("lang"),
        "referral": referral(),
    }
