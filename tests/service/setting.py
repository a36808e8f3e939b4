"""A whole service for tests: real store and directory, a clock to set, a telephone company."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import msgspec

from callbridge.directory.lookup import Directory
from callbridge.domain.campaign import Branch, Campaign, Pick, Script, Wording
from callbridge.domain.congress import Office
from callbridge.domain.findings import Finding
from callbridge.domain.survey import Meaning, Option, Question, Survey
from callbridge.domain.telephony import (
    CarrierCall,
    CarrierStatus,
    DialResult,
    Hook,
    PlaceOrder,
    TextOrder,
)
from callbridge.errors import CarrierBusyError, CarrierRefusedError, CarrierUnknownError
from callbridge.service import hooks, publishing
from callbridge.service.context import Context, compose
from callbridge.service.placing import start_call
from callbridge.service.statuses import status
from callbridge.service.views import CallRequest, Spoken, StartedCall
from callbridge.settings import Settings, load
from callbridge.store import Database

LINE = "+12025550100"
PHONE = "202-555-0147"
ZIP = "94110"
# A Tuesday at noon in Washington.
NOON = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
WORDS = "I agree to be called at this number for this campaign."


class HandClock:
    """A clock that stands until a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the time."""
        return self.at

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.at += timedelta(**span)


@dataclass
class Switchboard:
    """A telephone company in memory: it keeps books like a real one and can be told to fail.

    `trouble` is what the next create meets: refused, number, busy, lost-before (never processed),
    lost-after (processed, answer lost).
    """

    clock: HandClock
    trouble: str | None = None
    texts: list[TextOrder] = field(default_factory=list)
    placed: list[PlaceOrder] = field(default_factory=list)
    calls: dict[str, CarrierCall] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    name: str = "switchboard"
    real: bool = False
    number: str = LINE
    ready: bool = False
    _sids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def get_ready(self) -> None:
        self.ready = True

    def examine(self) -> tuple[Finding, ...]:
        return ()

    def place(self, order: PlaceOrder) -> str:
        """Ring somebody, unless there is trouble."""
        match self.trouble:
            case "refused":
                raise CarrierRefusedError("The account is suspended.", reason="account", code=20005)
            case "number":
                raise CarrierRefusedError("Not a phone.", reason="number", code=21217)
            case "busy":
                raise CarrierBusyError("Too many requests.")
            case "lost-before":
                raise CarrierUnknownError("No answer.")
            case _:
                pass
        self.placed.append(order)
        sid = self.leg(to=order.to, from_=order.from_)
        if self.trouble == "lost-after":
            raise CarrierUnknownError("No answer.")
        return sid

    def leg(self, *, to: str, from_: str, parent: str | None = None) -> str:
        """Enter a leg in the books."""
        sid = f"CA{next(self._sids):032x}"
        self.calls[sid] = CarrierCall(
            sid=sid,
            parent_sid=parent,
            to=to,
            from_=from_,
            status=CarrierStatus.QUEUED,
            created=self.clock.now(),
            seconds=None,
        )
        return sid

    def set(self, sid: str, status: CarrierStatus, seconds: int | None = None) -> None:
        """Change a leg's state in the books."""
        self.calls[sid] = replace(self.calls[sid], status=status, seconds=seconds)

    def send_text(self, order: TextOrder) -> str:
        """Take a text, unless there is trouble; a landline's and a stopped number's codes."""
        if self.trouble == "busy":
            raise CarrierBusyError("Too many requests.")
        if self.trouble != "lost-before":
            self.texts.append(order)
        if (code := {"number": 21614, "stopped": 21610}.get(self.trouble or "")) is not None:
            raise CarrierRefusedError("No.", reason=self.trouble or "", code=code)
        if self.trouble is not None:
            raise CarrierUnknownError("No answer.")
        return f"SM{next(self._sids):032x}"

    def hang_up(self, sid: str) -> None:
        """End a leg."""
        self.ended.append(sid)

    def fetch(self, sid: str) -> CarrierCall | None:
        """Return a leg."""
        return self.calls.get(sid)

    def find(self, *, to: str, from_: str, since: datetime) -> Sequence[CarrierCall]:
        """List legs by both numbers."""
        return [
            c for c in self.calls.values() if c.to == to and c.from_ == from_ and c.created >= since
        ]

    def children(self, sid: str) -> Sequence[CarrierCall]:
        """List the office legs."""
        return [c for c in self.calls.values() if c.parent_sid == sid]


class JsonReader:
    """Reads a campaign from one JSON file: the smallest document format there can be."""

    def read(self, slug: str, files: Mapping[str, bytes]) -> Campaign:
        """Return the campaign."""
        return replace(msgspec.json.decode(files["campaign.json"], type=Campaign), slug=slug)


SURVEY = Survey(
    questions=(
        Question(
            id="happened",
            words="What happened?",
            options=(
                Option(key="1", words="Talked", meaning=Meaning.SPOKE, then="position"),
                Option(key="2", words="Left a message", meaning=Meaning.VOICEMAIL),
                Option(key="3", words="Mailbox full", meaning=Meaning.MAILBOX_FULL),
                Option(key="4", words="Nobody", meaning=Meaning.NOBODY),
                Option(key="5", words="Wrong number", meaning=Meaning.WRONG_NUMBER),
            ),
        ),
        Question(
            id="position",
            words="Where do they stand?",
            options=(
                Option(key="2", words="Supports it", meaning=Meaning.SUPPORTS),
                Option(key="3", words="Opposes it", meaning=Meaning.OPPOSES),
                Option(key="4", words="Undecided", meaning=Meaning.UNDECIDED),
                Option(key="5", words="Would not say", meaning=Meaning.WOULD_NOT_SAY),
            ),
        ),
    )
)


