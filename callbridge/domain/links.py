"""The two links that a supporter gets after a call, as kept: hashes only; knows no secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LinkKind(StrEnum):
    """A call's survey, used up by its first answer; or a supporter's own page, until erased."""

    SURVEY = "survey"
    OWN_PAGE = "own-page"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecord:
    """A link by the hash of its secret.

    `call` is there on a survey's. `sealed` is there on an own page's until it is erased: what it
    lists, which nobody can read without the secret. `closed` is when it was used up or erased.
    """

    hash: str
    kind: LinkKind
    made: datetime
    call: str | None = None
    sealed: str | None = None
    closed: datetime | None = None
