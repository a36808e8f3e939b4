"""A call starts only when everything allows it, and the row stands before anybody is rung."""

from __future__ import annotations

from datetime import datetime

import pytest

from callbridge.domain.call import Ending, Stage
from callbridge.domain.campaign import Hours, Pick
from callbridge.domain.records import AttemptState
from callbridge.errors import (
    CarrierRefusedError,
    ClosedError,
    ConsentError,
    DistrictError,
    InProgressError,
    NoCarrierError,
    NotFoundError,
    OptedOutError,
    PausedError,
    PhoneError,
    TooManyError,
    ZipRefusedError,
    ZipWithoutTargetError,
)
from callbridge.service import publishing, reading
from tests.service.setting import PHONE, Service, service_on


def attempts(service: Service, call: str) -> list[AttemptState]:
    with service.database.reading() as unit:
        return [one.state for one in unit.attempts.of_call(call)]


def test_a_call_is_asked_for_at_once_and_says_whom_it_calls(service: Service) -> None:
    started = service.start()
    assert started.wait_seconds == 0 and started.from_ == service.line.number
    assert len(started.targets) == 2 and not started.needs_district
    order = service.line.placed[0]
    assert order.to == "+12025550147"
    assert attempts(service, started.call) == [AttemptState.PLACED]
    view = reading.call_view(service.ctx, started.call)
    assert view.stage is Stage.PLACING and view.legs == []


def test_the_number_is_nowhere_in_the_database_in_the_clear(
    service: Service, database_url: str
) -> None:
    service.start()
    with service.database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM calls").all()
        rows += connection.exec_driver_sql("SELECT * FROM attempts").all()
    assert "5550147" not in repr(rows)


def test_the_second_call_to_a_number_waits_for_the_end_of_the_first(service: Service) -> None:
    service.start()
    with pytest.raises(InProgressError):
        service.start("+1 (202) 555.0147")
    service.phone().hang_up()
    service.start()


def test_consent_campaign_and_carrier_are_asked_about_first(service: Service) -> None:
    with pytest.raises(ConsentError):
        service.start(consent=False)
    with pytest.raises(NotFoundError):
        service.start(slug="fire")
    publishing.pause(service.ctx, "water")
    with pytest.raises(PausedError):
        service.start()
    publishing.resume(service.ctx, "water")
    service.start()
    assert len(service.line.placed) == 1


def test_without_a_carrier_no_call_starts(service: Service) -> None:
    from dataclasses import replace

    service.ctx = replace(service.ctx, carrier=None)
    with pytest.raises(NoCarrierError):
        service.start()


@pytest.mark.parametrize(
    ("setting", "value"), [("LIMIT_NUMBER_HOUR", "1"), ("LIMIT_NUMBER_DAY", "1")]
)
def test_a_number_is_not_called_more_often_than_its_limit(
    service: Service, setting: str, value: str
) -> None:
    strict = service.with_settings(**{setting: value})
    strict.start()
    strict.phone().hang_up()
    with pytest.raises(TooManyError) as refused:
        strict.start()
    assert refused.value.status == 429
    strict.start("202-555-0148")


def test_an_hour_later_the_number_may_be_called_again(service: Service) -> None:
    strict = service.with_settings(LIMIT_NUMBER_HOUR="1")
    strict.start()
    strict.phone().hang_up()
    strict.clock.forward(minutes=61)
    strict.start()


def test_a_network_and_a_campaign_have_limits_of_their_own(service: Service) -> None:
    strict = service.with_settings(LIMIT_NETWORK_HOUR="1")
    strict.start(network="192.0.2.0/24")
    with pytest.raises(TooManyError):
        strict.start("202-555-0148", network="192.0.2.0/24")
    strict.start("202-555-0148", network="198.51.100.0/24")
    busy = service.with_settings(LIMIT_CAMPAIGN_MINUTE="2")
    with pytest.raises(TooManyError):
        busy.start("202-555-0149")
    service.clock.forward(minutes=2)
    busy.start("202-555-0149")


def test_a_number_that_opted_out_is_never_rung_again(service: Service) -> None:
    service.start()
    phone = service.phone()
    phone.answer()
    phone.press("9")
    phone.hang_up()
    service.clock.forward(days=400)
    with pytest.raises(OptedOutError):
        service.start()


