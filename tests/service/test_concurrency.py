"""What many threads may not do at once: move a call twice, ring twice, crowd an office."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import event

from callbridge.domain.call import Stage
from callbridge.domain.campaign import Campaign
from callbridge.domain.instructions import Bridge
from callbridge.domain.records import AttemptState
from callbridge.domain.telephony import CarrierStatus
from callbridge.errors import InProgressError, TooManyError
from callbridge.service import hooks
from callbridge.service.dialing import place_waiting
from callbridge.service.drives.following import follow_up
from callbridge.service.shelf import Shelf
from callbridge.service.statuses import status
from callbridge.service.views import Spoken, StartedCall
from tests.service.drives.crowd import begun, dial, ringing
from tests.service.setting import JsonReader, Service, Telephone

Result = TypeVar("Result")
THREADS = 6


def at_once(works: list[Callable[[], Result]]) -> list[Result | Exception]:
    """Start every work at the same moment; return what each returned or raised."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Result]) -> Result | Exception:
        barrier.wait()
        try:
            return work()
        except (InProgressError, TooManyError) as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_the_same_hook_from_many_threads_moves_a_call_once(service: Service) -> None:
    service.start()
    phone = service.phone()
    step = phone.answer().step

    def press() -> Spoken:
        return hooks.voice(service.ctx, phone.token, step, phone.hook(digits="1"))

    said = at_once([press] * THREADS)
    assert all(one == said[0] for one in said)
    with service.database.reading() as unit:
        record = unit.calls.by_token(phone.token, lock=False)
        assert record is not None
        kinds = unit.calls.fact_kinds(record.id)
    assert record.call.step == step + 1
    assert kinds.count("Consented") == 1


def test_one_number_typed_many_times_at_once_rings_once(service: Service) -> None:
    spellings = ["202-555-0147", "(202) 555 0147", "+1 202 555 0147", "2025550147"]
    got = at_once([lambda text=text: service.start(text) for text in spellings])
    assert sum(isinstance(one, StartedCall) for one in got) == 1
    assert len(service.line.placed) == 1


def test_a_network_limit_holds_when_everybody_comes_at_once(service: Service) -> None:
    strict = service.with_settings(LIMIT_NETWORK_HOUR="2")
    got = at_once(
        [
            lambda n=n: strict.start(f"202-555-01{n:02}", network="192.0.2.0/24")
            for n in range(THREADS)
        ]
    )
    assert sum(isinstance(one, StartedCall) for one in got) == 2


def test_an_office_never_has_more_of_our_calls_than_its_cap(service: Service) -> None:
    capped = service.with_settings(OFFICE_MAX_CALLS="2", OFFICE_CALLS_PER_MINUTE="50")
    ready: list[Telephone] = []
    for n in range(THREADS):
        capped.start(f"202-555-01{n:02}")
        phone = capped.phone()
        phone.answer()
        phone.press("1")
        ready.append(phone)
    said = at_once([lambda phone=phone: phone.press("1") for phone in ready])
    dialled = [
        one.phone
        for spoken in said
        if isinstance(spoken, Spoken)
        for one in spoken.instructions
        if isinstance(one, Bridge)
    ]
    assert dialled
    assert max(dialled.count(phone) for phone in dialled) <= 2
    with service.database.reading() as unit:
        loads = unit.offices.loads(
            sorted(set(dialled)), now=service.clock.now(), longest_seconds=3600
        )
    assert {phone: load.at_once for phone, load in loads.items()} == {
        phone: dialled.count(phone) for phone in dialled
    }


def test_an_office_is_free_again_when_its_call_ends(service: Service) -> None:
    capped = service.with_settings(OFFICE_MAX_CALLS="1", OFFICE_CALLS_PER_MINUTE="50")
    phones = []
    for n in range(2):
        capped.start(f"202-555-01{n:02}")
        phone = capped.phone()
        phone.answer()
        phone.press("1")
        phones.append(phone)
    first = phones[0].press("1")
    office = next(one.phone for one in first.instructions if isinstance(one, Bridge))
    phones[0].hang_up()
    again = phones[1].press("1")
    assert [one.phone for one in again.instructions if isinstance(one, Bridge)] == [office]


