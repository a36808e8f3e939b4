"""The links after a call: used once, sealed, ended by retention, erased with all of theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from callbridge.domain.survey import Meaning
from callbridge.errors import InProgressError, NotFoundError, RefusedError, UsedUpError
from callbridge.service import answers, reading
from callbridge.service.after import links, own_page, showing, survey
from callbridge.service.erasing import erase_due
from callbridge.service.views import StartedCall
from tests.service.setting import PHONE, Service

HOME, ELSEWHERE = "203.0.113.0/24", "198.51.100.0/24"
SPOKE = {1: [("happened", Meaning.SPOKE), ("position", Meaning.OPPOSES)]}


def called(service: Service, **changes: object) -> StartedCall:
    """Carry a call to its first office, whose conversation ends; then the supporter hangs up."""
    started = service.start(**{"network": HOME, **changes})  # type: ignore[arg-type]
    phone = service.phone()
    phone.answer()
    phone.press("1")
    phone.press("1")
    phone.bridge_ends()
    phone.hang_up()
    return started


def shown(service: Service, call: str) -> links.Links:
    """Return the links that the call's page shows."""
    return showing.links(service.ctx, reading.call_view(service.ctx, call))


def told(service: Service, call: str) -> list[tuple[str, str, bool]]:
    """List a call's answers: meaning, source, superseded."""
    (leg,) = reading.call_view(service.ctx, call).legs
    return [(a.meaning.value, str(a.source), a.superseded) for a in leg.answers]


def everything_kept(service: Service) -> str:
    """Return all that the database holds of links and calls, as text."""
    with service.database.engine.connect() as connection:
        rows = [
            connection.execute(text(f"SELECT * FROM {table}")).all()
            for table in ("links", "calls", "attempts", "facts")
        ]
    return repr(rows)


def test_who_hung_up_answers_once_and_looking_uses_nothing_up(service: Service) -> None:
    started = called(service)
    secret = shown(service, started.call).survey
    assert secret is not None
    for _ in range(3):
        assert not survey.look(service.ctx, secret).used
    with pytest.raises(RefusedError):
        survey.answer(service.ctx, secret, {})
    with pytest.raises(RefusedError):
        survey.answer(service.ctx, secret, {1: [("happened", Meaning.SUPPORTS)]})
    assert not survey.look(service.ctx, secret).used
    survey.answer(service.ctx, secret, SPOKE)
    assert told(service, started.call) == [("spoke", "web", False), ("opposes", "web", False)]
    used = survey.look(service.ctx, secret)
    assert used.used
    assert used.page == shown(service, started.call).page is not None
    with pytest.raises(UsedUpError):
        survey.answer(service.ctx, secret, {1: [("happened", Meaning.NOBODY)]})
    assert told(service, started.call) == [("spoke", "web", False), ("opposes", "web", False)]
    assert shown(service, started.call).survey is None


def test_neither_link_stands_in_the_database(service: Service) -> None:
    found = shown(service, called(service).call)
    kept = everything_kept(service)
    assert found.survey
    assert found.page
    assert found.survey not in kept
    assert found.page not in kept


def test_a_call_that_reached_no_office_has_no_links(service: Service) -> None:
    started = service.start(network=HOME)
    phone = service.phone()
    phone.answer()
    phone.hang_up()
    assert shown(service, started.call) == links.Links()


def test_the_surveys_link_ends_with_the_hash_and_the_own_page_does_not(service: Service) -> None:
    found = shown(service, called(service).call)
    assert found.survey
    assert found.page
    service.clock.forward(days=29)
    erase_due(service.ctx)
    assert survey.look(service.ctx, found.survey).page is None  # the number is long erased
    service.clock.forward(days=2)
    erase_due(service.ctx)
    with pytest.raises(NotFoundError):
        survey.look(service.ctx, found.survey)
    assert len(own_page.look(service.ctx, found.page).deeds) == 1


def test_the_own_page_grows_with_each_call_and_corrects_with_history(service: Service) -> None:
    first = called(service)
    page = shown(service, first.call).page
    service.clock.forward(hours=1)
    second = called(service)
    assert page is not None
    assert shown(service, second.call).page == page
    deeds = own_page.look(service.ctx, page).deeds
    assert [deed.view.call for deed in deeds] == [second.call, first.call]
    own_page.correct(service.ctx, page, call=first.call, given=SPOKE)
    given = {1: [("happened", Meaning.SPOKE), ("position", Meaning.UNDECIDED)]}
    own_page.correct(service.ctx, page, call=first.call, given=given)
    assert ("opposes", "web", True) in told(service, first.call)
    assert ("undecided", "web", False) in told(service, first.call)
    with pytest.raises(NotFoundError):
        own_page.correct(service.ctx, page, call="0" * 32, given=SPOKE)


