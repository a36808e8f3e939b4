"""Money and calls in progress, judged inside the claim: never passed, however many claim."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from callbridge.domain.budget import EVERYTHING, MICROS
from callbridge.domain.drives import DriveState
from callbridge.domain.telephony import CarrierStatus
from callbridge.errors import BudgetError, NotFoundError, RefusedError
from callbridge.service.drives import bounds, running
from callbridge.service.drives.dialling import place_drives
from callbridge.service.drives.looking import Lookout
from callbridge.service.money.booking import ask_prices, book_ended
from callbridge.service.money.ceilings import set_ceiling, views
from callbridge.store.budget import Budget
from callbridge.store.tables import MOVING, attempts, calls
from tests.service.drives.crowd import begun, dial, nobody_answers, people, told
from tests.service.setting import Service

# A claim holds the price of one minute of each leg: 0.02.
QUICK = {
    "DRIVE_RAMP_SECONDS": "0",
    "OFFICE_MAX_CALLS": "1000",
    "OFFICE_CALLS_PER_MINUTE": "1000",
    "MINUTE_PRICE": "0.01",
    "OFFICE_MINUTE_PRICE": "0.01",
    "BUDGET_HOLD_MINUTES": "1",
}


@pytest.fixture
def quick(service: Service) -> Service:
    """Return a service that rings as fast as it can and knows its prices."""
    return service.with_settings(**QUICK)


def moving(service: Service) -> int:
    """Count the calls in progress."""
    with service.database.reading() as unit:
        found = unit.connection.scalar(select(func.count()).select_from(attempts).where(MOVING))
    return int(found or 0)


def raced(service: Service, *, claimers: int = 8) -> None:
    """Let many dialers that all looked at the same moment ring at once, until none finds more."""
    ready = Barrier(claimers)
    faults: list[BaseException] = []

    def ring(name: str) -> None:
        try:
            ready.wait()
            while place_drives(service.ctx, owner=name, most=50):
                pass
        except BaseException as fault:  # noqa: BLE001 - told by the test
            faults.append(fault)

    threads = [Thread(target=ring, args=(f"dialer-{n}",)) for n in range(claimers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults


def meet(monkeypatch: pytest.MonkeyPatch, name: str, *, seconds: float) -> None:
    """Let two claims wait for each other between what they see and what they write.

    Where they come by one after another, the first waits in vain and the moment is over.
    """
    see = getattr(Budget, name)
    together = Barrier(2, timeout=seconds)

    def seen_by_all(*given: object, **named: object) -> object:
        seen = see(*given, **named)
        with suppress(BrokenBarrierError):
            together.wait()
        return seen

    monkeypatch.setattr(Budget, name, seen_by_all)


def watched(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note what the last guard of each claim said."""
    said: list[bool] = []
    within = bounds.within

    def noted(*given: Any, **named: Any) -> bool:
        said.append(within(*given, **named))
        return said[-1]

    monkeypatch.setattr(bounds, "within", noted)
    return said


