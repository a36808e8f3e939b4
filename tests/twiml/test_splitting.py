"""Cutting long texts for a voice that takes 3000 characters."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import twiml


@given(st.text(max_size=600), st.integers(1, 200))
def test_the_pieces_put_together_are_the_text_and_each_fits(text: str, limit: int) -> None:
    pieces = twiml.split_text(text, limit=limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


@given(st.text("abc ñé漢😀.,", min_size=400, max_size=6000))
def test_no_piece_is_over_4500_characters_once_encoded(text: str) -> None:
    pieces = twiml.split_text(text, limit=3000)
    assert "".join(pieces) == text
    assert all(len(quote(piece, safe="")) <= 4500 for piece in pieces)


@given(st.lists(st.text("abcdeé", min_size=1, max_size=9), min_size=1, max_size=99))
def test_words_that_fit_are_never_cut_and_no_piece_is_silent(words: list[str]) -> None:
    pieces = twiml.split_text(" ".join(words), limit=20)
    assert [word for piece in pieces for word in piece.split()] == words
    assert all(piece.strip() for piece in pieces)


def test_a_short_text_stays_whole() -> None:
    assert twiml.split_text("One. Two.", limit=3000) == ("One. Two.",)


def test_nothing_gives_nothing() -> None:
    assert twiml.split_text("", limit=10) == ()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("First one. Second, then third.", ("First one. ", "Second, then third.")),
        ("Is it? Yes! And then some more", ("Is it? Yes! ", "And then some more")),
        ("A long clause here, and another", ("A long clause here, ", "and another")),
        ("word another third fourth fifth", ("word another third ", "fourth fifth")),
        ("Then ask Sen. Example about it", ("Then ask Sen. ", "Example about it")),
        ("a" * 25, ("a" * 20, "a" * 5)),
    ],
)
def test_it_cuts_after_sentences_else_clauses_else_words_else_anywhere(
    text: str, pieces: tuple[str, ...]
) -> None:
    assert twiml.split_text(text, limit=20) == pieces


def test_a_title_does_not_end_a_sentence() -> None:
    text = "Good day. Please tell Sen. Example to vote"
    assert twiml.split_text(text, limit=30)[0] == "Good day. "


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        twiml.split_text("a", limit=0)
