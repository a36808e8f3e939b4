"""Markdown to clean HTML and to plain words for the voice; knows no campaign."""

from __future__ import annotations

import re
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

_TAGS = frozenset(
    {"p", "br", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"}
    | {"sup", "section", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
)
_ATTRIBUTES = {
    "a": {"href", "id", "class", "aria-label", "title", "role"},
    "sup": {"class"},
    "section": {"class", "aria-label", "role"},
    "li": {"id", "class"},
    "ol": {"class", "start"},
    "th": {"scope"},
}
_SCHEMES = {"https", "http", "mailto", "tel"}
_BACK = {"en": "Back to the text", "es": "Volver al texto"}
_NOTES = {"en": "Notes", "es": "Notas"}
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)]*$")
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?])")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False)
    parser.add_render_rule("footnote_block_open", _notes_open)
    parser.add_render_rule("footnote_anchor", _way_back)
    # Its rules and tables of letters are made at their first use, half made for a second thread.
    parser.render("[a](https://example.org/) <https://example.org/>")
    return parser


def _notes_open(
    _renderer: RendererHTML, _tokens: Sequence[Token], _at: int, _options: OptionsDict, env: EnvType
) -> str:
    label = _NOTES.get(env["language"], _NOTES["en"])
    return (
        f'<section class="footnotes" role="doc-endnotes" aria-label="{label}">\n'
        '<ol class="footnotes-list">\n'
    )


def _way_back(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    name = renderer.rules["footnote_anchor_name"](tokens, at, options, env)
    again = tokens[at].meta.get("subId", 0)
    suffix = f":{again}" if again > 0 else ""
    number = f" ({again + 1})" if again > 0 else ""
    label = _BACK.get(env["language"], _BACK["en"])
    return (
        f' <a href="#fnref{name}{suffix}" class="footnote-backref" '
        f'aria-label="{label}{number}">↩︎</a>'
    )


PARSER = _parser()


def tokens_of(markdown: str, *, name: str, language: str) -> tuple[list[Token], EnvType]:
    """Parse Markdown; `name` makes the ids of footnotes unique on a page with several texts."""
    env: EnvType = {"docId": name, "language": language}
    return PARSER.parse(markdown, env), env


def html_of(tokens: list[Token], env: EnvType, *, top: int = 2) -> str:
    """Render tokens as HTML that is safe whatever the organizer wrote.

    Headings are moved so that the highest is `<h{top}>`; links get `rel="noopener noreferrer"`.
    """
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = top - min(levels, default=top)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(top, min(6, int(token.tag[1]) + shift))}"
        elif token.type == "th_open":
            token.attrSet("scope", "col")
    html = PARSER.renderer.render(tokens, PARSER.options, env)
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer",
    ).strip()


def spoken_of(tokens: Sequence[Token]) -> str:
    """Return the words of tokens for the voice: no marks, no addresses, one space between words.

    Every paragraph and list item ends as a sentence, so that the voice pauses there.
    """
    pieces = []
    in_notes = False
    for token in tokens:
        in_notes = (in_notes or token.type == "footnote_block_open") and (
            token.type != "footnote_block_close"
        )
        if token.type == "inline" and not in_notes:
            words = _SPACE_BEFORE.sub(r"\1", " ".join(_words(token.children or ()).split()))
            if words:
                pieces.append(words if _SENTENCE_END.search(words) else f"{words}.")
    return " ".join(pieces)


def _words(children: Sequence[Token]) -> str:
    words = []
    address = False
    for child in children:
        if child.type == "link_open":
            # An address in angle brackets is its own text: nobody can listen to it.
            address = child.info == "auto"
        elif child.type == "link_close":
            address = False
        elif child.type in {"text", "code_inline"} and not address:
            words.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            words.append(" ")
    return "".join(words)
