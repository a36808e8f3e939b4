"""What keys and silence do to a Gather."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from callbridge.exchange.keypad import KEYS, FallThrough, Keypad, Submit


def typed(keypad: Keypad, keys: str) -> Keypad | Submit | FallThrough:
    state: Keypad | Submit | FallThrough = keypad
    for key in keys:
        assert isinstance(state, Keypad)
        state = state.press(key)
    return state


def test_one_key_is_submitted_at_once() -> None:
    assert typed(Keypad(num_digits=1, finish_on_key=""), "*") == Submit("*")


def test_the_finishing_key_is_not_among_the_digits() -> None:
    assert typed(Keypad(num_digits=5), "054#") == Submit("054")


def test_the_finishing_key_pressed_first_falls_through() -> None:
    assert typed(Keypad(num_digits=5), "#") == FallThrough()
    assert typed(Keypad(num_digits=5, on_empty=True), "#") == Submit("")


def test_without_a_finishing_key_pound_is_a_digit() -> None:
    assert typed(Keypad(num_digits=2, finish_on_key=""), "##") == Submit("##")


def test_silence_after_some_keys_submits_them() -> None:
    keypad = typed(Keypad(num_digits=5), "054")
    assert isinstance(keypad, Keypad)
    assert keypad.silence() == Submit("054")


def test_silence_without_a_key_falls_through_unless_asked_for() -> None:
    assert Keypad().silence() == FallThrough()
    assert Keypad(on_empty=True).silence() == Submit("")


@given(keys=st.text(sorted(KEYS), min_size=1, max_size=12), count=st.integers(1, 6))
def test_a_gather_never_hears_more_digits_than_it_asked_for(keys: str, count: int) -> None:
    state: Keypad | Submit | FallThrough = Keypad(num_digits=count)
    for key in keys:
        if isinstance(state, Keypad):
            state = state.press(key)
    if isinstance(state, Submit):
        assert len(state.digits) <= count
        assert "#" not in state.digits
    elif isinstance(state, Keypad):
        assert len(state.digits) < count
