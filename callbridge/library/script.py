"""script.md, cut at its headings: what is spoken and what is shown; knows no conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from callbridge.domain.campaign import Branch, Script
from callbridge.domain.prompts import PLACEHOLDERS
from callbridge.library.lengths import REPLY_SECONDS, TALKING_POINTS_SECONDS, check_length
from callbridge.library.markdown import PARSER, html_of, spoken_of, tokens_of
from callbridge.library.markdown_lint import lint
from callbridge.library.placeholders import check_contractions, check_placeholders
from callbridge.library.problems import Problems, listed, nearest
from callbridge.library.text import text_of

TALKING_POINTS = "talking_points"
# The headings, by section and language; the English ones are understood in every language.
HEADINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "opening": ("Opening",),
        TALKING_POINTS: ("Talking points",),
        "support": ("If they support",),
        "oppose": ("If they oppose",),
        "unsure": ("If they are unsure",),
        "voicemail": ("Voicemail",),
    },
    "es": {
        "opening": ("Inicio",),
        TALKING_POINTS: ("Qué decir",),
        "support": ("Si están a favor",),
        "oppose": ("Si están en contra",),
        "unsure": ("Si no lo saben",),
        "voicemail": ("Buzón de voz",),
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """A script in one language, spoken and as HTML by section."""

    script: Script
    html: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    name: str
    line: int
    text: str


def read_script(
    file: str, *, language: str, files: Mapping[str, bytes], problems: Problems
) -> Sections | None:
    """Read a script in one language, None (and a problem) when it cannot be used.

    Under a smaller heading inside a section stands what is shown on the page but not spoken.
    """
    if file not in files:
        what = "This file is missing: it is what supporters say on the phone."
        problems.error(file, None, what, "Write it with a heading: ## Talking points")
        return None
    text = text_of(file, files[file], problems)
    lint(file, text, problems)
    check_placeholders(
        text, allowed=PLACEHOLDERS, file=file, line=1, place="a script", problems=problems
    )
    spoken: dict[str, str] = {}
    shown: dict[str, str] = {}
    for section in _sections(file, text, language=language, problems=problems):
        if section.name in spoken:
            what = f"{_heading(section.name, language)!r} stands there twice."
            problems.error(file, section.line, what, "Join the two.")
        tokens, env = tokens_of(section.text, name=section.name, language=language)
        _check(file, section, tokens, problems)
        if language == "es":
            check_contractions(file, section.text, line=section.line + 1, problems=problems)
        spoken[section.name] = spoken_of(_before_heading(tokens))
        shown[section.name] = html_of(tokens, env, top=4)
        _check_spoken(file, section, spoken[section.name], problems)
    if not spoken.get(TALKING_POINTS):
        heading = _heading(TALKING_POINTS, language)
        what = f"There are no talking points under a heading {heading!r}."
        problems.error(file, None, what, f"Write a line ## {heading} and the words below it.")
        return None
    branches = {branch: spoken[branch.value] for branch in Branch if spoken.get(branch.value)}
    script = Script(
        opening=spoken.get("opening", ""),
        talking_points=spoken[TALKING_POINTS],
        replies=branches,
        voicemail=spoken.get("voicemail", ""),
    )
    check_length(
        f"{script.opening} {script.talking_points}",
        file=file,
        line=None,
        name="What is said before the first connection",
        seconds=TALKING_POINTS_SECONDS,
        problems=problems,
    )
    return Sections(script=script, html={name: html for name, html in shown.items() if html})


def _sections(file: str, text: str, *, language: str, problems: Problems) -> Iterator[_Section]:
    lines = text.split("\n")
    headings = [
        (token.map[0], int(token.tag[1]), spoken_of([words]).rstrip("."))
        for token, words in _headings(PARSER.parse(text))
        if token.map
    ]
    levels = [level for _, level, _ in headings]
    if len(levels) > 1 and levels[0] < min(levels[1:]) and _known(headings[0][2], language) is None:
        # A title over the whole script.
        lines[headings[0][0]] = ""
        headings = headings[1:]
    top = min((level for _, level, _ in headings), default=1)
    starts = [(at, words) for at, level, words in headings if level == top]
    first = starts[0][0] if starts else len(lines)
    before = next((n for n, line in enumerate(lines[:first], 1) if line.strip()), None)
    if before is not None:
        what = "These words stand before the first heading, so nobody would hear them."
        instead = f"Put them under a heading, such as ## {_heading(TALKING_POINTS, language)}"
        problems.error(file, before, what, instead)
    ends = [*(at for at, _ in starts[1:]), len(lines)][: len(starts)]
    for (at, words), end in zip(starts, ends, strict=True):
        name = _known(words, language)
        if name is None:
            known = [_heading(section, language) for section in HEADINGS["en"]]
            guess = nearest(words, known)
            instead = f"Did you mean {guess!r}?" if guess else f"Known: {listed(known, 'and')}."
            problems.error(file, at + 1, f"{words!r} is not a heading of a script.", instead)
            continue
        yield _Section(name=name, line=at + 1, text="\n".join(lines[at + 1 : end]))


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    for token, following in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0:
            yield token, following


def _known(words: str, language: str) -> str | None:
    wanted = words.strip(" :").casefold()
    for names in (HEADINGS.get(language, {}), HEADINGS["en"]):
        for section, headings in names.items():
            if wanted in {heading.casefold() for heading in headings}:
                return section
    return None


def _heading(section: str, language: str) -> str:
    return HEADINGS.get(language, HEADINGS["en"])[section][0]


def _before_heading(tokens: list[Token]) -> list[Token]:
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            return tokens[:place]
    return tokens


def _check(file: str, section: _Section, tokens: list[Token], problems: Problems) -> None:
    for token in tokens:
        line = section.line + 1 + token.map[0] if token.map else section.line
        if any(child.type == "image" for child in token.children or ()):
            problems.error(file, line, "A script has no pictures.", "Put it into page.md.")
        if any(child.type == "footnote_ref" for child in token.children or ()):
            problems.error(file, line, "A script has no footnotes.", "Put them into page.md.")


def _check_spoken(file: str, section: _Section, spoken: str, problems: Problems) -> None:
    heading = section.name.replace("_", " ").capitalize()
    if not spoken:
        what = f"There is nothing to say under {heading!r}."
        problems.error(file, section.line, what, "Write the words, or remove the heading.")
        return
    branch = section.name in {*Branch}
    check_length(
        spoken,
        file=file,
        line=section.line,
        name=f"{heading!r}",
        seconds=REPLY_SECONDS if branch else None,
        problems=problems,
    )
