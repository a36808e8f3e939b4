"""What a process is at beside the ringing when it dies: rings agreed on, texts, webhooks, money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Timer

from sqlalchemy import select, text

from callbridge.dialer import loop
from callbridge.domain.call import Door
from callbridge.domain.deliveries import MailWish
from callbridge.domain.survey import Meaning
from callbridge.errors import AlreadyPlannedError, AppointmentError, NotFoundError, UsedUpError
from callbridge.service.after import own_page, survey, texting
from callbridge.service.appointments import changing
from callbridge.service.appointments.making import make
from callbridge.service.appointments.planning import keep_appointments
from callbridge.service.appointments.wishes import Repeat, Wish
from callbridge.service.deliveries import webhooks
from callbridge.service.deliveries.handing_out import hand_out
from callbridge.service.deliveries.sending import deliver
from callbridge.service.drives import running
from callbridge.service.jobs import run_now
from callbridge.service.money.booking import ask_prices, book_ended
from callbridge.service.views import CallRequest
from callbridge.store.drive_tables import drives
from callbridge.store.tables import calls
from callbridge.store.text_tables import texts
from tests.service.drives.crowd import begun, dial
from tests.service.scenarios import Scenario, at_once, telephones
from tests.service.setting import PHONE, WORDS, ZIP, Service
from tests.service.test_after import shown
from tests.service.test_texting import hook

# Ten in the morning in San Francisco, an hour after the service's clock begins.
_WEEKLY = Wish(day=0, minute=10 * 60, repeat=Repeat.WEEKLY)
_FIRST = datetime(2026, 11, 17, 18, 0, tzinfo=UTC)
_SPOKE = {1: [("happened", Meaning.SPOKE)]}


def _rung_over(service: Service) -> None:
    """Let whoever was rung press 1 and hang up."""
    for phone in telephones(service):
        phone.answer()
        phone.press("1")
        phone.hang_up()


def _talked(service: Service) -> None:
    """Let somebody who wants a text talk to an office, say what it said, and hang up."""
    service.start(PHONE, text_words=WORDS, network="203.0.113.0/24")
    phone = telephones(service)[-1]
    phone.answer()
    phone.press("1")
    phone.press("1")
    phone.bridge_ends()
    phone.press("1")
    phone.hang_up()


def _call(service: Service) -> str:
    """Return the first call's id."""
    with service.database.reading() as unit:
        return str(unit.connection.scalar(select(calls.c.id).order_by(calls.c.created).limit(1)))


# Rings at a time. ---------------------------------------------------------------------------------


def _ask_for_a_ring(service: Service) -> None:
    request = CallRequest(
        slug="water", phone=PHONE, zip=ZIP, consent=True, consent_words=WORDS, door=Door.PAGE
    )
    with suppress(AlreadyPlannedError):  # the form is sent again by whoever got no answer
        make(service.ctx, request, _WEEKLY)


def _ring_due(service: Service) -> None:
    _ask_for_a_ring(service)
    service.clock.at = _FIRST


def _ring_and_plan_the_next(service: Service) -> None:
    dial(service)
    _rung_over(service)
    keep_appointments(service.ctx)


def _token(service: Service) -> str:
    """Return the link of the only ring that was agreed on."""
    with service.database.reading() as unit:
        found = unit.connection.scalar(text("SELECT token FROM appointments"))
    return str(found)


def _change_a_ring(service: Service) -> None:
    token, tomorrow = _token(service), service.clock.now().weekday() + 1
    changing.skip_next(service.ctx, token)
    wish = Wish(minute=11 * 60, repeat=Repeat.WEEKLY)
    changing.move_to(service.ctx, token, wish, days=frozenset({tomorrow}))
    changing.stop(service.ctx, token)


def _stop_the_ring(service: Service) -> None:
    with suppress(AppointmentError):
        changing.stop(service.ctx, _token(service))


# Texts, links and pages after a call. -------------------------------------------------------------


def _send_texts(service: Service) -> None:
    texting.send_due(service.ctx, owner="mortal")


def _text_left_behind(service: Service) -> None:
    _talked(service)
    with service.database.writing() as unit:
        claimed = unit.texts.claim("died", now=service.clock.now(), lease_seconds=0)
    assert claimed is not None


def _text_sent(service: Service) -> None:
    _talked(service)
    _send_texts(service)


