"""Each occurrence of a weekly ring is planned once and rung once, wherever a dialer dies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callbridge.domain.call import Door
from callbridge.domain.records import AttemptState
from callbridge.service import publishing
from callbridge.service.appointments.making import make
from callbridge.service.appointments.planning import keep_appointments
from callbridge.service.appointments.wishes import Repeat, Wish
from callbridge.service.dialing import place_waiting
from callbridge.service.erasing import erase_due
from callbridge.service.money.ceilings import views
from callbridge.service.opting_out import opt_out
from callbridge.service.settling import settle_unknown
from callbridge.service.views import CallRequest
from callbridge.store import Database
from callbridge.store.tables import attempts
from tests.service.setting import PHONE, WORDS, ZIP, Service, service_on
from tests.service.test_killed import dying_at, in_a_process_that_dies, with_ledger

# The service's clock stands at noon in Washington, nine in the morning in San Francisco.
WEEKLY = Wish(day=0, minute=10 * 60, repeat=Repeat.WEEKLY)
FIRST = datetime(2026, 11, 17, 18, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(days=7)


def ask(service: Service, wish: Wish = WEEKLY, **more: object) -> int:
    """Keep an appointment; return its id."""
    request = CallRequest(
        slug="water", phone=PHONE, zip=ZIP, consent=True, consent_words=WORDS, door=Door.PAGE
    )
    token = make(service.ctx, request, wish)
    with service.database.reading() as unit:
        record = unit.appointments.by_token(token)
    assert record is not None
    return record.id


def rows(service: Service) -> list[tuple[str, datetime]]:
    """Return state and time of every attempt of appointments, in order."""
    with service.database.reading() as unit:
        found = unit.connection.execute(
            select(attempts.c.state, attempts.c.run_at)
            .where(attempts.c.kind == "appointment")
            .order_by(attempts.c.id)
        )
        return [(row.state, row.run_at) for row in found]


def ring_over(service: Service) -> None:
    """Answer the call that rings, and hang up after a key."""
    phone = service.phone()
    phone.answer()
    phone.press("1")
    phone.hang_up()


def ring(service: Service) -> None:
    """Let the first occurrence ring, be answered and end."""
    service.clock.at = FIRST
    assert place_waiting(service.ctx, owner="alive") == 1
    ring_over(service)


def test_the_next_week_is_planned_when_this_weeks_call_is_over(service: Service) -> None:
    ask(service)
    assert rows(service) == [("planned", FIRST)]
    assert keep_appointments(service.ctx) == 0
    service.clock.at = FIRST
    place_waiting(service.ctx, owner="alive")
    assert keep_appointments(service.ctx) == 0
    ring_over(service)
    assert keep_appointments(service.ctx) == 1
    assert rows(service) == [("done", FIRST), ("planned", SECOND)]
    assert keep_appointments(service.ctx) == 0


@pytest.mark.parametrize("point", ["begin", "commit"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_dialer_that_dies_while_planning_leaves_one_next_occurrence(
    service: Service, database_url: str, point: str, number: int
) -> None:
    ask(service)
    ring(service)

    def plan(database: Database) -> None:
        mortal = service_on(database, database_url)
        mortal.clock.at = service.clock.at
        dying_at(database, point, number)
        keep_appointments(mortal.ctx)

    assert in_a_process_that_dies(plan, database_url)
    keep_appointments(service.ctx)
    keep_appointments(service.ctx)
    assert rows(service) == [("done", FIRST), ("planned", SECOND)]


@pytest.mark.parametrize(
    ("point", "number"),
    [
        *[pytest.param("begin", n, marks=pytest.mark.nightly) for n in range(1, 6)],
        *[("commit", n) for n in range(2, 5)],
        *[pytest.param("commit", n, marks=pytest.mark.nightly) for n in (1, 5)],
        ("before the request", 0),
        ("after the request", 0),
    ],
)
def test_an_occurrence_rings_at_most_once_wherever_its_dialer_dies(
    service: Service, database_url: str, tmp_path: Path, point: str, number: int
) -> None:
    path = tmp_path / "ledger"
    alive = with_ledger(service, path)
    ask(alive)
    alive.clock.at = FIRST

    def dial(database: Database) -> None:
        mortal = service_on(database, database_url)
        mortal.clock.at = FIRST
        if number:
            dying_at(database, point, number)
        place_waiting(with_ledger(mortal, path, dies=point).ctx, owner="mortal")

    in_a_process_that_dies(dial, database_url)
    with alive.database.writing() as unit:
        unit.connection.exec_driver_sql("UPDATE attempts SET lease_until = 0")
        unit.connection.exec_driver_sql("UPDATE pace SET next_free = 0")
    for _ in range(8):
        place_waiting(alive.ctx, owner="alive")
        settle_unknown(alive.ctx)
        keep_appointments(alive.ctx)
        alive.clock.forward(seconds=150)
    assert len(path.read_text(encoding="ascii").splitlines()) <= 1
    states = [state for state, _ in rows(alive)]
    assert len([state for state in states if state in {"planned", "placed"}]) == 1
    assert not set(states) & {"claimed", "dialing", "unknown"}


def test_two_dialers_at_once_plan_one_occurrence(service: Service) -> None:
    ask(service)
    ring(service)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: keep_appointments(service.ctx), range(4)))
    assert rows(service) == [("done", FIRST), ("planned", SECOND)]


def test_the_database_itself_lets_no_second_occurrence_be_open(service: Service) -> None:
    appointment = ask(service)
    with service.database.writing() as unit:
        record = unit.appointments.get(appointment, lock=True)
        assert record is not None
        assert not unit.appointments.plan(record, due=SECOND, run_at=SECOND, missed=0)
    assert rows(service) == [("planned", FIRST)]


def test_a_ring_that_the_carrier_had_no_room_for_stays_the_same_occurrence(
    service: Service,
) -> None:
    ask(service)
    service.clock.at = FIRST
    service.line.trouble = "busy"
    place_waiting(service.ctx, owner="alive", most=1)
    assert keep_appointments(service.ctx) == 0
    service.line.trouble = None
    service.clock.forward(minutes=2)
    with service.database.writing() as unit:
        unit.connection.exec_driver_sql("UPDATE pace SET next_free = 0, closed_until = 0")
    assert place_waiting(service.ctx, owner="alive") == 1
    ring_over(service)
    keep_appointments(service.ctx)
    assert [state for state, _ in rows(service)] == ["failed", "done", "planned"]


@pytest.mark.parametrize(("late", "state"), [(14, AttemptState.PLACED), (16, AttemptState.EXPIRED)])
def test_a_ring_comes_within_a_quarter_of_an_hour_or_not_at_all(
    service: Service, late: int, state: AttemptState
) -> None:
    ask(service)
    service.clock.at = FIRST + timedelta(minutes=late)
    place_waiting(service.ctx, owner="alive")
    assert rows(service)[0][0] == state.value
    keep_appointments(service.ctx)
    assert (rows(service)[-1] == ("planned", SECOND)) is (state is AttemptState.EXPIRED)


def test_a_paused_campaign_a_limit_and_the_law_keep_a_ring_back_this_week(
    service: Service,
) -> None:
    ask(service)
    publishing.pause(service.ctx, "water")
    service.clock.at = FIRST
    assert place_waiting(service.ctx, owner="alive") == 0
    publishing.resume(service.ctx, "water")
    keep_appointments(service.ctx)
    service.clock.at = SECOND
    strict = service.with_settings(LIMIT_NUMBER_DAY="0")
    assert place_waiting(strict.ctx, owner="alive") == 0
    keep_appointments(service.ctx)
    assert [state for state, _ in rows(service)] == ["suppressed", "suppressed", "planned"]


def test_money_that_is_spent_keeps_a_ring_back_this_week(service: Service) -> None:
    ask(service)
    poor = service.with_settings(MINUTE_PRICE="0.01", BUDGET_DAY="0.01")
    service.clock.at = FIRST
    assert place_waiting(poor.ctx, owner="alive") == 0
    assert not service.line.placed
    keep_appointments(service.ctx)
    assert rows(service) == [("suppressed", FIRST), ("planned", SECOND)]
    # What a ring may cost is held like any call's.
    service.clock.at = SECOND
    rich = service.with_settings(MINUTE_PRICE="0.01", BUDGET_DAY="1")
    assert place_waiting(rich.ctx, owner="alive") == 1
    (view,) = views(rich.ctx)
    assert view.spending.held > 0


def test_a_number_in_a_call_is_not_rung_beside_it(service: Service) -> None:
    ask(service)
    service.clock.at = FIRST
    service.start(PHONE)
    before = len(service.line.placed)
    place_waiting(service.ctx, owner="alive")
    assert len(service.line.placed) == before
    service.phone().hang_up()
    service.clock.forward(minutes=1)
    assert place_waiting(service.ctx, owner="alive") == 1


def test_an_opt_out_and_the_retention_clock_remove_what_is_kept(service: Service) -> None:
    appointment = ask(service)
    opt_out(service.ctx, PHONE)
    assert rows(service) == [("suppressed", FIRST)]
    service.clock.forward(days=2)
    erase_due(service.ctx)
    with service.database.reading() as unit:
        record = unit.appointments.get(appointment)
    assert record is not None
    assert (record.reason, record.phone_enc) == ("opted-out", None)
    service.clock.forward(days=100)
    erase_due(service.ctx)
    with service.database.reading() as unit:
        record = unit.appointments.get(appointment)
    assert record is not None
    assert (record.phone_hash, record.zip) == (None, None)


def test_an_opt_out_by_mistake_gives_the_weekly_call_back(service: Service) -> None:
    ask(service)
    service.clock.at = FIRST
    place_waiting(service.ctx, owner="alive")
    phone = service.phone()
    phone.answer()
    phone.press("9")
    phone.press("1")
    phone.hang_up()
    keep_appointments(service.ctx)
    assert rows(service)[-1] == ("planned", SECOND)
