"""The log of calls: pages of it, and the search by a whole number, which is always written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from callbridge.domain.asking import LogCursor, SavedFilter, Search
from callbridge.domain.exported import CallFact
from callbridge.domain.selection import Selection, read_selection
from callbridge.errors import RefusedError
from callbridge.service.context import Context
from callbridge.service.phones import read_phone
from callbridge.service.scoping import dialled, scope_of

PAGE = 50
MOST_FOUND = 200
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Calls, newest first; `next` leads to older ones, None at the end."""

    calls: Sequence[CallFact]
    next: LogCursor | None


def log_page(
    ctx: Context, slug: str, selection: Selection, *, after: LogCursor | None = None
) -> LogPage:
    """Return a page of a campaign's log under a filter. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        unit.analysis.freeze()
        ctx.shelf.find(unit, slug)
        scope = scope_of(slug, selection, dialled(ctx, unit, slug))
        found = unit.finding.calls(scope, after=after, most=PAGE + 1)
    more = len(found) > PAGE
    last = found[PAGE - 1] if more else None
    return LogPage(
        calls=found[:PAGE],
        next=LogCursor(created=last.created, call=last.call) if last else None,
    )


def search(ctx: Context, slug: str, number: str, *, who: str) -> Sequence[CallFact]:
    """Return a number's calls in a campaign, newest first, and note who asked; never the number.

    Finds only calls whose keyed hash is still kept. Raises PhoneError, NotFoundError.
    """
    phone = read_phone(number, regions=ctx.settings.phone_regions, loopback=ctx.on_loopback)
    with ctx.store.writing() as unit:
        ctx.shelf.find(unit, slug)
        found = unit.asking.of_numbers(slug, ctx.vault.hashes(phone), most=MOST_FOUND)
        unit.asking.note_search(Search(slug=slug, who=who, at=ctx.clock.now(), found=len(found)))
    return found


def searches(ctx: Context, slug: str) -> Sequence[Search]:
    """Return who searched a campaign's log, newest first."""
    with ctx.store.reading() as unit:
        return unit.asking.searches(slug, most=PAGE)


def save_filter(ctx: Context, slug: str, name: str, selection: Selection, *, who: str) -> None:
    """Keep a filter under a name; the same name again takes its place. Raises RefusedError."""
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise RefusedError(f"A filter's name has one to {LONGEST_NAME} signs.")
    if selection.empty:
        raise RefusedError("This filter leaves everything in; there is nothing to save.")
    with ctx.store.writing() as unit:
        ctx.shelf.find(unit, slug)
        unit.asking.save_filter(
            SavedFilter(slug=slug, name=shown, query=selection.query(), who=who, at=ctx.clock.now())
        )


def forget_filter(ctx: Context, slug: str, name: str) -> None:
    """Forget a saved filter; one that is not there is no error."""
    with ctx.store.writing() as unit:
        unit.asking.forget_filter(slug, name)


def saved_filters(ctx: Context, slug: str) -> Sequence[tuple[str, Selection]]:
    """Return a campaign's saved filters by name."""
    with ctx.store.reading() as unit:
        return [(one.name, read_selection(one.query)) for one in unit.asking.filters(slug)]
