"""The command `campaigns preview`: a whole conversation as text; the domain walks it."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import looking, screen
from callbridge.cli.instance import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callbridge.domain.campaign import Campaign
    from callbridge.domain.congress import Place
    from callbridge.domain.preview import Preview, Turn, Way
    from callbridge.settings import Settings

WIDTH = 76
OUTCOMES = {
    "connected": "after talking",
    "busy": "if it is busy",
    "no-answer": "if nobody answers",
    "failed": "if it cannot be reached",
}


def preview(
    slug: Annotated[str, typer.Argument(help="The campaign.")],
    zip_code: Annotated[str, typer.Option("--zip", help="The supporter's ZIP.")],
    language: Annotated[str | None, typer.Option(help="en, es, …")] = None,
    call_in: Annotated[bool, typer.Option("--call-in", help="Somebody who dials in.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Print the whole conversation, every branch, as the supporter will hear it, with seconds."""
    from callbridge.library.files import files_of
    from callbridge.library.reading import read

    settings = read_settings(complete=False)
    campaign = read(slug, files_of(settings.callbridge_campaigns / slug))
    place = looking.open_directory().lookup(zip_code, on=looking.today())
    shown = _walk(campaign, settings, place=place, language=language, call_in=call_in)
    if as_json:
        screen.show_json({"campaign": slug, "zip": zip_code, **asdict(shown)})
        return
    dialling = f"{shown.dialling_seconds:.1f} s" if shown.dialling_seconds else "no dialling"
    screen.say(f"{slug} from {zip_code}, in {shown.language}: {len(shown.turns)} turns")
    screen.say(
        f"Greeting {shown.greeting_seconds:.1f} s. From answer to dialling for somebody quick: "
        f"{dialling}. All of a call in which everybody answers: {shown.whole_seconds:.0f} s of "
        "speech."
    )
    screen.say("› is heard until a key is pressed, … after a silence.")
    names = {one.bioguide: one.name for one in (*place.senators, *place.representatives)}
    names |= {one.id: one.name for one in campaign.local}
    for turn in shown.turns:
        screen.say()
        _show(turn, names)


def _walk(
    campaign: Campaign, settings: Settings, *, place: Place, language: str | None, call_in: bool
) -> Preview:
    from callbridge.domain.call import Door
    from callbridge.domain.events import World
    from callbridge.domain.preview import preview as walk
    from callbridge.domain.spoken import Organization

    directory, today = looking.open_directory(), looking.today()
    named = {row.bioguide for row in campaign.local if row.bioguide}
    found = {bioguide: directory.member(bioguide, on=today) for bioguide in named}
    world = World(
        now=datetime.now(UTC),
        place=place,
        members={bioguide: member for bioguide, member in found.items() if member},
    )
    door = Door.CALL_IN if call_in else Door.PAGE
    organization = Organization(
        name=campaign.organization or settings.organization,
        phone=campaign.organization_phone or settings.organization_phone,
    )
    return walk(campaign, world, organization=organization, language=language, door=door)


def _show(turn: Turn, names: Mapping[str, str]) -> None:
    target = f", {names.get(turn.target, turn.target)}" if turn.target else ""
    screen.say(f"[{turn.number}] {turn.stage.value}{target}, {turn.seconds():.1f} s")
    for piece in turn.heard:
        mark = {"always": " ", "menu": "›", "silence": "…"}[piece.when.value]
        lines = textwrap.wrap(piece.text, WIDTH)
        for position, line in enumerate(lines):
            screen.say(f"  {mark if position == 0 else ' '} {line}")
    if turn.dials:
        screen.say(f"    dials {looking.grouped(turn.dials)}")
    for way in turn.ways:
        screen.say(f"    {_way(way)}")
    if not turn.ways:
        screen.say("    the call ends")


def _way(way: Way) -> str:
    key = OUTCOMES.get(way.by) or {"*": "star", "#": "pound"}.get(way.by, way.by)
    return f"{key}: {'once more, ' if way.again else ''}[{way.to}]"
