"""The JSON of the API as models: what is accepted (strictly) and what is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

StageName = Literal[
    "placing",
    "greeting",
    "locating",
    "briefing",
    "bridging",
    "surveying",
    "offering",
    "ended",
]
OutcomeName = Literal["connected", "busy", "no-answer", "failed"]
ReportedName = Literal["spoke", "voicemail", "mailbox-full", "nobody", "wrong-number"]
MeaningName = Literal[
    "spoke",
    "voicemail",
    "mailbox-full",
    "nobody",
    "wrong-number",
    "supports",
    "leans-supports",
    "undecided",
    "leans-opposes",
    "opposes",
    "would-not-say",
]


class Body(BaseModel):
    """Base: types are not guessed, unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewCall(Body):
    """Ask for a call. The supporter must have seen and agreed to the consent wording.

    With `shift` they stay on the line for the other campaigns that this one names.
    """

    phone: Annotated[str, Field(min_length=1, max_length=40, examples=["(202) 555-0123"])]
    zip: Annotated[str | None, Field(max_length=20, examples=["05401"])] = None
    district: Annotated[str | None, Field(max_length=10, examples=["CA-12"])] = None
    language: Annotated[str | None, Field(max_length=10, examples=["en"])] = None
    referral: Annotated[str | None, Field(max_length=200)] = None
    consent: bool
    shift: bool = False


class Links(Body):
    """Where the call can be followed: by a program, and by a person."""

    self: str
    page: str


class TargetBody(Body):
    """Somebody to be called: `target` is the bioguide or the campaign's own id."""

    target: str
    name: str


class StartedBody(Body):
    """A call that exists; `wait_seconds` is 0 when it rings now."""

    call: str
    links: Links
    from_: Annotated[str, Field(alias="from")]
    targets: list[TargetBody]
    needs_district: bool
    wait_seconds: int


class AnswerBody(Body):
    """One answer of the history; `superseded` when a later one took its place."""

    question: str
    meaning: MeaningName
    source: str
    superseded: bool


class LegBody(Body):
    """One office dialled: `outcome` as the carrier saw it, `reported` as the supporter said."""

    target: str
    office: str
    phone: str
    outcome: OutcomeName | None
    reported: ReportedName | None
    seconds: int | None
    answers: list[AnswerBody]


class CallBody(Body):
    """Where a call stands."""

    call: str
    campaign: str
    stage: StageName
    legs: list[LegBody]


class CounterBody(Body):
    """Calls that reached an office; both numbers null while there are fewer than `least` calls.

    `counted` is when that was counted, `age` the seconds since.
    """

    campaign: str
    calls: int | None
    members: int | None
    least: int
    counted: datetime
    age: int


class LookupQuery(Body):
    """A ZIP, or a ZIP+4."""

    zip: Annotated[str, Field(examples=["05401"])]


class OfficeBody(Body):
    """One desk phone of a member."""

    id: str
    city: str
    phone: str | None
    hours: str | None
    lat: float | None
    lon: float | None


class MemberBody(Body):
    """A member in office; Washington is the first of the offices."""

    bioguide: str
    name: str
    chamber: Literal["senate", "house"]
    state: str
    district: str | None
    party: str
    phone: str | None
    offices: list[OfficeBody]


class PlaceBody(Body):
    """Who represents a ZIP."""

    zip: str
    state: str
    states: list[str]
    kind: Literal["area", "po-box", "organization", "military", "territory"]
    districts: list[str]
    split: bool
    estimated: bool
    senators: list[MemberBody]
    representatives: list[MemberBody]
    vacant: list[str]
    as_of: date


class Problem(BaseModel):
    """A problem (RFC 9457): `type` is a word for programs, `detail` a sentence for people."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
