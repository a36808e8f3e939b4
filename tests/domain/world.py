"""A small made-up Congress and campaign for the flow's tests; every number is a 555-01xx."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from callbridge.domain.call import Call, Choice, Door, Outcome, Shift
from callbridge.domain.campaign import Branch, Campaign, Pick, Script, Wording
from callbridge.domain.congress import Chamber, Member, Office, Place, ZipKind
from callbridge.domain.events import (
    Answered,
    BridgeEnded,
    Event,
    Keyed,
    OfficeState,
    World,
)
from callbridge.domain.facts import Fact
from callbridge.domain.flow import Organization, advance, begin, wanted_zip
from callbridge.domain.reach import Reach
from callbridge.domain.survey import Meaning, Option, Question, Survey

NOW = datetime(2026, 6, 16, 15, 0, tzinfo=UTC)
REACH = Reach(zones=("America/New_York",), hours=None, holidays=lambda day: False)
LEAGUE = Organization(name="the Prairie League", phone="+12025550199")
CONNECTED = BridgeEnded(outcome=Outcome.CONNECTED, seconds=60)
BUSY = BridgeEnded(outcome=Outcome.BUSY)

HAPPENED = Question(
    id="happened",
    words="How did it go?",
    options=(
        Option(key="1", words="Talked with someone", meaning=Meaning.SPOKE, then="position"),
        Option(key="2", words="Left a message", meaning=Meaning.VOICEMAIL),
        Option(key="3", words="Mailbox full", meaning=Meaning.MAILBOX_FULL),
        Option(key="4", words="Nobody answered", meaning=Meaning.NOBODY),
        Option(key="5", words="Wrong number", meaning=Meaning.WRONG_NUMBER),
    ),
)
POSITION = Question(
    id="position",
    words="Where does {member} stand?",
    options=(
        Option(key="2", words="Supports it", meaning=Meaning.SUPPORTS),
        Option(key="3", words="Opposes it", meaning=Meaning.OPPOSES),
        Option(key="4", words="Undecided", meaning=Meaning.UNDECIDED),
        Option(key="5", words="Would not say", meaning=Meaning.WOULD_NOT_SAY),
    ),
)
ENGLISH = Wording(
    language="en",
    title="Sentencing reform",
    summary="Ask them.",
    purpose="Congress about sentencing reform",
    page_html="",
    script=Script(
        opening="Say your name and your town.",
        talking_points="Ask {member} to cosponsor the bill.",
        replies={
            Branch.SUPPORT: "Thank you for that.",
            Branch.OPPOSE: "A judge should decide.",
            Branch.UNSURE: "Please ask {pronoun}.",
        },
    ),
    script_html={},
    survey=Survey(questions=(HAPPENED, POSITION)),
)
SPANISH = replace(ENGLISH, language="es", purpose="el Congreso sobre la reforma de las penas")
CAMPAIGN = Campaign(
    slug="reform",
    language="en",
    languages={"en": ENGLISH, "es": SPANISH},
    order=(Pick.HOUSE, Pick.SENATE),
)
SENATE_ONLY = replace(CAMPAIGN, order=(Pick.SENATE,))
HOUSE_ONLY = replace(CAMPAIGN, order=(Pick.HOUSE,))


def member(
    bioguide: str, last_name: str, *, state: str = "GA", district: str | None = None, desk: int = 1
) -> Member:
    """Make a member with an office in Washington and one in Rome, on numbers of their own."""
    house = district is not None
    return Member(
        bioguide=bioguide,
        name=f"Pat {last_name}",
        last_name=last_name,
        chamber=Chamber.HOUSE if house else Chamber.SENATE,
        title="Representative" if house else "Senator",
        pronoun="she",
        state=state,
        district=district,
        party="Independent",
        phone=f"+1202555010{desk}",
        term_ends=date(2027, 1, 3),
        offices=(
            Office(
                id=f"{bioguide}-washington",
                city="Washington",
                phone=f"+1202555010{desk}",
                zone="America/New_York",
            ),
            Office(
                id=f"{bioguide}-rome",
                city="Rome",
                phone=f"+1706555010{desk}",
                zone="America/New_York",
                lat=34.2,
                lon=-85.1,
            ),
        ),
    )


SENATORS = (member("S000001", "Ash", desk=1), member("S000002", "Birch", desk=2))
HOUSE_14 = member("H000014", "Cedar", district="GA-14", desk=3)
HOUSE_11 = member("H000011", "Dogwood", district="GA-11", desk=4)
ALABAMA = (
    member("S000003", "Elm", state="AL", desk=5),
    member("H000003", "Fir", state="AL", district="AL-3", desk=6),
)
PLAIN = Place(
    zip="30161",
    city="Rome",
    state="GA",
    states=("GA",),
    kind=ZipKind.AREA,
    districts=("GA-14",),
    split=False,
    estimated=False,
    senators=SENATORS,
    representatives=(HOUSE_14,),
    vacant=(),
    as_of=date(2026, 6, 15),
    zone="America/New_York",
    lat=34.2,
    lon=-85.1,
)
SPLIT = replace(
    PLAIN,
    zip="30120",
    districts=("GA-11", "GA-14"),
    split=True,
    representatives=(HOUSE_11, HOUSE_14),
)
CROSSING = replace(
    PLAIN,
    zip="30165",
    states=("GA", "AL"),
    districts=("GA-14", "AL-3"),
    split=True,
    senators=(*SENATORS, ALABAMA[0]),
    representatives=(HOUSE_14, ALABAMA[1]),
)
PO_BOX = replace(SPLIT, zip="30162", kind=ZipKind.PO_BOX, estimated=True)
VACANT = replace(PLAIN, zip="30108", representatives=(), vacant=("GA-14",))
MILITARY = replace(
    PLAIN,
    zip="09012",
    kind=ZipKind.MILITARY,
    districts=(),
    senators=(),
    representatives=(),
    reason="Use the ZIP of the place where you vote.",
)
PLACES = {p.zip: p for p in (PLAIN, SPLIT, CROSSING, PO_BOX, VACANT, MILITARY)}


def world(zip_code: str | None = None, **offices: OfficeState) -> World:
    """Make the world at a Tuesday's 11 in the morning in Georgia."""
    place = PLACES.get(zip_code or "")
    error = "No such ZIP." if zip_code and place is None else None
    return World(
        now=NOW,
        place=place,
        place_error=error,
        offices={name.replace("_", "-"): state for name, state in offices.items()},
        reach=REACH,
    )


