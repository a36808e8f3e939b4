"""Answers page by page for the read API, as rows of the codebook; knows no address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from callbridge.domain.selection import Selection
from callbridge.errors import RefusedError
from callbridge.service.codebook import ANSWERS
from callbridge.service.context import Context
from callbridge.service.exported_rows import Rows
from callbridge.service.scoping import dialled, scope_of
from callbridge.service.writing import plain

PAGE = 200
MOST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    """Rows by the answers' ids; `after` begins the next page, None at the end."""

    rows: Sequence[dict[str, str | int | bool | None]]
    after: int | None


def answers(
    ctx: Context, slug: str, selection: Selection, *, after: int = 0, limit: int = PAGE
) -> AnswerPage:
    """Return a page of answers with ids above `after`. Raises NotFoundError, RefusedError.

    `supporter` is a pseudonym that holds for the campaign in this installation, so that pages
    fit together; no export uses it.
    """
    if not 1 <= limit <= MOST:
        raise RefusedError(f"A page holds 1 to {MOST} answers.")
    with ctx.store.reading() as unit:
        unit.analysis.freeze()
        ctx.shelf.find(unit, slug)
        known = dialled(ctx, unit, slug)
        rows = Rows(slug, known, key=f"{ctx.settings.secret_key}:answers:{slug}".encode())
        scope = scope_of(slug, selection, known)
        found = unit.finding.answers(scope, after=after, most=limit + 1)
        made = [rows.answer(fact) for fact in found[:limit]]
    return AnswerPage(
        rows=[{name: plain(row[name]) for name in ANSWERS.names} for row in made],
        after=found[limit - 1].id if len(found) > limit else None,
    )
