"""Compares how far the calls of two revisions came; draws no conclusion of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from callbridge.domain.comparing import Difference, Share, compare, holm
from callbridge.domain.figures import Funnel
from callbridge.domain.selection import Selection
from callbridge.service.context import Context
from callbridge.service.scoping import dialled, scope_of

STEPS = (
    ("answered", "key_pressed"),
    ("key_pressed", "bridged"),
    ("bridged", "survey"),
    ("survey", "position"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One step of the two: of those who came to `of`, how many came to `to`. `p` is Holm's."""

    of: str
    to: str
    difference: Difference
    p: float


def compare_revisions(
    ctx: Context, slug: str, first: str, second: str, selection: Selection
) -> Sequence[Compared]:
    """Compare two revisions (digests) step by step under a filter. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        unit.analysis.freeze()
        ctx.shelf.find(unit, slug)
        known = dialled(ctx, unit, slug)
        one, two = (
            unit.figures.funnel(scope_of(slug, replace(selection, revision=digest), known))
            for digest in (first, second)
        )
    found = [compare(_share(one, of, to), _share(two, of, to)) for of, to in STEPS]
    adjusted = holm([difference.p for difference in found])
    return [
        Compared(of=of, to=to, difference=difference, p=p)
        for (of, to), difference, p in zip(STEPS, found, adjusted, strict=True)
    ]


def _share(funnel: Funnel, of: str, to: str) -> Share:
    whole = getattr(funnel, of)
    # A call that hung up between two hooks may lack the earlier mark.
    return Share(part=min(getattr(funnel, to), whole), whole=whole)
