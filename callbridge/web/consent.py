"""The wording a supporter agrees to before their phone rings; stored with the call as it stood."""

from __future__ import annotations

from flask_babel import force_locale

from callbridge.domain.campaign import Campaign
from callbridge.settings import Settings
from callbridge.web.languages import LANGUAGES
from callbridge.web.words import gettext as _


def organization(settings: Settings, campaign: Campaign) -> str:
    """Return who is calling."""
    return campaign.organization or settings.organization


def text_words(settings: Settings, campaign: Campaign, language: str | None = None) -> str:
    """Return the wording beside the box for one text message, "" where none can be sent."""
    if not settings.sends_texts:
        return ""
    with force_locale(language if language in LANGUAGES else "en"):
        return _(
            "Also text me one message from %(organization)s after the call, with links to tell "
            "how it went and to my own page. Message rates may apply. Reply STOP for no more.",
            organization=organization(settings, campaign),
        )


def consent_words(settings: Settings, campaign: Campaign, language: str | None = None) -> str:
    """Return the wording in `language`, as it stands beside the box that is ticked."""
    with force_locale(language if language in LANGUAGES else "en"):
        return _(
            "Ring this number now, or when I choose. An automated voice of %(organization)s "
            "may read me the script and connect me.",
            organization=organization(settings, campaign),
        )
