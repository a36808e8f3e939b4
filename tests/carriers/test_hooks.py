"""What a hook says, once it is believed."""

from __future__ import annotations

import pytest

from callbridge.domain.telephony import CarrierStatus, DialResult
from tests.carriers.playback import NUMBER, SUPPORTER, TOKEN
from tests.carriers.signing import ANSWERED, SID, raw, reader, with_changes


def test_a_genuine_hook_is_read() -> None:
    hook = reader(TOKEN).read(raw())
    assert (hook.sid, hook.parent_sid, hook.from_, hook.to) == (SID, None, NUMBER, SUPPORTER)
    assert hook.status is CarrierStatus.IN_PROGRESS
    assert (hook.digits, hook.dialled, hook.seconds, hook.error_code) == (None, None, None, None)
    assert not hook.inbound


@pytest.mark.parametrize(
    ("digits", "read"),
    [
        (None, None),
        ("", ""),
        (" ", ""),
        ("1", "1"),
        ("05401", "05401"),
        ("*", "*"),
        ("#", "#"),
        ("hangup", ""),
    ],
)
def test_keys_are_read_and_silence_is_not_absence(digits: str | None, read: str | None) -> None:
    assert reader(TOKEN).read(raw(with_changes(ANSWERED, Digits=digits))).digits == read


def test_a_bridges_end_is_read() -> None:
    form = (*ANSWERED, ("DialCallStatus", "completed"), ("DialCallSid", "CA-child"),
            ("DialCallDuration", "83"), ("DialBridged", "true"))  # fmt: skip
    assert reader(TOKEN).read(raw(form)).dialled == DialResult(
        status=CarrierStatus.COMPLETED, sid="CA-child", seconds=83, bridged=True
    )


def test_an_unanswered_bridge_has_no_duration() -> None:
    form = (*ANSWERED, ("DialCallStatus", "no-answer"), ("DialBridged", "false"))
    assert reader(TOKEN).read(raw(form)).dialled == DialResult(
        status=CarrierStatus.NO_ANSWER, sid=None, seconds=None, bridged=False
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("answered", CarrierStatus.COMPLETED),
        ("busy", CarrierStatus.BUSY),
        ("canceled", CarrierStatus.CANCELED),
        ("timeout", CarrierStatus.NO_ANSWER),
        ("in-progress", CarrierStatus.FAILED),
        ("exploded", CarrierStatus.FAILED),
    ],
)
def test_a_bridge_always_ends_in_a_final_state(word: str, status: CarrierStatus) -> None:
    dialled = reader(TOKEN).read(raw((*ANSWERED, ("DialCallStatus", word)))).dialled
    assert dialled is not None
    assert dialled.status is status
    assert dialled.bridged is None


def test_an_office_legs_callback_is_read() -> None:
    form = with_changes(
        ANSWERED, CallStatus="completed", Direction="outbound-dial", CallDuration="17"
    )
    hook = reader(TOKEN).read(raw((*form, ("ParentCallSid", "CA-parent"), ("Duration", "1"))))
    assert (hook.parent_sid, hook.status, hook.seconds) == (
        "CA-parent",
        CarrierStatus.COMPLETED,
        17,
    )


@pytest.mark.parametrize("withheld", ["anonymous", "unknown", "", "+266696687"])
def test_a_withheld_number_is_tolerated(withheld: str) -> None:
    form = with_changes(ANSWERED, From=withheld, To=NUMBER, Direction="inbound")
    hook = reader(TOKEN).read(raw(form))
    assert (hook.from_, hook.to, hook.inbound) == (withheld, NUMBER, True)


def test_a_fallbacks_error_code_is_read() -> None:
    form = (*ANSWERED, ("ErrorCode", "11200"), ("ErrorUrl", "https://calls.example.org/voice/x/1"))
    assert reader(TOKEN).read(raw(form)).error_code == "11200"


@pytest.mark.parametrize("field", ["CallDuration", "DialCallDuration"])
@pytest.mark.parametrize("value", ["", "-1", "1.5", "many", "٣", "9" * 40])
def test_a_duration_that_is_no_number_is_left_out(field: str, value: str) -> None:
    form = (*ANSWERED, ("DialCallStatus", "completed"), (field, value))
    hook = reader(TOKEN).read(raw(form))
    assert hook.dialled is not None
    assert (hook.seconds, hook.dialled.seconds) == (None, None)


def test_a_word_for_a_state_that_nobody_knows_is_none() -> None:
    form = with_changes(ANSWERED, CallStatus="levitating")
    assert reader(TOKEN).read(raw(form)).status is None
