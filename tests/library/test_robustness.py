"""Whatever is done to a campaign's files, checking says so in words and never breaks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbridge.domain.problem import Severity
from callbridge.errors import CampaignProblemsError
from callbridge.library.files import files_of, slugs_in
from callbridge.library.reading import check, read
from tests.library.documents import GOOD, QUESTIONS, SHIPPED, TOML, errors, in_toml

TEXTS = {slug: files_of(SHIPPED / slug) for slug in slugs_in(SHIPPED)}
TEXTS["river"] = {**GOOD, "campaign.toml": (TOML + QUESTIONS).encode()}
SNIPPETS = st.sampled_from(
    [
        *(b'"', b"[", b"]", b"{", b"}", b"=", b"\n", b"#", b"'''", b"\xff", b"\x00", b"{member}"),
        *(b"[^9]", b"![", b"](", b"```", b"## ", b",", b";", "“".encode(), b"[[question]]\n"),
    ]
)


@pytest.mark.slow
@settings(max_examples=150)
@given(
    slug=st.sampled_from(sorted(TEXTS)),
    pick=st.floats(0, 0.999),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), SNIPPETS), max_size=4),
)
def test_a_file_torn_anywhere_is_read_or_refused_in_words(
    slug: str, pick: float, cuts: list[tuple[float, int, bytes]]
) -> None:
    found = dict(TEXTS[slug])
    texts = sorted(name for name in found if not name.endswith(".svg"))
    name = texts[int(pick * len(texts))]
    for where, length, snippet in cuts:
        at = int(where * len(found[name]))
        found[name] = found[name][:at] + snippet + found[name][at + length :]
    problems = check(slug, found)
    for problem in problems:
        assert problem.what.endswith((".", ")", '"', ":"))
        assert problem.line is None or problem.line >= 1
    if any(problem.severity is Severity.ERROR for problem in problems):
        with pytest.raises(CampaignProblemsError):
            read(slug, found)
    else:
        assert read(slug, found).slug == slug


@given(st.binary(max_size=200), st.sampled_from(sorted(GOOD)))
def test_a_file_of_any_bytes_at_all_is_refused_in_words(content: bytes, name: str) -> None:
    for problem in check("river", {**GOOD, name: content}):
        assert str(problem)


def test_characters_that_nobody_sees_are_named() -> None:
    assert errors(page_md="one\ntwo\x07\n") == [
        "page.md, line 2: There is an invisible character here (U+0007). "
        "Delete the words around it and type them again."
    ]
    assert in_toml('[organization]\nname = "a\\u0000b"')[0].startswith(
        "campaign.toml, line 5: 'name' has an invisible character in it."
    )


def test_what_a_presentation_leaves_between_lines_is_a_new_line() -> None:
    assert errors(page_md="one\x0btwo\u2028three\x0cfour\n") == []


def test_campaigns_are_listed_without_hidden_folders() -> None:
    assert slugs_in(SHIPPED) == ("attorney-general", "safety-valve", "sunday-library")
    assert slugs_in(SHIPPED / "nowhere") == ()
