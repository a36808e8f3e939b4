"""What the doctor says of one thing; looks at nothing itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the doctor: what was looked at, whether it is well, and what to do if not."""

    subject: str
    well: bool
    sentence: str
    advice: str = ""