def linger(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Hold the moment open between what a claim sees and what it writes."""
    see = getattr(Budget, name)

    def slowly(*given: object, **named: object) -> object:
        seen = see(*given, **named)
        time.sleep(0.03)
        return seen

    monkeypatch.setattr(Budget, name, slowly)


def blind(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Let planning see as much room as there can be: what is left is what the claim judges."""
    look: Callable[[Lookout], object] = Lookout.look

    def wide(self: Lookout) -> object:
        view = look(self)
        if view is None:
            return None
        state = view.state  # type: ignore[attr-defined]
        free = replace(state.usage, now=0, most=10_000)
        drives = tuple(replace(drive, usage=free) for drive in state.drives)
        campaigns = dict.fromkeys(state.campaigns, free)
        state = replace(state, usage=free, drives=drives, campaigns=campaigns)
        return replace(view, state=state)  # type: ignore[type-var]

    monkeypatch.setattr(Lookout, "look", wide)


def two_drives(service: Service, count: int) -> list[str]:
    """Start drives of two campaigns, for claims of one campaign wait for each other anyway."""
    service.publish("air")
    text = people(2 * count).splitlines()
    return [
        begun(service, slug=slug, text="\n".join((text[0], *rows, "")), in_progress=1000)
        for slug, rows in (("water", text[1 : count + 1]), ("air", text[count + 1 :]))
    ]


def test_many_claimers_never_pass_a_ceiling(
    quick: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    linger(monkeypatch, "spending")
    drives = two_drives(quick, 16)
    set_ceiling(quick.ctx, EVERYTHING, by="ada", total=0.25)
    raced(quick)
    # Never above. Claims that were held when the money ended were given back, with their money.
    assert 0 < len(quick.line.placed) <= 12
    for drive in drives:
        running.resume(quick.ctx, drive)
    place_drives(quick.ctx, owner="dialer")
    assert len(quick.line.placed) == 12
    for drive in drives:
        if told(quick, drive).state is DriveState.RUNNING:
            place_drives(quick.ctx, owner="dialer")
    assert len(quick.line.placed) == 12
    found = [told(quick, drive) for drive in drives]
    assert {view.cause for view in found} == {"The budget of all calls together is spent."}
    assert {view.state for view in found} == {DriveState.PAUSED}
    # What is claimed and given back waits as before.
    assert sum(view.by_state["planned"] for view in found) == 20


@pytest.mark.parametrize("seen", ["spending", "moving"])
def test_two_claims_at_one_moment_do_not_both_take_the_last_place(
    service: Service, database_url: str, monkeypatch: pytest.MonkeyPatch, seen: str
) -> None:
    quick = service.with_settings(**QUICK, CALLS_IN_PROGRESS="1" if seen == "moving" else "100")
    quick.publish("air")
    text = people(2).splitlines()
    # Each with a campaign and offices of its own, so that no lock but the budget's is shared.
    for slug, row in (("water", text[1]), ("air", text[2])):
        begun(quick, slug=slug, text="\n".join((text[0], row, "")))
    if seen == "spending":
        set_ceiling(quick.ctx, EVERYTHING, by="ada", total=0.03)
    blind(monkeypatch)
    # SQLite has one writer at a time anyway.
    meet(monkeypatch, seen, seconds=0.1 if "sqlite" in database_url else 1.0)
    # Told by the guard itself: what it let pass by mistake may find no slot of the pace.
    judged = watched(monkeypatch)
    raced(quick, claimers=2)
    assert judged.count(True) == 1
    assert judged.count(False) >= 1
    assert len(quick.line.placed) == 1


@pytest.mark.parametrize(
    ("most", "settings"),
    [
        (7, {"CALLS_IN_PROGRESS": "7"}),
        pytest.param(6, {"CAMPAIGN_CALLS_IN_PROGRESS": "3"}, marks=pytest.mark.nightly),
    ],
)
def test_many_claimers_never_pass_the_calls_in_progress_whatever_was_planned(
    service: Service, monkeypatch: pytest.MonkeyPatch, most: int, settings: dict[str, str]
) -> None:
    quick = service.with_settings(**(QUICK | settings))
    two_drives(quick, 10)
    blind(monkeypatch)
    linger(monkeypatch, "moving")
    raced(quick, claimers=4)
    assert moving(quick) == most


def test_many_claimers_never_pass_the_starts_that_a_campaign_may_have_in_a_minute(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = service.with_settings(**(QUICK | {"LIMIT_CAMPAIGN_MINUTE": "3"}))
    two_drives(quick, 10)
    linger(monkeypatch, "moving")
    raced(quick, claimers=4)
    assert len(quick.line.placed) == 6


def test_a_day_of_money_lasts_until_the_day_in_washington_ends(service: Service) -> None:
    quick = service.with_settings(**QUICK, BUDGET_DAY="0.04")
    # Nobody answers, so nothing is spent.
    for number in range(6):
        quick.start(phone=f"202-555-018{number}")
        nobody_answers(quick)
        book_ended(quick.ctx)
    quick.start(phone="202-555-0190")
    quick.phone().answer()
    quick.clock.forward(seconds=90)
    quick.phone().hang_up()
    assert book_ended(quick.ctx) >= 1
    (view,) = views(quick.ctx)
    assert (view.scope, view.spending.day) == (EVERYTHING, 2 * MICROS // 100)
    quick.start(phone="202-555-0191")
    with pytest.raises(BudgetError, match="tomorrow"):
        quick.start(phone="202-555-0192")
    assert len(quick.line.placed) == 8
    quick.clock.forward(days=1)
    quick.start(phone="202-555-0193")


def test_an_area_code_that_had_its_calls_waits_and_the_others_go_on(service: Service) -> None:
    quick = service.with_settings(**QUICK, LIMIT_AREA_DAY="4")
    text = "phone,zip,language,group,consent_source,consent_at\n" + "".join(
        f"+1{area}55501{n:02d},94110,en,,rally,2026-05-04\n"
        for area in (202, 415)
        for n in range(6)
    )
    drive = begun(quick, text=text)
    raced(quick, claimers=4)
    rung = [order.to[2:5] for order in quick.line.placed]
    assert sorted(rung) == ["202"] * 4 + ["415"] * 4
    assert told(quick, drive).state is DriveState.RUNNING
    with pytest.raises(BudgetError, match="tomorrow"):
        quick.start(phone="415-555-0177")


def test_the_carriers_own_price_corrects_what_was_booked(quick: Service) -> None:
    quick.start()
    phone = quick.phone()
    phone.answer()
    quick.clock.forward(seconds=61)
    phone.hang_up()
    assert book_ended(quick.ctx) == 1
    assert book_ended(quick.ctx) == 0
    assert views(quick.ctx)[0].spending.total == 2 * MICROS // 100
    quick.line.set(phone.sid, CarrierStatus.COMPLETED, 61)
    assert ask_prices(quick.ctx) == 0
    quick.clock.forward(minutes=6)
    assert ask_prices(quick.ctx) == 0  # the carrier does not know yet
    leg = quick.line.calls[phone.sid]
    quick.line.calls[phone.sid] = replace(leg, price=0.0135)
    quick.clock.forward(minutes=31)
    assert ask_prices(quick.ctx) == 1
    spending = views(quick.ctx)[0].spending
    assert (spending.total, spending.day, spending.held) == (13_500, 13_500, 0)
    quick.clock.forward(days=1)
    assert ask_prices(quick.ctx) == 0
    with quick.database.reading() as unit:
        assert unit.connection.scalar(select(calls.c.cost)) == 13_500


def test_every_started_minute_of_every_answered_leg_is_paid(quick: Service) -> None:
    quick.start()
    phone = quick.phone()
    phone.answer()
    phone.press("1")
    phone.press("1")
    quick.clock.forward(seconds=130)
    phone.bridge_ends(seconds=61)
    phone.hang_up()
    book_ended(quick.ctx)
    # Three minutes of the supporter's leg, two of the office's.
    assert views(quick.ctx)[0].spending.total == 50_000


def test_a_ceiling_is_of_something_that_is_there_and_an_amount(quick: Service) -> None:
    ctx = quick.ctx
    set_ceiling(ctx, "campaign:water", by="ada", day=1.5, total=20)
    set_ceiling(ctx, "area:202", by="ada", calls_day=3)
    found = {view.scope: view.ceiling for view in views(ctx)}
    assert found["campaign:water"].day == 1_500_000
    set_ceiling(ctx, "campaign:water", by="ada")
    assert "campaign:water" not in {view.scope for view in views(ctx)}
    for scope, error in (
        ("campaign:nothing", NotFoundError),
        ("drive:nothing", NotFoundError),
        ("area:20x", RefusedError),
        ("moon", RefusedError),
    ):
        with pytest.raises(error):
            set_ceiling(ctx, scope, by="ada", day=1)
    with pytest.raises(RefusedError):
        set_ceiling(ctx, EVERYTHING, by="ada", day=-1)
    with quick.database.reading() as unit:
        lines = unit.audit.last(10)
    assert [line[1:3] for line in lines] == [("ada", "budget.set")] * 3


def test_a_paused_drive_goes_on_when_there_is_money_again(quick: Service) -> None:
    drive = begun(quick, 4)
    set_ceiling(quick.ctx, "campaign:water", by="ada", total=0.02)
    dial(quick)
    assert told(quick, drive).state is DriveState.PAUSED
    assert len(quick.line.placed) == 1
    running.resume(quick.ctx, drive)
    dial(quick)
    assert len(quick.line.placed) == 1
    set_ceiling(quick.ctx, "campaign:water", by="ada", total=10)
    running.resume(quick.ctx, drive)
    dial(quick)
    assert len(quick.line.placed) == 4
