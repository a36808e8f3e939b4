"""Pages and scripts: Markdown to clean HTML, to plain speech, and what goes wrong in it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain.campaign import Branch
from callbridge.library.markdown import html_of, spoken_of, tokens_of
from callbridge.library.reading import read
from tests.library.documents import SCRIPT, TOML, advice, errors, files


def html(markdown: str, language: str = "en", top: int = 2) -> str:
    tokens, env = tokens_of(markdown, name="page", language=language)
    return html_of(tokens, env, top=top)


def spoken(markdown: str) -> str:
    return spoken_of(tokens_of(markdown, name="page", language="en")[0])


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        '<https://x.org/"onmouseover=alert(1)>',
        "[x](https://x.org 'a\" onclick=\"alert(1)')",
        "<svg/onload=alert(1)>",
        "<style>body{display:none}</style>",
        "[a]: javascript:alert(1)\n\n[a]",
        '![x](x.png" onerror="alert(1))',
        "<iframe src=//evil>",
        "| a |\n|:-:|\n| <b onclick=x> |",
    ],
)
def test_nothing_an_organizer_writes_runs_in_a_browser(attack: str) -> None:
    found = html(attack)
    tags = [re.sub('"[^"]*"', "", tag) for tag in re.findall(r"<[^>]*>", found)]
    assert not [
        tag for tag in tags if re.search(r"<(script|img|svg|style|iframe)|\son|style=", tag)
    ]
    assert not re.search(r'href="(?!https?:|mailto:|tel:|#)', found)


@given(st.text(alphabet="<>/[]()!#*_`\\\"'=:^ \nabjsonclickhref&;", max_size=120))
def test_no_text_makes_an_attribute_that_runs(text: str) -> None:
    for tag in re.findall(r"<[^>]*>", html(text)):
        assert re.fullmatch(
            r"</?(p|br|strong|em|s|a|ul|ol|li|blockquote|code|pre|hr|sup|section|h[2-6]|table"
            r"|thead|tbody|tr|th|td)( [a-z-]+=\"[^\"]*\")*>",
            tag,
        ), tag


def test_links_do_not_hand_over_the_page() -> None:
    assert 'rel="noopener noreferrer"' in html("[a](https://example.org)")


@pytest.mark.parametrize(
    ("markdown", "tags"),
    [
        ("# a\n\n## b\n\n### c", ["h2", "h3", "h4"]),
        ("## a\n\n### b", ["h2", "h3"]),
        ("#### a\n\n# b", ["h5", "h2"]),
        ("a\n===", ["h2"]),
    ],
)
def test_headings_begin_at_the_second_level(markdown: str, tags: list[str]) -> None:
    assert re.findall(r"<(h\d)>", html(markdown)) == tags


def test_footnotes_lead_there_and_back() -> None:
    found = html("a[^x] b[^y] c[^x]\n\n[^x]: one\n\n[^y]: two")
    ids = set(re.findall(r'id="([^"]+)"', found))
    targets = set(re.findall(r'href="#([^"]+)"', found))
    assert targets == ids
    assert len(ids) == 5
    assert 'aria-label="Back to the text (2)"' in found
    assert 'aria-label="Volver al texto"' in html("a[^x]\n\n[^x]: uno", "es")


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**Please** ask _them_ `now`.", "Please ask them now."),
        ("one\ntwo\n\nthree", "one two. three."),
        ("- one\n- two?\n- three", "one. two? three."),
        ("Read [the permit](https://example.org).", "Read the permit."),
        ("Read it <https://example.org/x>.", "Read it."),
        ("Ask Sen. Ruiz about H.R. 1234", "Ask Sen. Ruiz about H.R. 1234."),
        ("He said “no.”", "He said “no.”"),
        ("a  \nb", "a b."),
        ("> quoted\n\nnot", "quoted. not."),
        ("fact[^1]\n\n[^1]: the source", "fact."),
        ("&amp; \\*stars\\*", "& *stars*."),
        ("***", ""),
    ],
)
def test_speech_has_the_words_and_none_of_the_marks(markdown: str, words: str) -> None:
    assert spoken(markdown) == words


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("One[^1] fact.\n", "page.md, line 1: Footnote [^1] has no text. Write at the end: [^1]:"),
        ("x\n\n[^1]: y\n", "page.md, line 3: Footnote [^1] is never used"),
        ("x[^1]\n\n[^1]:\n", "page.md, line 3: Footnote [^1] is empty."),
        ("x[^1]\n\n[^1]: a\n\n[^1]: b\n", "page.md, line 5: Footnote [^1] is written twice"),
        ("x\n[a](example.org)\n", "page.md, line 2: The link address 'example.org' leads nowhere."),
        ("[a]()\n", "page.md, line 1: A link has no address."),
        ("[a](https:///x)\n", "page.md, line 1: The link address 'https:///x' names no site."),
        ("[a](https://x.org/a b)\n", "leads nowhere."),
        ("[a](javascript:alert(1))\n", "leads nowhere."),
        ("[a](https://[x/y)\n", "The link address 'https://[x/y' leads nowhere."),
        ("Dear {member}\n", "{member} cannot stand in the page, which is read before anybody"),
        ("  \n\n", "page.md, line 1: The page is empty."),
    ],
)
def test_a_spoilt_page_says_what_to_write(page: str, complaint: str) -> None:
    found = errors(page_md=page)
    assert len(found) == 1
    assert complaint in found[0]


def test_what_stands_in_code_is_left_alone() -> None:
    assert errors(page_md="Write `[^1]` or `[a](b)`.\n\n```\n[^2] <b>\n```\n") == []


def test_html_in_a_page_is_advised_against() -> None:
    assert "<b> would be shown as it stands" in advice(page_md="x <b>bold\n")[0]
    assert advice(page_md="<https://example.org> and 3 < 5\n") == []


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("Hello.\n\n" + SCRIPT, "script.md, line 1: These words stand before the first heading"),
        (
            SCRIPT + "\n## If they suport\n\nx\n",
            "script.md, line 5: 'If they suport' is not a heading of a script. "
            "Did you mean 'If they support'?",
        ),
        ("## Taking points\n\n{x}\n", "script.md, line 3: {x} is not a placeholder."),
        (SCRIPT + "\n## Greetings\n\nx\n", "Known: Opening, Talking points, If they support"),
        (SCRIPT + "\n" + SCRIPT, "script.md, line 5: 'Talking points' stands there twice."),
        (SCRIPT + "\n## Voicemail\n", "script.md, line 5: There is nothing to say under 'Voice"),
        ("## Opening\n\nHi.\n", "There are no talking points under a heading 'Talking points'."),
        ("", "There are no talking points under a heading 'Talking points'."),
        (SCRIPT + "\nHe said {membre}.\n", "script.md, line 5: {membre} is not a placeholder. Wr"),
        (SCRIPT + "\nHe said {x}.\n", "{x} is not a placeholder. Here {member}, {organization}"),
        (SCRIPT + "\nHe said {member.\n", "script.md, line 5: A curly bracket stands alone."),
        (SCRIPT + "\n![a](b.png)\n", "script.md, line 5: A script has no pictures."),
        ("## Talking points\n\n" + "word " * 700, "has 3,500 characters; the voice takes 3,000."),
    ],
)
def test_a_spoilt_script_says_what_to_write(script: str, complaint: str) -> None:
    found = errors(script_md=script)
    assert any(complaint in one for one in found), found


def test_footnotes_in_a_script_belong_to_the_page() -> None:
    found = errors(script_md=SCRIPT + "\nAs reported[^1].\n\n[^1]: there\n")
    assert found == ["script.md, line 5: A script has no footnotes. Put them into page.md."]


@pytest.mark.parametrize(
    "script",
    [
        "# Talking points\n\nx\n\n# If they oppose\n\ny\n",
        "# The script\n\n## Talking points\n\nx\n\n## If they oppose:\n\ny\n",
        "### TALKING POINTS\r\n\r\nx\r\n\r\n### if they oppose\r\n\r\ny",
        "Talking points\n---\nx\n\nIf they oppose\n---\ny\n",
    ],
)
def test_headings_are_found_however_they_are_written(script: str) -> None:
    found = read("river", files(script_md=script)).wording().script
    assert found.talking_points == "x."
    assert found.replies == {Branch.OPPOSE: "y."}


def test_smaller_headings_are_shown_and_not_spoken() -> None:
    script = SCRIPT + "\n## If they oppose\n\nThink.\n\n### Then\n\nThink again.\n"
    wording = read("river", files(script_md=script)).wording()
    assert wording.script.replies[Branch.OPPOSE] == "Think."
    assert wording.script_html["oppose"] == "<p>Think.</p>\n<h4>Then</h4>\n<p>Think again.</p>"


def test_spanish_that_would_need_a_contraction_is_pointed_out() -> None:
    script = "## Qué decir\n\nPida a {member} un voto.\nEs el voto de\n{member}.\n"
    spanish = {"campaign_toml": TOML + 'language = "es"\n', "script_md": script}
    assert [one.split(" would")[0] for one in advice(**spanish)] == [
        "script.md, line 3: “a {member}”",
        "script.md, line 4: “de {member}”",
    ]
    assert advice(script_md="## Talking points\n\nA {member} can.\n") == []


def test_a_reply_over_half_a_minute_is_advised_against() -> None:
    script = SCRIPT + "\n## If they oppose\n\n" + "Think again please. " * 40
    assert "'Oppose' takes 48 seconds to say." in advice(script_md=script)[0]


_EIGHT_READERS = """
import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from callbridge.library.markdown import html_of, tokens_of

threading.setprofile(lambda *_: sleep(0))  # every call of a function lets another thread on
start = threading.Barrier(8)

def read(_):
    start.wait()
    return html_of(*tokens_of("[a](https://example.org/~a)", name="p", language="en"))

with ThreadPoolExecutor(8) as pool:
    print(*set(pool.map(read, range(8))))
"""


def test_the_first_page_of_a_process_may_be_read_by_many_threads_at_once() -> None:
    program = [sys.executable, "-c", _EIGHT_READERS]
    done = subprocess.run(program, check=False, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.count("https://example.org/~a") == 1
