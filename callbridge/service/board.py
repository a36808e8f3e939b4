"""The whip board: every member of a campaign, estimated, beside what an analyst set by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from callbridge.domain.board import Evidence, Grade, MeaningCount, PositionLine
from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Chamber, Member
from callbridge.domain.survey import POSITIONS, Meaning
from callbridge.domain.whip import Channel, Estimate, Pile, estimate
from callbridge.domain.whip_model import DEFAULT, SCALE, Model
from callbridge.errors import NotFoundError, RefusedError
from callbridge.service.context import Context
from callbridge.service.storage import Unit
from callbridge.service.views import PublishedCampaign

MOST_LINES = 500
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A target as the board names it; `seat` is "CA-12" or a state, "" outside Congress."""

    target: str
    name: str
    title: str = ""
    seat: str = ""
    party: str = ""
    chamber: Chamber | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoardRow:
    """One member: the estimate, what people who dialled by themselves typed, evidence by hand.

    What is known of a member stays one object while nothing is reported.
    """

    who: Who
    estimate: Estimate
    self_dialled: Mapping[Meaning, int]
    evidence: Evidence | None

    @property
    def touched(self) -> bool:
        """Tell whether anything at all is known of this member."""
        return bool(self.estimate.answers or self.self_dialled or self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A campaign's board on one day; rows by name."""

    campaign: PublishedCampaign
    rows: Sequence[BoardRow]
    model: Model
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetBoard:
    """One member's row with the answers it rests on and the history of evidence."""

    campaign: PublishedCampaign
    row: BoardRow
    lines: Sequence[PositionLine]
    history: Sequence[Evidence]
    meaning: Meaning | None


def board(ctx: Context, slug: str, *, model: Model = DEFAULT, target: str | None = None) -> Board:
    """Return the board of a campaign: all its members, those called and since left too.

    With a `target`, that member's row alone is on it. Raises NotFoundError.
    """
    today = ctx.clock.now().date()
    with ctx.store.reading() as unit:
        unit.analysis.freeze()
        published = ctx.shelf.find(unit, slug)
        counts = unit.board.counts(
            slug, today=today, weight=model.weight, half_life=model.half_life_days, target=target
        )
        newest: dict[str, Evidence] = {}
        for one in unit.board.evidence(slug, target):
            newest.setdefault(one.target, one)
        people = _people(ctx, published.campaign, today)
        known = {count.target for count in counts} | newest.keys()
        people |= _others(ctx, unit, slug, sorted(known - people.keys()), today)
        if target is not None:
            people = {target: people[target]} if target in people else {}
    by_target: dict[str, list[MeaningCount]] = {}
    for count in counts:
        by_target.setdefault(count.target, []).append(count)
    rows = [
        _row(who, by_target.get(target, []), newest.get(target), model)
        for target, who in people.items()
    ]
    rows.sort(key=lambda row: (row.who.chamber or "", row.who.seat, row.who.name))
    return Board(campaign=published, rows=rows, model=model, day=today)


def target_board(
    ctx: Context, slug: str, target: str, *, meaning: Meaning | None = None
) -> TargetBoard:
    """Return one member's row and the answers behind it. Raises NotFoundError."""
    found = board(ctx, slug, target=target)
    if not found.rows:
        raise NotFoundError("This campaign calls nobody of that name.")
    (row,) = found.rows
    with ctx.store.reading() as unit:
        lines = unit.board.lines(slug, target, meaning=meaning, most=MOST_LINES)
        history = unit.board.evidence(slug, target)
    return TargetBoard(
        campaign=found.campaign, row=row, lines=lines, history=history, meaning=meaning
    )


def set_evidence(
    ctx: Context,
    slug: str,
    target: str,
    *,
    position: str,
    grade: str,
    note: str,
    source: str,
    who: str,
) -> None:
    """Set a position by hand; an empty one takes the earlier back. The estimate stays as it is.

    Raises NotFoundError, RefusedError in a sentence.
    """
    row = target_board(ctx, slug, target).row
    meaning, graded = _given(position, grade)
    note, source = (_typed(text) for text in (note, source))
    if max(len(note), len(source)) > LONGEST_NOTE:
        raise RefusedError(f"Write the note and the source in {LONGEST_NOTE:,} characters each.")
    if not note:
        raise RefusedError("Write a note: what was heard or read, so that others can weigh it.")
    if meaning is not None and not source:
        raise RefusedError("Write the source: who said it, or where it can be read.")
    given = Evidence(
        target=row.who.target,
        position=meaning,
        grade=graded,
        note=note,
        source=source,
        who=who,
        at=ctx.clock.now(),
    )
    with ctx.store.writing() as unit:
        unit.board.add_evidence(slug, given)


def _typed(text: str) -> str:
    """Return what was typed as one line, without characters that nobody can see."""
    return "".join(one for one in " ".join(text.split()) if one.isprintable())


def _given(position: str, grade: str) -> tuple[Meaning | None, Grade | None]:
    if not position:
        return None, None
    if position not in POSITIONS:
        raise RefusedError("Choose one of the positions.")
    if grade not in set(Grade):
        raise RefusedError("Choose how good the evidence is: heard, written or public.")
    return Meaning(position), Grade(grade)


def _row(
    who: Who, counts: Sequence[MeaningCount], evidence: Evidence | None, model: Model
) -> BoardRow:
    return _known(who, tuple(sorted(counts, key=_place)), evidence, model)


def _place(one: MeaningCount) -> tuple[str, str]:
    return one.channel, one.meaning


# The reports themselves are the key: nothing here can be out of date.
@lru_cache(maxsize=4096)
def _known(
    who: Who, counts: tuple[MeaningCount, ...], evidence: Evidence | None, model: Model
) -> BoardRow:
    piles = {
        one.meaning: Pile(count=one.count, weight=one.weight, heaviest=one.heaviest, last=one.last)
        for one in counts
        if one.channel is Channel.BRIDGED
    }
    return BoardRow(
        who=who,
        estimate=estimate(piles, model=model),
        self_dialled={
            one.meaning: one.count for one in counts if one.channel is Channel.SELF_DIALLED
        },
        evidence=evidence if evidence and evidence.position else None,
    )


def _people(ctx: Context, campaign: Campaign, today: date) -> dict[str, Who]:
    found = {
        member.bioguide: _member(member)
        for member in ctx.directory.members(on=today)
        if member.chamber in campaign.chambers
    }
    for row in campaign.local:
        member = ctx.directory.member(row.bioguide, on=today) if row.bioguide else None
        if member is not None:
            found[member.bioguide] = _member(member)
        elif row.bioguide is None:
            found[row.id] = Who(target=row.id, name=row.name, title=row.title)
    return found


def _others(
    ctx: Context, unit: Unit, slug: str, targets: Sequence[str], today: date
) -> dict[str, Who]:
    """Name those who were called under an earlier revision, or have left office since."""
    found = {}
    names = unit.board.names(slug, targets)
    for target in targets:
        member = ctx.directory.member(target, on=today)
        found[target] = (
            _member(member) if member else Who(target=target, name=names.get(target, target))
        )
    return found


def _member(member: Member) -> Who:
    return Who(
        target=member.bioguide,
        name=member.name,
        title=member.title,
        seat=member.district or member.state,
        party=member.party,
        chamber=member.chamber,
    )


def as_json(row: BoardRow) -> dict[str, object]:
    """Return a row as the command line and programs read it."""
    found = row.estimate
    order = (*SCALE, Meaning.WOULD_NOT_SAY)
    return {
        "target": row.who.target,
        "n": found.n,
        "answers": {m.value: found.answers[m] for m in order if m in found.answers},
        "position": found.position.value if found.position else None,
        "probability": None if found.probability is None else round(found.probability, 6),
        "interval": [round(edge, 6) for edge in found.interval],
        "evidence": _evidence_json(row.evidence),
    }


def _evidence_json(given: Evidence | None) -> dict[str, object] | None:
    if given is None or given.position is None or given.grade is None:
        return None
    return {
        "position": given.position.value,
        "grade": given.grade.value,
        "note": given.note,
        "source": given.source,
        "by": given.who,
        "at": given.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