def test_a_refused_number_ends_the_call_with_its_reason(service: Service) -> None:
    service.line.trouble = "number"
    with pytest.raises(PhoneError):
        service.start()
    service.line.trouble = "refused"
    with pytest.raises(CarrierRefusedError):
        service.start()
    service.line.trouble = None
    service.start()
    with service.database.reading() as unit:
        lines = unit.reports.last_calls("water", 10)
    assert [line.ending for line in lines].count(Ending.NOT_PLACED.value) == 2


def test_a_lost_answer_is_unknown_and_counts_as_started(service: Service) -> None:
    service.line.trouble = "lost-after"
    started = service.start()
    assert attempts(service, started.call) == [AttemptState.UNKNOWN]
    service.line.trouble = None
    with pytest.raises(InProgressError):
        service.start()
    service.phone().answer()
    assert attempts(service, started.call) == [AttemptState.PLACED]


def test_zips_that_lead_nowhere_are_refused_with_a_sentence(service: Service) -> None:
    for text, kind in (("abc", "not-a-zip"), ("00000", "unknown-zip")):
        with pytest.raises(ZipRefusedError) as refused:
            service.start(zip=text)
        assert refused.value.type == kind and refused.value.status == 422
    with pytest.raises(ZipWithoutTargetError):
        service.start(zip="20001")
    assert not service.line.placed


def test_a_district_must_be_one_of_the_zips(service: Service) -> None:
    service.publish(order=(Pick.HOUSE,))
    with pytest.raises(DistrictError):
        service.start(district="TX-1")
    with pytest.raises(DistrictError):
        service.start(district="CA-11", zip=None)
    place = service.ctx.directory.lookup("94110", on=service.clock.now().date())
    started = service.start(district=place.districts[0].lower())
    assert len(started.targets) == 1


def test_a_split_zip_says_that_the_keypad_will_ask(service: Service) -> None:
    service.publish(order=(Pick.HOUSE,))
    directory = service.ctx.directory
    today = service.clock.now().date()
    split = next(
        z
        for z in ("78701", "30303", "10001", "94014", "60622")
        if directory.lookup(z, on=today).split
    )
    started = service.start(zip=split)
    assert started.needs_district and started.targets == []
    assert reading.call_view(service.ctx, started.call).needs_district


def test_outside_the_campaigns_own_hours_the_sentence_says_when_it_opens(service: Service) -> None:
    hours = Hours(
        days=frozenset({0, 1, 2, 3, 4}), opens=13 * 60, closes=17 * 60, zone="America/New_York"
    )
    service.publish(hours=hours)
    with pytest.raises(ClosedError) as refused:
        service.start()
    assert "today at 1:00 pm" in refused.value.sentence
    service.clock.forward(hours=2)
    service.start()


def test_without_a_free_slot_the_wait_is_told_and_the_row_waits(service: Service) -> None:
    slow = service.with_settings(CALLS_PER_SECOND="0.01")
    slow.start()
    started = slow.start("202-555-0148")
    assert 90 <= started.wait_seconds <= 110
    assert attempts(service, started.call) == [AttemptState.PLANNED]
    assert len(service.line.placed) == 1
    assert reading.call_view(slow.ctx, started.call).wait_seconds > 0
    with pytest.raises(InProgressError):
        slow.start("202-555-0148")


def test_what_the_carrier_certainly_did_not_process_is_planned_again(service: Service) -> None:
    service.line.trouble = "busy"
    started = service.start()
    assert started.wait_seconds > 0
    assert attempts(service, started.call) == [AttemptState.FAILED, AttemptState.PLANNED]


def test_consent_is_stored_with_its_wording_once_and_its_time(service: Service) -> None:
    one = service.start()
    two = service.start("202-555-0148")
    with service.database.reading() as unit:
        records = [unit.calls.by_id(call.call) for call in (one, two)]
    assert records[0] and records[1]
    assert records[0].consent is not None
    assert records[0].consent == records[1].consent
    assert isinstance(records[0].consented, datetime)


def test_real_carriers_do_not_ring_example_numbers(service: Service) -> None:
    service.line.real = True
    with pytest.raises(PhoneError):
        service.start(PHONE)


def test_two_services_on_one_database_share_its_pace(service: Service, database_url: str) -> None:
    slow = service.with_settings(CALLS_PER_SECOND="0.01")
    other = service_on(service.database, database_url, CALLS_PER_SECOND="0.01")
    slow.start()
    assert other.start("202-555-0148").wait_seconds > 0