def campaign_of(**changes: object) -> Campaign:
    """Return a campaign that calls both senators, with changes."""
    wording = Wording(
        language="en",
        title="Clean water",
        summary="Call your senators.",
        purpose="your senators about clean water",
        page_html="<p>Water.</p>",
        script=Script(
            opening="Hello.",
            talking_points="Please vote for the bill.",
            replies={Branch.SUPPORT: "Thank you.", Branch.OPPOSE: "Please think again."},
        ),
        script_html={},
        survey=SURVEY,
    )
    campaign = Campaign(
        slug="water", language="en", languages={"en": wording}, order=(Pick.SENATE,)
    )
    return replace(campaign, **changes)  # type: ignore[arg-type]


def office(name: str, phone: str) -> Office:
    """Return an office in Washington's zone."""
    return Office(id=name, city="Springfield", phone=phone, zone="America/New_York")


def documents(campaign: Campaign) -> Mapping[str, bytes]:
    """Return the files of a campaign."""
    return {"campaign.json": msgspec.json.encode(campaign), "water.jpg": b"\xff\xd8picture"}


def settings_of(url: str, **given: str) -> Settings:
    """Return settings for tests, some given by name."""
    environ = {
        "DATABASE_URL": url,
        "SECRET_KEY": "s" * 32,
        "PHONE_KEYS": "p" * 32,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "t" * 32,
        "TWILIO_FROM": LINE,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "CALLS_PER_SECOND": "1000",
        "LIMIT_NUMBER_HOUR": "100",
        "LIMIT_NUMBER_DAY": "100",
    }
    return load(environ | given)


@dataclass
class Service:
    """The service with handles on the world around it."""

    ctx: Context
    clock: HandClock
    line: Switchboard
    database: Database

    def publish(self, slug: str = "water", **changes: object) -> None:
        """Publish a campaign."""
        publishing.publish(self.ctx, slug, documents(campaign_of(**changes)))

    def start(self, phone: str = PHONE, **changes: object) -> StartedCall:
        """Ask for a call."""
        request = CallRequest(slug="water", phone=phone, zip=ZIP, consent=True, consent_words=WORDS)
        return start_call(self.ctx, replace(request, **changes))  # type: ignore[arg-type]

    def with_settings(self, **given: str) -> Service:
        """Return the same service with other settings, on the same database."""
        url = self.ctx.settings.database_url
        ctx = replace(self.ctx, settings=settings_of(url, **given))
        return replace(self, ctx=ctx)

    def phone(self, started: StartedCall | None = None) -> Telephone:
        """Return the supporter's end of the call placed last."""
        order = self.line.placed[-1]
        sid = [c.sid for c in self.line.calls.values() if c.to == order.to][-1]
        return Telephone(service=self, token=order.token, sid=sid, to=order.to)


@dataclass
class Telephone:
    """The supporter's end of a call: answers, presses keys, hangs up."""

    service: Service
    token: str
    sid: str
    to: str
    spoken: Spoken | None = None

    @property
    def step(self) -> int:
        """Return the step of the document that is being played."""
        return self.spoken.step if self.spoken else 0

    def hook(self, **changes: object) -> Hook:
        """Return a hook of this leg."""
        hook = Hook(
            sid=self.sid,
            parent_sid=None,
            from_=LINE,
            to=self.to,
            status=CarrierStatus.IN_PROGRESS,
        )
        return replace(hook, **changes)  # type: ignore[arg-type]

    def send(self, hook: Hook, step: int | None = None) -> Spoken:
        """Send a hook for a step and listen."""
        at = self.step if step is None else step
        self.spoken = hooks.voice(self.service.ctx, self.token, at, hook)
        return self.spoken

    def answer(self) -> Spoken:
        """Pick up."""
        return self.send(self.hook())

    def press(self, digits: str) -> Spoken:
        """Press keys."""
        return self.send(self.hook(digits=digits))

    def bridge_ends(
        self, status_: CarrierStatus = CarrierStatus.COMPLETED, seconds: int = 40
    ) -> Spoken:
        """End the office leg."""
        result = DialResult(
            status=status_,
            sid=None,
            seconds=seconds if status_ is CarrierStatus.COMPLETED else None,
            bridged=status_ is CarrierStatus.COMPLETED,
        )
        return self.send(self.hook(dialled=result))

    def hang_up(self, status_: CarrierStatus = CarrierStatus.COMPLETED) -> None:
        """Put the phone down (or never pick it up)."""
        status(self.service.ctx, self.token, self.hook(status=status_, seconds=90))


def service_on(database: Database, url: str, **given: str) -> Service:
    """Put a service together on a database."""
    clock = HandClock()
    line = Switchboard(clock)
    ctx = compose(
        settings=settings_of(url, **given),
        clock=clock,
        store=database,
        carrier=line,
        interpreter=None,
        directory=Directory.open(),
        reader=JsonReader(),
    )
    return Service(ctx=ctx, clock=clock, line=line, database=database)
