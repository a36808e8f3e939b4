"""What the use cases hand to the edges: plain values to show, with no supporter's phone in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callbridge.domain.call import Asking, Door, Ending, Outcome, Stage
from callbridge.domain.campaign import Campaign
from callbridge.domain.instructions import Instruction
from callbridge.domain.records import CampaignState as CampaignState  # noqa: PLC0414 - the edges take it from here
from callbridge.domain.survey import Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCampaign:
    """A campaign as it is served: its current revision (`digest`) and state."""

    slug: str
    digest: str
    state: CampaignState
    campaign: Campaign
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """What a person asked for. `network` is their /24 or /56 as text, None from the command line.

    `consent_words` is the wording they agreed to, stored with the time; `text_words` that of the
    box by which they agreed to one text message, "" when it was not ticked. With `shift` they stay
    on the line for the campaigns that this one names.
    """

    slug: str
    phone: str
    zip: str | None = None
    district: str | None = None
    language: str | None = None
    referral: str | None = None
    consent: bool = False
    consent_words: str = ""
    text_words: str = ""
    network: str | None = None
    door: Door = Door.API
    shift: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetName:
    """A target settled so far; the rest fills the script on the page (`Target`'s own values)."""

    target: str
    name: str
    last_name: str = ""
    title: str = ""
    pronoun: str = "they"
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedCall:
    """A call that exists: `call` is its public id. `wait_seconds` is 0 when it rings now."""

    call: str
    campaign: str
    from_: str
    targets: Sequence[TargetName]
    needs_district: bool
    wait_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """One answer of the history."""

    question: str
    meaning: Meaning
    source: str
    superseded: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LegView:
    """One office dialled. `phone` is the office's, E.164; `answered`: somebody there picked up."""

    leg: int
    target: str
    name: str
    office: str
    city: str
    phone: str
    answered: bool
    outcome: Outcome | None
    reported: Meaning | None
    seconds: int | None
    started: datetime
    answers: Sequence[AnswerView] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """A call as its page and the API show it.

    `asking`, `target` (index) and `targets` let the page be a teleprompter; `leg_in_progress` is
    the number of the office leg on the line, None otherwise. In a shift `turn` is the title of
    the campaign that comes next, `went_on` the call with which the same line went on.
    """

    call: str
    campaign: str
    digest: str
    language: str
    stage: Stage
    asking: Asking
    ending: Ending | None
    targets: Sequence[TargetName]
    target: int
    legs: Sequence[LegView]
    leg_in_progress: int | None
    needs_district: bool
    wait_seconds: int
    created: datetime
    answered: datetime | None
    ended: datetime | None
    door: Door
    turn: str | None = None
    went_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What to tell the carrier now: rendered with the call's own `token` and `step`."""

    instructions: Sequence[Instruction]
    token: str
    step: int
