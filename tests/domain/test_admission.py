"""Who may be rung now, judged from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain import admission
from callbridge.domain.admission import Limits
from callbridge.domain.campaign import Hours
from callbridge.domain.records import CampaignState, Usage
from callbridge.errors import (
    ClosedError,
    ConsentError,
    InProgressError,
    OptedOutError,
    PausedError,
    RefusedError,
    TooManyError,
)
from tests.service.setting import campaign_of

CAMPAIGN = campaign_of()
LIMITS = Limits(number_hour=2, number_day=5, network_hour=30, campaign_minute=600)
NOTHING = Usage(
    opted_out=False,
    in_progress=False,
    number_hour=0,
    number_day=0,
    campaign_number_day=0,
    network_hour=0,
    campaign_minute=0,
)
NEW_YORK = ZoneInfo("America/New_York")
HOURS = Hours(days=frozenset({0, 1, 2, 3, 4}), opens=9 * 60, closes=17 * 60)


def test_a_first_call_is_admitted() -> None:
    admission.check_consent(True)
    admission.check_state(CampaignState.LIVE)
    admission.check_usage(NOTHING, LIMITS, CAMPAIGN)
    admission.check_hours(None, datetime(2026, 11, 17, 3, 0, tzinfo=NEW_YORK))


def test_without_consent_nobody_is_rung() -> None:
    with pytest.raises(ConsentError):
        admission.check_consent(False)


@pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.ENDED])
def test_only_a_live_campaign_calls(state: CampaignState) -> None:
    with pytest.raises(PausedError):
        admission.check_state(state)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"opted_out": True}, OptedOutError),
        ({"in_progress": True}, InProgressError),
        ({"number_hour": 2}, TooManyError),
        ({"number_day": 5}, TooManyError),
        ({"network_hour": 30}, TooManyError),
        ({"campaign_minute": 600}, TooManyError),
    ],
)
def test_each_reason_is_a_refusal_in_a_sentence(
    change: dict[str, int], error: type[RefusedError]
) -> None:
    with pytest.raises(error) as refused:
        admission.check_usage(replace(NOTHING, **change), LIMITS, CAMPAIGN)  # type: ignore[arg-type]
    assert refused.value.sentence.endswith(".")


def test_a_campaign_may_be_stricter_than_the_settings() -> None:
    strict = replace(CAMPAIGN, calls_per_number_day=1, calls_per_minute=10)
    for change in ({"campaign_number_day": 1}, {"campaign_minute": 10}):
        with pytest.raises(TooManyError):
            admission.check_usage(replace(NOTHING, **change), LIMITS, strict)  # type: ignore[arg-type]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(NEW_YORK)))  # noqa: DTZ001
def test_it_is_open_or_the_opening_named_is_the_next_one(local: datetime) -> None:
    if admission.within(HOURS, local):
        admission.check_hours(HOURS, local)
        return
    with pytest.raises(ClosedError):
        admission.check_hours(HOURS, local)
    opening = admission.next_opening(HOURS, local)
    assert opening is not None and admission.within(HOURS, opening)
    assert local < opening <= local + timedelta(days=4)


def test_the_sentence_says_when_it_opens() -> None:
    with pytest.raises(ClosedError) as refused:
        admission.check_hours(HOURS, datetime(2026, 11, 20, 18, 0, tzinfo=NEW_YORK))
    assert "opens on Monday at 9:00 am EST" in refused.value.sentence
    never = replace(HOURS, days=frozenset())
    with pytest.raises(ClosedError):
        admission.check_hours(never, datetime(2026, 11, 20, 18, 0, tzinfo=NEW_YORK))
