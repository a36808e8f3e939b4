"""A crowd for drives: lists of people as text, and a dialer that works until nothing is due."""

from __future__ import annotations

from collections.abc import Iterable

from callbridge.domain.telephony import CarrierStatus
from callbridge.service.dialing import place_waiting
from callbridge.service.drives import running
from callbridge.service.drives.dialling import place_drives
from callbridge.service.drives.following import follow_up, look_after
from callbridge.service.drives.views import DriveRequest, DriveView, Imported
from callbridge.service.settling import settle_stuck, settle_unknown
from callbridge.service.statuses import status
from tests.service.setting import Service, Telephone

HEADER = "phone,zip,language,group,consent_source,consent_at"
# Nobody's numbers, and no two states: enough offices for everybody at once.
ZIPS = ("94110", "10001", "60614", "77002", "98101", "02139", "33130", "30303", "80202", "97201")


def numbers(count: int, *, area: int = 202) -> list[str]:
    """Return example numbers, a hundred of each area code."""
    return [f"+1{area + n // 100}55501{n % 100:02d}" for n in range(count)]


def people(count: int, *, zips: Iterable[str] = ZIPS) -> str:
    """Return a list of people who agreed."""
    every = list(zips)
    rows = (
        f"{phone},{every[n % len(every)]},en,,rally,2026-05-04"
        for n, phone in enumerate(numbers(count))
    )
    return "\n".join((HEADER, *rows, ""))


def create(service: Service, count: int = 20, **changes: object) -> Imported:
    """Create a drive that may ring at any lawful hour."""
    text = str(changes.pop("text", "") or people(count))
    wanted = {"slug": "water", "window": "08:00-21:00", "days": "all"} | changes
    return running.create(service.ctx, DriveRequest(**wanted), text)  # type: ignore[arg-type]


def begun(service: Service, count: int = 20, **changes: object) -> str:
    """Create and start a drive; return its id."""
    made = create(service, count, **changes)
    assert made.drive is not None
    running.start(service.ctx, made.drive)
    return made.drive


def dial(service: Service, *, owner: str = "dialer") -> int:
    """Let the dialer do one round of everything."""
    place_waiting(service.ctx, owner=owner)
    asked = place_drives(service.ctx, owner=owner)
    settle_unknown(service.ctx)
    settle_stuck(service.ctx)
    while follow_up(service.ctx):
        pass
    look_after(service.ctx)
    return asked


def ringing(service: Service) -> list[Telephone]:
    """Return the telephones that ring now."""
    over = {sid for sid, call in service.line.calls.items() if call.status.final}
    every = zip(service.line.placed, service.line.calls.values(), strict=False)
    return [
        Telephone(service=service, token=order.token, sid=call.sid, to=order.to)
        for order, call in every
        if call.sid not in over
    ]


def nobody_answers(service: Service, how: CarrierStatus = CarrierStatus.NO_ANSWER) -> int:
    """Let every telephone that rings ring out; return how many there were."""
    phones = ringing(service)
    for phone in phones:
        service.line.set(phone.sid, how)
        status(service.ctx, phone.token, phone.hook(status=how))
    return len(phones)


def everybody_answers(service: Service) -> int:
    """Let everybody pick up, press 1 and hang up; return how many there were."""
    phones = ringing(service)
    for phone in phones:
        phone.answer()
        phone.press("1")
        service.line.set(phone.sid, CarrierStatus.COMPLETED, 30)
        phone.hang_up()
    return len(phones)


def told(service: Service, drive: str) -> DriveView:
    """Return how a drive stands."""
    return running.status(service.ctx, drive)
