"""The command `budget`: what calls cost, what they may cost, and setting that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.instance import read_settings
from callbridge.cli.webhooks import By, Json, person
from callbridge.errors import RefusedError

if TYPE_CHECKING:
    from callbridge.service.money.ceilings import CeilingView

budget = typer.Typer(help="What calls cost and may cost, in the carrier's currency.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(budget, name="budget")


@budget.callback(invoke_without_command=True)
def show(group: typer.Context, as_json: Json = False) -> None:
    """Show every ceiling and what is spent of it; with `set`, set one."""
    if group.invoked_subcommand:
        return
    from callbridge.service.money.ceilings import views

    with preparing.opened(read_settings(running=True)) as context:
        found = views(context)
    if as_json:
        screen.show_json([_document(one) for one in found])
        return
    screen.show_table(
        ("of", "today#", "at most#", "in all#", "at most#", "held now#", "calls today#", ""),
        (_row(one) for one in found),
    )


@budget.command("set")
def set_(  # noqa: PLR0917  a command line's options are its parameters
    campaign: Annotated[str | None, typer.Option(help="Of this campaign.")] = None,
    drive: Annotated[str | None, typer.Option(help="Of this drive.")] = None,
    area: Annotated[str | None, typer.Option(help="Of this area code.")] = None,
    day: Annotated[float | None, typer.Option(help="At most so much a day.")] = None,
    total: Annotated[float | None, typer.Option(help="At most so much in all.")] = None,
    calls_day: Annotated[int | None, typer.Option(help="At most so many calls a day.")] = None,
    by: By = None,
) -> None:
    """Set a ceiling, instead of the one before; what is not given is lifted.

    Without campaign, drive or area code it is that of all calls together.
    """
    from callbridge.service.money.ceilings import set_ceiling

    given = [("campaign", campaign), ("drive", drive), ("area", area)]
    chosen = [f"{kind}:{name}" for kind, name in given if name is not None]
    if len(chosen) > 1:
        raise RefusedError("A ceiling is of one thing: a campaign, a drive or an area code.")
    scope = chosen[0] if chosen else "all"
    with preparing.opened(read_settings(running=True)) as context:
        set_ceiling(context, scope, by=person(by), day=day, total=total, calls_day=calls_day)
    screen.done(f"The ceiling of {scope} is set.")


def _money(micros: int | None) -> str:
    return "" if micros is None else f"{micros / 1_000_000:,.2f}"


def _row(one: CeilingView) -> tuple[str, ...]:
    return (
        one.scope,
        _money(one.spending.day),
        _money(one.ceiling.day),
        _money(one.spending.total),
        _money(one.ceiling.total),
        _money(one.spending.held),
        f"{one.spending.calls_day:,}",
        "spent" if one.spent else "",
    )


def _document(one: CeilingView) -> dict[str, object]:
    def amount(micros: int | None) -> float | None:
        return None if micros is None else micros / 1_000_000

    return {
        "scope": one.scope,
        "day": amount(one.spending.day),
        "total": amount(one.spending.total),
        "held": amount(one.spending.held),
        "calls_day": one.spending.calls_day,
        "ceiling": {
            "day": amount(one.ceiling.day),
            "total": amount(one.ceiling.total),
            "calls_day": one.ceiling.calls_day,
        },
        "spent": one.spent is not None,
    }