MORE = Shift(campaigns=(Choice(key="", value="water", words="Clean water"),))


class Telling:
    """A conversation told event by event; a string is a key, an outcome the end of a bridge."""

    def __init__(
        self,
        campaign: Campaign = CAMPAIGN,
        zip_code: str | None = "30161",
        *,
        language: str = "en",
        door: Door = Door.PAGE,
        ringable: bool = True,
        slot: tuple[int, ...] = (),
        shift: Shift | None = None,
        **offices: OfficeState,
    ) -> None:
        self.campaign = campaign
        self.offices = offices
        self.facts: list[Fact] = []
        self.hooks = 0
        self.call: Call = begin(
            campaign, world(zip_code, **offices), language=language, door=door, ringable=ringable
        )
        self.call = replace(self.call, slot=slot, shift=shift)

    def tell(self, *events: Event | str) -> Telling:
        """Advance by each event in turn; a string is a key pressed."""
        for one in events:
            event: Event = Keyed(digits=one) if isinstance(one, str) else one
            self.hooks += isinstance(event, Answered | Keyed | BridgeEnded)
            seen = world(wanted_zip(self.call, event), **self.offices)
            self.call, facts = advance(self.call, event, self.campaign, seen)
            self.facts += facts
        return self

    def of(self, kind: type[Fact]) -> list[Fact]:
        """Return the facts of one kind so far."""
        return [fact for fact in self.facts if isinstance(fact, kind)]


def at(*events: Event | str, **how: object) -> Telling:
    """Tell a call from the answered phone on."""
    return Telling(**how).tell(Answered(), *events)  # type: ignore[arg-type]