def test_many_dialers_ring_each_waiting_call_once(service: Service) -> None:
    slow = service.with_settings(CALLS_PER_SECOND="0.001")
    calls = [slow.start(f"202-555-01{n:02}").call for n in range(8)]
    with service.database.writing() as unit:
        unit.connection.exec_driver_sql("UPDATE pace SET next_free = 0")

    def dial(owner: str) -> int:
        return sum(place_waiting(service.ctx, owner=owner) for _ in range(12))

    asked = at_once([lambda name=f"dialer-{n}": dial(name) for n in range(3)])
    with service.database.reading() as unit:
        states = [a.state for call in calls for a in unit.attempts.of_call(call)]
    rung = [order.to for order in service.line.placed]
    assert len(rung) == len(set(rung))
    assert (
        states.count(AttemptState.PLACED)
        == len(rung)
        == 1 + sum(one for one in asked if isinstance(one, int))
    )


def test_a_slot_of_the_pace_is_given_once(service: Service) -> None:
    def take() -> bool:
        with service.database.writing() as unit:
            return unit.pace.take(0.001)

    assert at_once([take] * THREADS).count(True) == 1


def test_the_end_and_a_key_at_once_leave_one_ended_call_with_the_answer(
    service: Service,
) -> None:
    service.start()
    phone = service.phone()
    phone.answer()
    phone.press("1")
    phone.press("1")
    step = phone.bridge_ends().step

    def press() -> object:
        return hooks.voice(service.ctx, phone.token, step, phone.hook(digits="2"))

    at_once([press, phone.hang_up])
    with service.database.reading() as unit:
        record = unit.calls.by_token(phone.token, lock=False)
        assert record is not None
        answers = unit.calls.answers(record.id)
    assert record.call.stage is Stage.ENDED
    assert [answer.meaning for answer in answers] == ["voicemail"]


def test_a_campaign_that_many_hooks_want_at_once_is_read_once(service: Service) -> None:
    service.start()
    read: list[str] = []

    class Slow(JsonReader):
        def read(self, slug: str, files: Mapping[str, bytes]) -> Campaign:
            read.append(slug)
            sleep(0.1)
            return super().read(slug, files)

    shelf = Shelf(Slow())

    def want() -> Campaign:
        with service.database.reading() as unit:
            return shelf.find(unit, "water").campaign

    assert len({id(one) for one in at_once([want] * THREADS)}) == 1
    assert read == ["water"]


def test_two_dialers_count_into_the_same_drives_in_one_order(service: Service) -> None:
    """Else each would hold the drive that the other waits for: a deadlock on PostgreSQL."""
    quick = service.with_settings(
        DRIVE_RAMP_SECONDS="0", OFFICE_MAX_CALLS="100", OFFICE_CALLS_PER_MINUTE="100"
    )
    head = "phone,zip,consent_source,consent_at"
    lists = [
        "\n".join((head, *(f"+1202555{n:04d},94110,rally,2026-05-04" for n in range(at, at + 6))))
        for at in (100, 110, 120)
    ]
    drives = [begun(quick, text=text) for text in lists]
    while dial(quick):
        service.clock.forward(seconds=1)
    assert len(quick.line.placed) == 18
    for phone in ringing(quick)[::-1]:
        service.line.set(phone.sid, CarrierStatus.BUSY)
        status(quick.ctx, phone.token, phone.hook(status=CarrierStatus.BUSY))
    counted: list[str] = []

    def note(connection: object, cursor: object, statement: str, given: Any, *_: object) -> None:
        if statement.startswith("UPDATE drives SET rung"):
            counted.append(str(given[-1] if isinstance(given, tuple) else given["id_1"]))

    event.listen(service.database.engine, "before_cursor_execute", note)
    follow_up(quick.ctx)
    # Each drive's row once and last, whatever came to an end in it: dials take their turn there.
    assert len(counted) == len(set(counted)) == 3
    assert counted == sorted(counted)
    with quick.database.reading() as unit:
        found = [unit.drives.get(drive) for drive in drives]
    assert [one.rung for one in found if one is not None] == [6] * 3
