"""The whip board for analysts: every member, one member's answers, evidence set by hand."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from callbridge.domain.board import Grade
from callbridge.domain.survey import POSITIONS, Meaning
from callbridge.domain.whip_model import SCALE
from callbridge.errors import RefusedError
from callbridge.service import board as boards
from callbridge.service.board import BoardRow
from callbridge.web.access import Access, access
from callbridge.web.board_words import grade_words
from callbridge.web.languages import current
from callbridge.web.sentences import meaning_words, sentence
from callbridge.web.wire import context

blueprint = Blueprint("board", __name__, url_prefix="/console")

_CHOICES = (*SCALE, Meaning.WOULD_NOT_SAY)
# Above this as many speak for one side as hardly agree with the other: worth a second look.
_CONFLICT = 0.5


@blueprint.get("/<slug>/board")
@access(Access.ANALYST)
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
        words={meaning.value: meaning_words(meaning) for meaning in Meaning},
        conflict=_CONFLICT,
    )


def _place(row: BoardRow) -> str:
    return row.estimate.position.value if row.estimate.position else "none"


@blueprint.get("/<slug>/board/<target>")
@access(Access.ANALYST)
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
