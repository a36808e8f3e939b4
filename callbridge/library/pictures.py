"""The one picture of a page: file, words for who cannot see it, credit; knows no page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from markdown_it.token import Token

from callbridge.domain.campaign import Picture
from callbridge.library.problems import Problems, listed, nearest

SUFFIXES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif")

_EXAMPLE = '![what it shows](picture.jpg "Photo: name, source")'
_HEADS: Mapping[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
}
# An SVG is a document that a browser runs; ours only draw.
_ACTIVE_SVG = re.compile(
    rb"<script|<foreignObject|<!ENTITY|<iframe|\son[a-z]+\s*=|javascript:|<style[^>]*>[^<]*@import"
    rb"|(?:href|src)\s*=\s*[\"']\s*(?:https?:)?//",
    re.IGNORECASE,
)


def take_picture(
    tokens: list[Token], *, file: str, files: Mapping[str, bytes], problems: Problems
) -> Picture | None:
    """Take the picture out of a page's tokens and return it, None when there is none.

    It is lifted out so that every page shows it in the same place with its credit. `files` are
    the campaign's; a translation's page may use a picture of the campaign itself.
    """
    found: Picture | None = None
    emptied: list[int] = []
    images = 0
    for place, token in enumerate(tokens):
        for child in [c for c in token.children or () if c.type == "image"]:
            line = _line(token, child)
            images += 1
            if images == 1:
                found = _picture(child, file=file, line=line, files=files, problems=problems)
            else:
                what = "This is a second picture: a page shows one."
                problems.error(file, line, what, "Keep the better one.")
            token.children = [c for c in token.children or () if c is not child]
            if not any(c.content.strip() or c.type != "text" for c in token.children):
                emptied.append(place)
    for place in reversed(emptied):
        # A paragraph is its opening, its words and its end.
        if tokens[place - 1].type == "paragraph_open":
            del tokens[place - 1 : place + 2]
    return found


def _line(words: Token, image: Token) -> int | None:
    """Return the line of an image: the one its paragraph begins on, and the breaks before it."""
    children = words.children or []
    before = children[: next(n for n, child in enumerate(children) if child is image)]
    breaks = sum(child.type in {"softbreak", "hardbreak"} for child in before)
    return words.map[0] + 1 + breaks if words.map else None


def _picture(
    image: Token, *, file: str, line: int | None, files: Mapping[str, bytes], problems: Problems
) -> Picture | None:
    alt = " ".join(image.content.split())
    credit = " ".join(str(image.attrGet("title") or "").split())
    if not alt:
        what = "The picture has no description for people who cannot see it."
        problems.error(file, line, what, f"Write {_EXAMPLE}")
    if not credit:
        problems.error(file, line, "The picture has no credit.", f"Write {_EXAMPLE}")
    name = unquote(str(image.attrGet("src") or ""))
    if "//" in name or name.startswith(("data:", "/")):
        what = "The picture lies on another site, which would then see every visitor."
        problems.error(file, line, what, "Put its file into the campaign's folder.")
        return None
    path = _find(name, file=file, files=files)
    if path is None:
        guess = nearest(name, [p for p in files if p.endswith(SUFFIXES)])
        instead = f"Did you mean {guess!r}?" if guess else "Put the file into the folder."
        problems.error(file, line, f"There is no picture {name!r} in the folder.", instead)
        return None
    _check_content(path, files[path], file=file, line=line, problems=problems)
    return Picture(file=path, alt=alt, credit=credit) if alt and credit else None


def _find(name: str, *, file: str, files: Mapping[str, bytes]) -> str | None:
    parts: list[str] = []
    for part in (PurePosixPath(file).parent / name).parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    beside = "/".join(parts)
    return next((path for path in (beside, name) if path in files), None)


def _check_content(
    path: str, content: bytes, *, file: str, line: int | None, problems: Problems
) -> None:
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in SUFFIXES:
        kinds = listed([known.lstrip(".") for known in SUFFIXES])
        problems.error(file, line, f"{path!r} is not a picture.", f"Use one of {kinds}.")
    elif suffix == ".svg":
        if b"<svg" not in content[:2000]:
            problems.error(path, None, "This file is not an SVG drawing.", "Export it again.")
        if active := _ACTIVE_SVG.search(content):
            what = f"This drawing holds {active[0].decode(errors='replace').strip()!r}."
            at = content.count(b"\n", 0, active.start()) + 1
            problems.error(path, at, what, "Export it as a plain SVG, or as PNG.")
    elif not content.startswith(_HEADS[suffix]):
        what = f"This file is not what its name says ({suffix.lstrip('.')})."
        problems.error(path, None, what, "Export it again, or fix the ending of its name.")
