"""A process killed at every transaction of the dialer's work and the hooks', by a checked list."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from callbridge.store import Database
from tests.service.judging import live_on, look
from tests.service.points import Moment, Point, dying_at, modules, points, requests
from tests.service.scenarios import QUICK, SCENARIOS, at_once, on_the_line
from tests.service.scenarios_beside import BESIDE
from tests.service.setting import Service, service_on
from tests.service.test_killed import in_a_process_that_dies

# What a person at a keyboard does in one transaction, or what only looks: nothing comes of it by
# itself, and whoever got no answer does it again.
APART = {
    "after/own_page.look#1",
    "after/showing.links#1",
    "after/survey.look#1",
    "appointments/changing.link_of_call#1",
    "appointments/changing.view#1",
    "deliveries/webhooks.add#1",
    "deliveries/webhooks.remove#1",
    "deliveries/webhooks.test#1",
    "deliveries/webhooks.try_now#1",
    "deliveries/webhooks.views#1",
    "drives/running._record#1",
    "drives/running.change#1",
    "drives/running.create#1",
    "drives/running.resume#1",
    "drives/running.start#1",
    "jobs.standings#1",
    "money/ceilings.set_ceiling#1",
    "money/ceilings.views#1",
    "reporting.report#1",
    "restored.hold#1",
    "restored.installation#1",
    "restored.release#1",
    "rolling.rebuild#1",
    "rolling.rebuild#2",
    "shifts.titles#1",
}
# The same, of whole modules.
KEYBOARD = {
    "answers",
    "board",
    "comparing",
    "counter",
    "doctor",
    "drives/copying",
    "drives/estimating",
    "drives/foreseeing",
    "drives/people",
    "drives/telling",
    "exporting",
    "figures",
    "health",
    "lookup",
    "mailing",
    "opting_out",
    "paging",
    "publishing",
    "reading",
    "results",
    "searching",
    "vitals",
}
# Where each transaction is met. A new one in the code is missing here, and a test says so.
MET: Mapping[str, str] = {
    "after/own_page.correct#1": "own page",
    "after/own_page.erase#1": "own page",
    "after/own_page.stop#1": "own page",
    "after/survey.answer#1": "survey by link",
    "after/texting.plan_link#1": "link asked for",
    "after/texting.send_due#1": "text due",
    "after/texting.send_due#2": "text left behind",
    "after/texting.send_due#3": "text due",
    "after/texting.send_due#4": "text due",
    "after/texting._commit#1": "text due",
    "after/texting._send#1": "text refused",
    "after/texting._send#2": "text for a busy carrier",
    "after/texting._send#3": "text without an answer",
    "after/texting._send#4": "text due",
    "after/texting.received#1": "text heard of",
    "after/texting.reported#1": "text heard of",
    "appointments/beginning.begin_call#1": "ring due",
    "appointments/changing.move_to#1": "ring changed",
    "appointments/changing.skip_next#1": "ring changed",
    "appointments/changing.stop#1": "ring changed",
    "appointments/making._read#1": "ring asked for",
    "appointments/making.make#1": "ring asked for",
    "appointments/planning.keep_appointments#1": "ring due",
    "appointments/planning.keep_appointments#2": "ring due",
    "blocs.arrange_blocs#1": "jobs",
    "blocs._arrange#1": "jobs",
    "chores.forget_counters#1": "counters",
    "chores.renew_directory#1": "directory held",
    "deliveries/handing_out.hand_out#1": "receiver",
    "deliveries/handing_out.hand_out#2": "receiver",
    "deliveries/posting.post#1": "receiver",
    "deliveries/sending._try#1": "deaf receiver",
    "deliveries/sending._try#2": "receiver",
    "deliveries/sending._work#1": "receiver",
    "deliveries/sending._work#2": "receiver",
    "deliveries/sending.deliver#1": "receiver",
    "deliveries/sending.deliver#2": "receiver",
    "deliveries/sending.forget_old#1": "jobs",
    "dialer/loop._beat#1": "dialer",
    "dialer/loop._leave#1": "dialer",
    "dialer/notes.write#1": "dialer",
    "dialing.place_waiting#1": "drive",
    "dialing.place_waiting#2": "waiting",
    "dialing.place_waiting#3": "waiting",
    "dialing._rung_meanwhile#1": "waiting",
    "dialing._rung_meanwhile#2": "copy and no word",
    "dialing._rung_meanwhile#3": "copy",
    "dialing._commit#1": "waiting",
    "drives/claiming.claim#1": "drive",
    "drives/dialling._commit#1": "drive that has lost its targets",
    "drives/dialling._commit#2": "drive",
    "drives/dialling._rung_meanwhile#1": "copy and no word",
    "drives/dialling._rung_meanwhile#2": "copy",
    "drives/late.another_slot#1": "drive that is late",
    "drives/following.follow_up#1": "drive",
    "drives/following.look_after#1": "drive",
    "drives/following.look_after#2": "drive",
    "drives/following.look_after#3": "drive",
    "drives/following.look_after#4": "drive",
    "drives/looking.look#1": "drive",
    "drives/running._end#1": "drive stopped",
    "drives/running._end#2": "drive stopped",
    "drives/running.pause#1": "suspended account",
    "erasing.erase_due#1": "jobs",
    "hooks.voice#1": "drive",
    "hooks.inbound#1": "call in",
    "hooks.sorry#1": "call in",
    "jobs.run_due#1": "jobs",
    "jobs._run#1": "jobs",
    "jobs._run#2": "jobs",
    "money/booking._ask#1": "calls to price",
    "money/booking._ask#2": "calls to price",
    "money/booking.ask_prices#1": "calls to price",
    "money/booking.book_ended#1": "calls to book",
    "money/booking.book_ended#2": "calls to book",
    "placing._read#1": "answer lost",
    "placing.start_call#1": "answer lost",
    "restored.rung_meanwhile#1": "copy",
    "reporting._post_once#1": "report due",
    "reporting.post_nightly#1": "report due",
    "ringing.ring#1": "answer lost",
    "ringing._placed#1": "drive",
    "ringing._refused#1": "suspended account",
    "ringing._later#1": "busy carrier",
    "rolling.roll_up#1": "jobs",
    "rolling.roll_up#2": "jobs",
    "rolling.roll_up#3": "jobs",
    "settling.settle_unknown#1": "drive",
    "settling._settle#1": "found by asking",
    "settling._settle#2": "bound meanwhile",
    "settling._adopt#1": "found by asking",
    "settling._not_found#1": "never placed",
    "settling.settle_stuck#1": "drive",
    "settling._ask#1": "without news",
    "statuses.status#1": "drive",
    "trying.count_tried#1": "jobs",
    "trying.count_tried#2": "jobs",
    "statuses.inbound_status#1": "call in",
}
# Both sides of these are points of their own, or (`place`) test_killed dies just before and just
# after; what only asks changes nothing at the carrier.
ASKED = {
    "after/texting._send send_text",
    "deliveries/posting.post post",
    "deliveries/sending._send send",
    "money/booking._ask children",
    "money/booking._ask fetch",
    "restored.rung_meanwhile find",
    "ringing.ring place",
    "settling._ask children",
    "settling._ask fetch",
    "settling._legs_of find",
}
MODULES = [module for module in modules() if module not in KEYBOARD]
CODE = {point.name: point for module in MODULES for point in points(module)}
# Where a death may ring somebody twice or never again; the rest runs at night.
HEART = {
    "dialing._commit#1",
    "drives/claiming.claim#1",
    "drives/dialling._commit#2",
    "drives/late.another_slot#1",
    "drives/following.follow_up#1",
    "ringing._placed#1",
    "settling._not_found#1",
}


def test_every_transaction_of_the_dialer_and_the_hooks_is_in_the_list() -> None:
    assert set(modules()) >= KEYBOARD
    assert set(CODE) == set(MET) | APART
    assert {one for module in MODULES for one in requests(module)} == ASKED


# The same of texts, words and money; on PostgreSQL by night.
BESIDE_THE_HEART = {
    "after/texting._commit#1",
    "deliveries/sending._try#2",
    "money/booking.book_ended#2",
}


def _when(name: str, moment: Moment) -> tuple[pytest.MarkDecorator, ...]:
    """Say when a case has its turn."""
    if moment is not Moment.BEGIN and name in HEART:
        return ()
    by_day = moment is not Moment.BEGIN and name in BESIDE_THE_HEART
    return (pytest.mark.sqlite_by_day if by_day else pytest.mark.nightly,)


def _cases() -> list[object]:
    return [
        pytest.param(CODE[name], moment, id=f"{name} {moment}", marks=_when(name, moment))
        for name in MET
        if name in CODE
        for moment in Moment
    ]


@pytest.mark.parametrize(("point", "moment"), _cases())
def test_a_process_killed_at_a_point_leaves_nobody_rung_twice_forgotten_or_stuck(
    service: Service, database_url: str, tmp_path: Path, point: Point, moment: Moment
) -> None:
    scenario, path = (SCENARIOS | BESIDE)[MET[point.name]], tmp_path / "books"
    alive = on_the_line(service, path).with_settings(**QUICK)
    scenario.prepare(on_the_line(alive, path, scenario.before))
    at_once(alive)
    moved = alive.clock.now() - service_on(alive.database, database_url).clock.now()

    def work(database: Database) -> None:
        mortal = service_on(database, database_url, **QUICK)
        mortal.clock.forward(seconds=moved.total_seconds())
        dying_at(database, point, moment)
        scenario.work(on_the_line(mortal, path, scenario.during))

    # The scenario comes to that place: a point that nothing meets would prove nothing.
    assert in_a_process_that_dies(work, database_url)
    scenario.again(alive)
    live_on(alive)
    look(alive, path)
