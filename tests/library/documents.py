"""A small good campaign, and ways to spoil it one file at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from callbridge.domain.problem import Problem, Severity
from callbridge.library.reading import check

SHIPPED = Path(__file__).parents[2] / "campaigns"

TOML = """\
title = "Save the river"
summary = "The river is low. Ask for water."
purpose = "Congress about the river"
"""
PAGE = "The river is low.\n"
SCRIPT = "## Talking points\n\nPlease save the river, {member}.\n"
GOOD: Mapping[str, bytes] = {
    "campaign.toml": TOML.encode(),
    "page.md": PAGE.encode(),
    "script.md": SCRIPT.encode(),
}
QUESTIONS = """
[[question]]
id = "happened"
words = "How was it?"
options = [
  { key = 1, words = "We talked", meaning = "spoke", then = "position" },
  { key = 2, words = "A mailbox", meaning = "voicemail" },
]

[[question]]
id = "position"
words = "What does {member} think?"
options = [
  { key = 2, words = "For it", meaning = "supports" },
  { key = 3, words = "Against it", meaning = "opposes" },
]
"""


def files(**changed: str | bytes | None) -> dict[str, bytes]:
    """Return the good campaign with some files changed (`None`: taken away).

    In the names `__` stands for a slash and the first `_` for the dot: `es__page_md`.
    """
    found = dict(GOOD)
    for name, content in changed.items():
        path = name.replace("__", "/").replace("_", ".", 1)
        if content is None:
            found.pop(path, None)
        else:
            found[path] = content.encode() if isinstance(content, str) else content
    return found


def problems(**changed: str | bytes | None) -> list[Problem]:
    """Check the good campaign with some files changed."""
    return list(check("river", files(**changed)))


def errors(**changed: str | bytes | None) -> list[str]:
    """Return what is wrong, each as one line of text."""
    return [str(p) for p in problems(**changed) if p.severity is Severity.ERROR]


def advice(**changed: str | bytes | None) -> list[str]:
    """Return what could be better, each as one line of text."""
    return [str(p) for p in problems(**changed) if p.severity is Severity.ADVICE]


def in_toml(*lines: str) -> list[str]:
    """Return the errors of the good campaign with lines added to its campaign.toml."""
    return errors(campaign_toml=TOML + "\n".join(lines) + "\n")