def test_who_types_a_strangers_number_sees_nothing_of_the_stranger(service: Service) -> None:
    theirs = called(service)
    service.clock.forward(hours=1)
    mine = called(service, network=ELSEWHERE)
    page = shown(service, mine.call).page
    assert page is not None
    assert page != shown(service, theirs.call).page
    assert [deed.view.call for deed in own_page.look(service.ctx, page).deeds] == [mine.call]
    with service.ctx.store.reading() as unit:
        to_the_phone = links.sent(service.ctx, unit, "+12025550147", None).page
    assert to_the_phone is not None
    assert len(own_page.look(service.ctx, to_the_phone).deeds) == 2


def test_stop_on_the_own_page_is_kept_even_when_number_and_hash_are_gone(service: Service) -> None:
    page = shown(service, called(service).call).page
    assert page is not None
    service.clock.forward(days=40)
    erase_due(service.ctx)
    assert not own_page.look(service.ctx, page).stopped
    own_page.stop(service.ctx, page)
    assert own_page.look(service.ctx, page).stopped
    with pytest.raises(RefusedError) as refused:
        service.start()
    assert refused.value.type == "opted-out"


def test_erase_me_forgets_the_person_and_every_page_of_theirs(service: Service) -> None:
    first = called(service, referral="a-friend")
    service.clock.forward(hours=1)
    second = called(service, network=ELSEWHERE)
    pages = [shown(service, one.call).page or "" for one in (first, second)]
    survey_link = shown(service, second.call).survey or ""
    with service.ctx.store.reading() as unit:
        kept = unit.calls.by_id(first.call)
        sent = links.sent(service.ctx, unit, "+12025550147", None).page or ""
    assert kept
    assert kept.phone_hash
    answers.report(service.ctx, first.call, leg=1, question="happened", meaning=Meaning.SPOKE)
    own_page.erase(service.ctx, pages[0])
    for page in (*pages, sent):
        assert own_page.look(service.ctx, page) == own_page.OwnPage(erased=True)
        with pytest.raises(NotFoundError):
            own_page.stop(service.ctx, page)
    with pytest.raises(NotFoundError):
        survey.look(service.ctx, survey_link)
    left = everything_kept(service)
    for trace in (kept.phone_hash, "a-friend", "94110", "gAAAA"):  # gAAAA: nothing is sealed
        assert trace not in left
    assert told(service, first.call)[0][0] == "spoke"
    # The same number starts anew, with a page of its own.
    third = called(service)
    again = shown(service, third.call).page
    assert again is not None
    assert again not in pages
    assert [one.view.call for one in own_page.look(service.ctx, again).deeds] == [third.call]
    assert own_page.look(service.ctx, pages[0]).erased


def test_a_call_that_goes_on_is_not_erased_under_its_supporter(service: Service) -> None:
    page = shown(service, called(service).call).page
    assert page is not None
    service.clock.forward(hours=1)
    going_on = service.start(network=HOME)
    with pytest.raises(InProgressError):
        own_page.erase(service.ctx, page)
    assert not own_page.look(service.ctx, page).erased
    service.phone().hang_up()
    own_page.erase(service.ctx, page)
    with service.ctx.store.reading() as unit:
        record = unit.calls.by_id(going_on.call)
    assert record
    assert (record.phone_enc, record.phone_hash) == (None, None)


def test_what_waits_to_be_rung_is_called_off_with_the_erasure(service: Service) -> None:
    page = shown(service, called(service).call).page
    assert page is not None
    service.clock.forward(hours=1)
    with service.database.writing() as unit:
        while unit.pace.take(0.0001):
            pass
    waiting = service.start(network=HOME)
    assert waiting.wait_seconds > 0
    own_page.erase(service.ctx, page)
    view = reading.call_view(service.ctx, waiting.call)
    assert view.ended is not None
    assert PHONE not in everything_kept(service)


def test_a_second_answer_of_a_day_counts_no_more_after_the_erasure(service: Service) -> None:
    for meaning in (Meaning.SUPPORTS, Meaning.OPPOSES):
        started = called(service)
        given = {1: [("happened", Meaning.SPOKE), ("position", meaning)]}
        survey.answer(service.ctx, shown(service, started.call).survey or "", given)
        service.clock.forward(minutes=5)
    page = shown(service, started.call).page or ""
    before = _counted(service)
    own_page.erase(service.ctx, page)
    assert _counted(service) == before == {"opposes": 1}


def _counted(service: Service) -> dict[str, int]:
    with service.database.writing() as unit:
        unit.rollups.rebuild()
    with service.database.reading() as unit:
        found = unit.board.counts("water", today=service.clock.now().date(), weight=lambda _: 1.0)
    return {count.meaning.value: count.count for count in found}
