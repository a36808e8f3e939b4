"""page.md to clean HTML and its picture; knows no telephone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callbridge.domain.campaign import Picture
from callbridge.library.markdown import html_of, tokens_of
from callbridge.library.markdown_lint import lint
from callbridge.library.pictures import take_picture
from callbridge.library.placeholders import check_placeholders
from callbridge.library.problems import Problems
from callbridge.library.text import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What supporters read: sanitized HTML, the picture beside it."""

    html: str
    picture: Picture | None


def read_page(
    file: str, *, language: str, files: Mapping[str, bytes], problems: Problems
) -> Page | None:
    """Read a page in one language, None (and a problem) when it is missing or empty."""
    if file not in files:
        what = "This file is missing: it is what supporters read."
        problems.error(file, None, what, "Write it; campaigns/README.md shows how.")
        return None
    text = text_of(file, files[file], problems)
    if not text.strip():
        problems.error(file, 1, "The page is empty.", "Say in a few paragraphs what this is about.")
        return None
    lint(file, text, problems)
    check_placeholders(
        text,
        allowed=(),
        file=file,
        line=1,
        place="the page, which is read before anybody is called",
        problems=problems,
    )
    tokens, env = tokens_of(text, name="page", language=language)
    picture = take_picture(tokens, file=file, files=files, problems=problems)
    return Page(html=html_of(tokens, env), picture=picture)
