"""A call as a value: where the conversation stands and what it needs to go on; no ids, no phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from callbridge.domain.congress import Chamber, Office
from callbridge.domain.survey import POSITIONS, REPORTED, Meaning


class Stage(StrEnum):
    """Where the conversation stands."""

    PLACING = "placing"
    GREETING = "greeting"
    LOCATING = "locating"
    BRIEFING = "briefing"
    BRIDGING = "bridging"
    SURVEYING = "surveying"
    OFFERING = "offering"
    ENDED = "ended"


class Asking(StrEnum):
    """What a key would answer now, within the stage."""

    NOTHING = "nothing"
    CAMPAIGN = "campaign"
    GO_ON = "go-on"
    ZIP = "zip"
    HOME_ZIP = "home-zip"
    STATE = "state"
    DISTRICT = "district"
    CONNECT = "connect"
    QUESTION = "question"
    NEXT_TARGET = "next-target"
    OTHER_OFFICE = "other-office"
    RING_BACK = "ring-back"
    LAST = "last"
    LATER = "later"
    WHEN = "when"
    DAY = "day"
    HOUR = "hour"
    CONFIRM = "confirm"
    PAUSE = "pause"


class Door(StrEnum):
    """How a call came to be."""

    PAGE = "page"
    API = "api"
    CALL_IN = "call-in"
    RING_BACK = "ring-back"
    APPOINTMENT = "appointment"
    DRIVE = "drive"
    COMMAND = "command"
    SHIFT = "shift"
    SELF_DIALLED = "self-dialled"


class Outcome(StrEnum):
    """How an office leg went, as the carrier saw it."""

    CONNECTED = "connected"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


class Ending(StrEnum):
    """Why a call ended."""

    FINISHED = "finished"
    HUNG_UP = "hung-up"
    SILENT = "silent"
    OPTED_OUT = "opted-out"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    NOT_PLACED = "not-placed"
    EXPIRED = "expired"
    PAUSED = "paused"
    RING_BACK = "ring-back"
    NO_TARGET = "no-target"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Somebody to call, as snapshotted when the call's ZIP was settled.

    `id` is the bioguide or the CSV's id. `offices`: the first one dialled, then the others with
    the nearest to the supporter first; only offices with a phone.
    """

    id: str
    name: str
    last_name: str
    title: str
    pronoun: str
    chamber: Chamber | None
    state: str
    district: str | None
    offices: tuple[Office, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """One reply that stands (not superseded)."""

    question: str
    meaning: Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One office dialled in this call: `number` counts from 1, `seconds` is the bridged time."""

    number: int
    target: str
    office: str
    phone: str
    outcome: Outcome | None = None
    seconds: int | None = None
    answers: tuple[GivenAnswer, ...] = ()

    @property
    def reported(self) -> Meaning | None:
        """Return what the supporter said happened, None until known."""
        return next((a.meaning for a in self.answers if a.meaning in REPORTED), None)

    @property
    def position(self) -> Meaning | None:
        """Return where the office said the member stands, None until known."""
        return next((a.meaning for a in self.answers if a.meaning in POSITIONS), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One line of a keypad menu: `value` is a campaign slug, a state or a district."""

    key: str
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A ring at another time that is being agreed on.

    `zone` and `today` are the clock and the day on the supporter's wall when it was asked for;
    `back` is what a pound sign goes back to. `at` is the instant proposed, `opening` when offices
    open then. Where a standing slot is being moved, `moving`, it is `days` (0 is Monday) and
    `minute` instead.
    """

    zone: str
    today: date
    back: Asking
    at: datetime | None = None
    opening: bool = False
    moving: bool = False
    days: tuple[int, ...] = ()
    minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One person stays on the line and goes through several members, or several campaigns.

    `campaigns` are those still to come (`value` a slug, `words` its title); `skipped` the targets
    of this one that were left out. `turn`: the next conversation is of the next campaign.
    """

    campaigns: tuple[Choice, ...] = ()
    skipped: tuple[str, ...] = ()
    turn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The conversation's state: `advance` returns the next one, `speak` reads this one alone.

    `step` counts the hooks accepted. `zip` is the five digits last understood; `state` and
    `district` what the supporter chose. `target` indexes `targets`; `leg` is the number of the
    leg in progress or last ended (0: none yet); `office` the id of the office to dial or being
    dialled. `closed`: that office is closed now, said before dialling. `question` is the survey
    question asked; `tries` the wrong or missing keys at this point; `lead` the prompts said
    before the next menu; `branch` the key of the reply last read. `opting_out`: 9 was pressed
    after the greeting and is being confirmed; `opted_out`: stored, the undo is being offered.
    `ringable`: a number we could ring back. `home_asked`: the home ZIP was asked for once.
    `house_vacant`: the supporter's seat in the House is empty, said before the first target.
    `slot` holds the weekdays (0 is Monday) of the standing slot that rang this call, empty for any
    other call; `later` is the ring at another time that is being agreed on. `shift` is set while
    this call is one conversation of a shift; `passed_on` names the campaign with which the same
    line goes on.
    `daypart` is morning, afternoon or evening at the office. `ending` is decided before the phone
    is down; it is final once the stage is ended.
    """

    language: str
    door: Door = Door.PAGE
    stage: Stage = Stage.PLACING
    asking: Asking = Asking.NOTHING
    step: int = 0
    ringable: bool = True
    zip: str | None = None
    city: str | None = None
    state: str | None = None
    district: str | None = None
    home_asked: bool = False
    house_left_out: bool = False
    house_vacant: bool = False
    targets: tuple[Target, ...] = ()
    target: int = 0
    office: str | None = None
    closed: bool = False
    daypart: str = "morning"
    leg: int = 0
    legs: tuple[Leg, ...] = ()
    question: str | None = None
    menu: tuple[Choice, ...] = ()
    tries: int = 0
    lead: tuple[str, ...] = ()
    branch: str | None = None
    read_back: bool = False
    opting_out: bool = False
    opted_out: bool = False
    wait_seconds: int | None = None
    slot: tuple[int, ...] = ()
    later: Later | None = None
    shift: Shift | None = None
    passed_on: str | None = None
    ending: Ending | None = None

    @property
    def inbound(self) -> bool:
        """Tell whether the supporter dialled us."""
        return self.door is Door.CALL_IN

    @property
    def unannounced(self) -> bool:
        """Tell whether the phone rang without the supporter waiting beside it."""
        return self.door in {Door.RING_BACK, Door.APPOINTMENT, Door.DRIVE}

    @property
    def live(self) -> bool:
        """Tell whether a phone may still be ringing or talking."""
        return self.stage is not Stage.ENDED

    @property
    def current_target(self) -> Target | None:
        """Return the target being briefed, dialled or surveyed."""
        return self.targets[self.target] if self.target < len(self.targets) else None

    @property
    def current_leg(self) -> Leg | None:
        """Return the leg in progress or last ended."""
        return next((leg for leg in self.legs if leg.number == self.leg), None)

    @property
    def current_office(self) -> Office | None:
        """Return the office to dial or being dialled."""
        target = self.current_target
        if target is None or self.office is None:
            return None
        return next((office for office in target.offices if office.id == self.office), None)