def _hear_of_a_text(service: Service) -> None:
    with service.database.reading() as unit:
        row = unit.connection.execute(select(texts.c.token, texts.c.sid)).one()
    texting.reported(service.ctx, row.token, hook(sid=row.sid, status="delivered"))
    texting.received(service.ctx, hook(body="STOP"))


def _ask_for_a_link(service: Service) -> None:
    texting.plan_link(service.ctx, phone=PHONE, language="en", words=WORDS)
    _send_texts(service)


def _answer_by_link(service: Service) -> None:
    secret = shown(service, _call(service)).survey
    if secret is not None:
        with suppress(UsedUpError):
            survey.answer(service.ctx, secret, _SPOKE)


def _use_the_own_page(service: Service) -> None:
    call = _call(service)
    secret = shown(service, call).page
    if secret is None:
        return
    with suppress(NotFoundError):  # erased already
        own_page.correct(service.ctx, secret, call=call, given=_SPOKE)
        own_page.stop(service.ctx, secret)
        own_page.erase(service.ctx, secret)


# Webhooks, mail, money, housekeeping. -------------------------------------------------------------


def _told(service: Service) -> None:
    webhooks.add(service.ctx, "water", "https://receiver.example/", by="ada@example.org")
    _talked(service)


def _tell(service: Service) -> None:
    hand_out(service.ctx)
    deliver(service.ctx, owner="mortal")


def _booked(service: Service) -> None:
    _talked(service)
    book_ended(service.ctx)
    service.clock.forward(minutes=6)


def _book(service: Service) -> None:
    book_ended(service.ctx)


def _price(service: Service) -> None:
    ask_prices(service.ctx)


def _report_due(service: Service) -> None:
    _talked(service)
    with service.database.writing() as unit:
        unit.outbox.wish("ada@example.org", {MailWish.NIGHTLY_REPORT, MailWish.DIRECTORY_HELD})
    service.clock.forward(days=1)


def _job(name: str) -> Callable[[Service], None]:
    def work(service: Service) -> None:
        at_once(service)
        run_now(service.ctx, name, owner="mortal")

    return work


def _drive_running(service: Service) -> None:
    begun(service, 3)


def _drive(service: Service) -> str:
    with service.database.reading() as unit:
        return str(unit.connection.scalar(select(drives.c.id)))


def _stop_the_drive(service: Service) -> None:
    running.stop(service.ctx, _drive(service))


def _run_a_dialer(service: Service) -> None:
    """Run the whole dialer until it is told to stop, and signs off."""
    stop = Event()
    Timer(2.0, stop.set).start()
    loop.run(service.ctx, stop=stop)


LATE = timedelta(days=1)
BESIDE: Mapping[str, Scenario] = {
    "ring asked for": Scenario(work=_ask_for_a_ring, again=_ask_for_a_ring),
    "ring due": Scenario(prepare=_ring_due, work=_ring_and_plan_the_next),
    "ring changed": Scenario(prepare=_ask_for_a_ring, work=_change_a_ring, again=_stop_the_ring),
    "text due": Scenario(prepare=_talked, work=_send_texts),
    "text left behind": Scenario(prepare=_text_left_behind, work=_send_texts),
    "text refused": Scenario(prepare=_talked, work=_send_texts, during="refused"),
    "text for a busy carrier": Scenario(prepare=_talked, work=_send_texts, during="busy"),
    "text without an answer": Scenario(prepare=_talked, work=_send_texts, during="lost-before"),
    "text heard of": Scenario(prepare=_text_sent, work=_hear_of_a_text, again=_hear_of_a_text),
    "link asked for": Scenario(prepare=_text_sent, work=_ask_for_a_link, again=_ask_for_a_link),
    "survey by link": Scenario(prepare=_talked, work=_answer_by_link, again=_answer_by_link),
    "own page": Scenario(prepare=_talked, work=_use_the_own_page, again=_use_the_own_page),
    "receiver": Scenario(prepare=_told, work=_tell),
    "deaf receiver": Scenario(prepare=_told, work=_tell, during="deaf"),
    "calls to book": Scenario(prepare=_talked, work=_book),
    "calls to price": Scenario(prepare=_booked, work=_price),
    "report due": Scenario(prepare=_report_due, work=_job("reports")),
    "directory held": Scenario(prepare=_report_due, work=_job("directory")),
    "counters": Scenario(work=_job("counters")),
    "drive stopped": Scenario(prepare=_drive_running, work=_stop_the_drive, again=_stop_the_drive),
    "dialer": Scenario(prepare=_drive_running, work=_run_a_dialer),
}
