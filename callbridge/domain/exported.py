"""Calls, legs, answers, offices and revisions as analysts take them away; knows no file format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from callbridge.domain.congress import Chamber


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFact:
    """One call. `supporter` is the keyed hash, or the call's id once that is erased.

    `placed`: the carrier took the order. `key_pressed`: the supporter pressed 1 at the greeting.
    """

    call: str
    revision: str
    supporter: str
    door: str
    stage: str
    ending: str | None
    language: str
    referral: str | None
    districts: str | None
    legs: int
    placed: bool
    key_pressed: bool
    created: datetime
    answered: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFact:
    """One office leg: `outcome` and `seconds` as the carrier saw them."""

    call: str
    leg: int
    target: str
    name: str
    office: str
    city: str
    phone: str
    outcome: str | None
    seconds: int | None
    started: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFact:
    """One answer of the history; `replaced_by` is the id of the answer that took its place."""

    id: int
    call: str
    leg: int
    target: str
    name: str
    office: str
    supporter: str
    question: str
    meaning: str
    source: str
    superseded: bool
    replaced_by: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFact:
    """One number dialled for one office, with how often and when."""

    office: str
    phone: str
    city: str
    target: str
    name: str
    legs: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionFact:
    """One revision of a campaign and the calls that began with it."""

    revision: str
    published: datetime
    current: bool
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many rows of each kind a scope holds."""

    calls: int
    legs: int
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Who is behind a target; what is not known is empty."""

    target: str
    name: str
    chamber: Chamber | None = None
    party: str = ""
    state: str = ""
    district: str | None = None
