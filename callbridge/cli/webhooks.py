"""The commands `webhooks …`: who is told what, tried by hand; tells nobody anything else."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from callbridge.cli import preparing, screen
from callbridge.cli.instance import read_settings

webhooks = typer.Typer(no_args_is_help=True, help="Addresses that are told what happens.")
Json = Annotated[bool, typer.Option("--json", help="For a program.")]
Id = Annotated[str, typer.Argument(help="The webhook.")]
By = Annotated[str | None, typer.Option("--as", help="Who does this; else your account here.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(webhooks, name="webhooks")


def person(by: str | None) -> str:
    """Return who gave a command, for the audit."""
    return by or f"{getpass.getuser()} (command line)"


@webhooks.command("add")
def add(
    slug: Annotated[str, typer.Argument(help="The campaign.")],
    url: Annotated[str, typer.Argument(help="An https address.")],
    event: Annotated[list[str] | None, typer.Option(help="Only this event; repeatable.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Tell an address what happens in a campaign; its secret is shown this once."""
    from callbridge.service.deliveries import webhooks as work

    with preparing.opened(read_settings(running=True)) as context:
        made, secret = work.add(context, slug, url, by=person(by), events=event or ())
    if as_json:
        screen.show_json({"webhook": made.id, "secret": secret})
        return
    screen.done(f"Webhook {made.id}: {made.url}")
    screen.say(f"  Its secret, shown this once: {secret}")
    screen.say(f"  python -m callbridge webhooks test {made.id}")


@webhooks.command("list")
def list_all(
    slug: Annotated[str | None, typer.Argument(help="Only this campaign.")] = None,
    as_json: Json = False,
) -> None:
    """List the addresses that are told, and how that goes."""
    from callbridge.service.deliveries import webhooks as work

    with preparing.opened(read_settings(running=True)) as context:
        found = work.views(context, slug)
    if as_json:
        rows = [
            {
                "webhook": one.webhook.id,
                "campaign": one.webhook.slug,
                "url": one.webhook.url,
                "events": list(one.webhook.events),
                "waiting": one.lane.waiting,
                "delivered": one.lane.delivered,
                "dead": one.lane.dead,
                "trouble": one.lane.trouble,
            }
            for one in found
        ]
        screen.show_json(rows)
        return
    screen.show_table(
        ("webhook", "campaign", "address", "waiting#", "delivered#", "dead#", "trouble"),
        (
            (
                one.webhook.id,
                one.webhook.slug,
                one.webhook.url,
                str(one.lane.waiting),
                str(one.lane.delivered),
                str(one.lane.dead),
                one.lane.trouble or "",
            )
            for one in found
        ),
    )


@webhooks.command("test")
def test(webhook: Id, by: By = None) -> None:
    """Send a test message now and say what the address answered."""
    from callbridge.service.deliveries import webhooks as work

    with preparing.opened(read_settings(running=True)) as context:
        found = work.try_now(context, webhook, by=person(by))
    screen.done(f"{found.url} took it.")


@webhooks.command("remove")
def remove(webhook: Id, by: By = None) -> None:
    """Tell an address nothing more; what waits for it is dropped."""
    from callbridge.service.deliveries import webhooks as work

    with preparing.opened(read_settings(running=True)) as context:
        work.remove(context, webhook, by=person(by))
    screen.done(f"Webhook {webhook} is removed.")
