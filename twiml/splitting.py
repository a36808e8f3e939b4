"""Cuts a long text where a voice would breathe; loses no character of it."""

from __future__ import annotations

import re
from urllib.parse import quote

# Twilio also bounds the URL-encoded text (error 13521).
ENCODED_LIMIT = 4500
# A full stop after these does not end a sentence.
_ABBREVIATIONS = frozenset(
    {"mr", "mrs", "ms", "dr", "st", "sen", "rep", "gov", "gen", "hon", "jr", "sr", "sra", "dra"}
)
_SENTENCE = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+")
_CLAUSE = re.compile(r"[,;:–—]+\s+")
_WORD = re.compile(r"\s+")


def fits(text: str, *, limit: int) -> bool:
    """Tell whether one Say may hold `text`: `limit` characters, and 4500 once URL-encoded."""
    if len(text) > limit:
        return False
    # One character is at most twelve encoded ones, so a short text needs no counting.
    return len(text) * 12 <= ENCODED_LIMIT or len(_quoted(text)) <= ENCODED_LIMIT


def split_text(text: str, *, limit: int) -> tuple[str, ...]:
    """Cut `text` into pieces that fit, after sentences, else clauses, else words, else anywhere.

    The pieces put together are the text again, to the last space. Raises ValueError for a limit
    under 1.
    """
    if limit < 1:
        raise ValueError("a piece needs room for one character")
    pieces = []
    rest = text
    while not fits(rest, limit=limit):
        end = _cut(rest[: _room(rest, limit)])
        pieces.append(rest[:end])
        rest = rest[end:]
    return (*pieces, rest) if rest else tuple(pieces)


def _quoted(text: str) -> str:
    # Spaces count as %20 here, the longer of the two ways to write them.
    return quote(text, safe="", errors="surrogatepass")


def _room(text: str, limit: int) -> int:
    """Count the leading characters that fit into one piece; at least one does."""
    used = 0
    for count, character in enumerate(text[:limit]):
        used += len(_quoted(character))
        if used > ENCODED_LIMIT:
            return count
    return limit


def _cut(window: str) -> int:
    """Find the best place to cut inside `window`, which is full."""
    sentences = [m.end() for m in _SENTENCE.finditer(window) if not _abbreviated(window, m)]
    for places in (sentences, _ends(_CLAUSE, window), _ends(_WORD, window)):
        # A cut after white space alone would leave a silent piece.
        useful = [end for end in places if window[:end].strip()]
        if useful:
            return useful[-1]
    return len(window)


def _ends(pattern: re.Pattern[str], window: str) -> list[int]:
    return [found.end() for found in pattern.finditer(window)]


def _abbreviated(window: str, stop: re.Match[str]) -> bool:
    before = window[: stop.start()].rpartition(" ")[2].strip("(\"'“‘").lower()
    return stop.group().startswith(".") and (before in _ABBREVIATIONS or len(before) == 1)
