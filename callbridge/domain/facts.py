"""What a call leaves behind, as values: reports are made of these only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from callbridge.domain.call import Ending, Outcome, Stage, Target
from callbridge.domain.survey import Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReached:
    """The conversation entered a stage."""

    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented:
    """The supporter pressed 1 at the greeting: evidence of consent from that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChosen:
    """A call-in on a shared number chose this campaign."""

    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsSettled:
    """The ZIP is settled and these are called, in this order."""

    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegStarted:
    """An office is to be dialled; the service reserves it in the same transaction."""

    leg: int
    target: str
    office: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegWithdrawn:
    """The leg just started was refused by our caps and was never dialled."""

    leg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded:
    """An office leg is over, as the carrier saw it."""

    leg: int
    outcome: Outcome
    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven:
    """One reply; an earlier one to the same question of the same leg is superseded."""

    leg: int
    question: str
    meaning: Meaning
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWithdrawn:
    """The standing answer to this question no longer follows from the others: superseded."""

    leg: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeReportedFullOrDead:
    """The number just dialled was reported full or wrong, or failed: rest it for everybody."""

    office: str
    phone: str
    meaning: Meaning | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedOut:
    """The owner of the number asked never to be called again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutUndone:
    """The opt-out of a moment ago was a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingBackAsked:
    """Ring this supporter back after `after_seconds`."""

    after_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAsked:
    """Ring this supporter at this instant; `opening`: because offices open then."""

    at: datetime
    opening: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotMoved:
    """From now on the standing slot rings at this minute of these weekdays (0 is Monday)."""

    days: tuple[int, ...]
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotStopped:
    """The standing slot rings no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSkipped:
    """The supporter skipped a target."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """The call is over."""

    ending: Ending


Fact = (
    StageReached
    | Consented
    | CampaignChosen
    | TargetsSettled
    | LegStarted
    | LegWithdrawn
    | LegEnded
    | AnswerGiven
    | AnswerWithdrawn
    | OfficeReportedFullOrDead
    | OptedOut
    | OptOutUndone
    | RingBackAsked
    | RingAsked
    | SlotMoved
    | SlotStopped
    | TargetSkipped
    | CallEnded
)
