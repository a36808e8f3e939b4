"""A campaign as a value, in each of its languages; knows no document format and no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from callbridge.domain.congress import Chamber, Office
from callbridge.domain.survey import Survey


class Branch(StrEnum):
    """The staffer's response that a reply in the script answers; spoken on keys 2, 3 and 4."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    UNSURE = "unsure"


BRANCH_KEYS: Mapping[str, Branch] = {
    "2": Branch.SUPPORT,
    "3": Branch.OPPOSE,
    "4": Branch.UNSURE,
}


class CallerId(StrEnum):
    """Which number the office sees."""

    CAMPAIGN = "campaign"
    SUPPORTER = "supporter"


class Pick(StrEnum):
    """What a place in the calling order stands for."""

    SENATE = "senate"
    HOUSE = "house"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What the supporter says, as plain spoken text with placeholders; empty where absent."""

    opening: str
    talking_points: str
    replies: Mapping[Branch, str] = field(default_factory=dict)
    voicemail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page's picture: file name in the revision, words for who cannot see it, credit."""

    file: str
    alt: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Everything a campaign says in one language.

    `purpose` completes "You asked us to connect you with …" ("your senators about the Attorney
    General"); `summary` is two lines for lists and share cards; `page_html` is sanitized, as are
    the values of `script_html` (keys: opening, talking_points, support, oppose, unsure,
    voicemail). `prompts` override the defaults of `domain.prompts` by name; `audio` maps a
    prompt's name to a recorded file in the revision.
    """

    language: str
    title: str
    summary: str
    purpose: str
    page_html: str
    script: Script
    script_html: Mapping[str, str]
    survey: Survey
    prompts: Mapping[str, str] = field(default_factory=dict)
    audio: Mapping[str, str] = field(default_factory=dict)
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a campaign's own hours let calls start: weekdays 0 (Monday) to 6, local minutes.

    `zone` None means the supporter's own zone.
    """

    days: frozenset[int]
    opens: int
    closes: int
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTarget:
    """A row of targets.csv: an office outside the directory, or a member of it (`bioguide`)."""

    id: str
    name: str
    title: str
    pronoun: str = "they"
    bioguide: str | None = None
    offices: tuple[Office, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One revision of a campaign.

    `order` says whom to call and in what order; `most` bounds the targets of one call. Of the
    local targets the first `local_always` are always called, then `local_random` of the rest by
    chance (None: all). `seconds` bounds one bridge. `languages` holds a Wording each; `language`
    is the default. `recess` lists days on which offices are closed. `public_counter`: everybody may
    see how many calls reached an office. `shift`: supporters may stay on the line for these
    campaigns too, one after another; None: this campaign offers no shifts.
    """

    slug: str
    language: str
    languages: Mapping[str, Wording]
    order: tuple[Pick, ...]
    organization: str | None = None
    organization_phone: str | None = None
    number: str | None = None
    caller_id: CallerId = CallerId.CAMPAIGN
    most: int = 5
    local: tuple[LocalTarget, ...] = ()
    local_always: int = 0
    local_random: int | None = None
    seconds: int = 900
    hours: Hours | None = None
    calls_per_minute: int | None = None
    calls_per_number_day: int | None = None
    recess: tuple[date, ...] = ()
    public_counter: bool = False
    shift: tuple[str, ...] | None = None

    def wording(self, language: str | None = None) -> Wording:
        """Return the wording in `language`, or in the campaign's own where it has none."""
        return self.languages.get(language or self.language) or self.languages[self.language]

    @property
    def chambers(self) -> frozenset[Chamber]:
        """Return the chambers this campaign calls."""
        return frozenset(Chamber(pick.value) for pick in self.order if pick is not Pick.LOCAL)
