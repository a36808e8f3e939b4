"""The whip board for analysts: every member, one member's answers, evidence set by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from flask import Blueprint, get_template_attribute, redirect, render_template, request, url_for
from flask_security import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from callbridge.domain.board import Grade
from callbridge.domain.survey import POSITIONS, Meaning
from callbridge.domain.whip_model import SCALE
from callbridge.errors import RefusedError
from callbridge.service import board as boards
from callbridge.service.board import BoardRow
from callbridge.web.access import Access, access
from callbridge.web.addresses import Addresses, addresses
from callbridge.web.board_words import grade_words
from callbridge.web.dress import trusted
from callbridge.web.languages import current
from callbridge.web.sentences import meaning_words, sentence
from callbridge.web.wire import context

blueprint = Blueprint("board", __name__, url_prefix="/console")

_CHOICES = (*SCALE, Meaning.WOULD_NOT_SAY)
# Above this as many speak for one side as hardly agree with the other: worth a second look.
_CONFLICT = 0.5


@blueprint.get("/<slug>/board")
@access(Access.SIGNED_IN)
def show(slug: str) -> str:
    """Show where every member stands, how sure that is and why."""
    found = boards.board(context(), slug)
    wanted = request.args.get("position", "")
    totals = Counter(_place(row) for row in found.rows)
    known = [row for row in found.rows if row.touched and wanted in {"", _place(row)}]
    unknown = [row for row in found.rows if not row.touched and wanted in {"", "none"}]
    return render_template(
        "console/board.html",
        slug=slug,
        title=found.campaign.campaign.wording(current()).title,
        totals=[(place, totals[place]) for place in (*(m.value for m in SCALE), "none")],
        wanted=wanted,
        rows=known,
        unknown=unknown,
        members=len(found.rows),
        model=found.model,
        words={meaning: meaning_words(meaning) for meaning in Meaning},
        line=_line,
        about=_about(slug),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What all lines of a board are written with: the language's words, where links lead."""

    language: str
    member: Addresses
    reports: Addresses
    answers: Mapping[Meaning, Addresses] = field(hash=False)
    conflict: float = _CONFLICT

    @property
    def words(self) -> Mapping[str, str]:
        """Return the positions' words."""
        return {meaning: meaning_words(meaning) for meaning in _CHOICES}


def _about(slug: str) -> _About:
    return _About(
        language=current(),
        member=addresses("board.member", "target", slug=slug),
        reports=addresses("board.member", "target", slug=slug, _anchor="answers"),
        answers={
            meaning: addresses("board.member", "target", slug=slug, meaning=meaning.value)
            for meaning in _CHOICES
        },
    )


# A member's row is one and the same object while nothing is reported: it is written once.
@lru_cache(maxsize=4096)
def _line(row: BoardRow, about: _About) -> Markup:
    """Return a member's line of the board."""
    macro = get_template_attribute("console/board_row.html", "line")
    return trusted(macro(row, about))


def _place(row: BoardRow) -> str:
    return row.estimate.position.value if row.estimate.position else "none"


@blueprint.get("/<slug>/board/<target>")
@access(Access.SIGNED_IN)
def member(slug: str, target: str) -> str:
    """Show one member: the estimate, the answers it rests on, the evidence."""
    return _member(slug, target)


@blueprint.post("/<slug>/board/<target>")
@access(Access.ANALYST)
def set_evidence(slug: str, target: str) -> AnyResponse | str:
    """Set a position by hand, or take it back; the estimate stays as it is."""
    form = request.form
    try:
        boards.set_evidence(
            context(),
            slug,
            target,
            position=form.get("position", ""),
            grade=form.get("grade", ""),
            note=form.get("note", ""),
            source=form.get("source", ""),
            who=str(current_user.email),
        )
    except RefusedError as refusal:
        return _member(slug, target, error=sentence(refusal))
    return redirect(url_for("board.member", slug=slug, target=target), code=303)


def _member(slug: str, target: str, *, error: str | None = None) -> str:
    asked = request.args.get("meaning", "")
    meaning = Meaning(asked) if asked in POSITIONS else None
    found = boards.target_board(context(), slug, target, meaning=meaning)
    return render_template(
        "console/board_member.html",
        slug=slug,
        title=found.campaign.campaign.wording(current()).title,
        row=found.row,
        lines=found.lines,
        most=boards.MOST_LINES,
        history=found.history,
        meaning=meaning,
        choices=_CHOICES,
        grades=[(grade.value, grade_words(grade)) for grade in Grade],
        grade_words=grade_words,
        form=request.form,
        error=error,
    )
