"""Commands that run one part until it is stopped: `serve`, `exchange`, `dialer`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from callbridge.cli import children, instance, plan, preparing, screen

DIALER_STARTED = "Started the dialer"
ROOT = Path(__file__).resolve().parents[2]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("serve")(serve)
    app.command("exchange")(exchange)
    app.command("dialer")(dialer)


def python_path(environment: dict[str, str]) -> str:
    """Return PYTHONPATH with the project in front, for a program started in another folder."""
    return os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH", "")]))


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535)] = plan.WEB_PORT,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the web under gunicorn; becomes that process."""
    children.end_with_parent()
    environment = instance.environment()
    environment["PYTHONPATH"] = python_path(environment)
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    sys.stdout.flush()
    os.execve(  # noqa: S606  our own command, no shell
        sys.executable, [*command, "--bind", f"{host}:{port}", "wsgi:app"], environment
    )


def exchange(
    port: Annotated[int, typer.Option(min=1, max=65535)] = plan.EXCHANGE_PORT,
    number: Annotated[
        list[str] | None, typer.Option(help="A number the account owns; more than once for more.")
    ] = None,
    speed: Annotated[float, typer.Option(help="How much faster than the wall's clock.")] = 1.0,
) -> None:
    """Run the telephone exchange in a box, on loopback; nobody's telephone rings."""
    children.end_with_parent()
    settings = instance.read_settings(complete=False)
    plan.refuse_public(settings)
    plan.refuse_taken(port, "--port")
    from callbridge.exchange import serve as exchange_serve

    account = plan.account(settings, port)
    numbers = list(dict.fromkeys([account["TWILIO_FROM"], *(number or ())]))
    screen.done(f"Exchange on http://127.0.0.1:{port}/ with the number {', '.join(numbers)}.")
    if not settings.has_carrier and "CALLBRIDGE_UNDER" not in os.environ:
        for name, value in account.items():
            screen.note(f"To point a service at it: {name}={value}")
    exchange_serve.run(
        port=port,
        sid=account["TWILIO_ACCOUNT_SID"],
        token=account["TWILIO_AUTH_TOKEN"].split(",")[0],
        app_url=settings.public_url,
        speed=speed,
        numbers=numbers,
    )
    screen.done("Stopped the exchange.")


def dialer(
    after_restore: Annotated[
        bool, typer.Option("--after-restore", help="Let a restored copy ring from now on.")
    ] = False,
) -> None:
    """Place waiting calls, ring back, settle unknown and stuck calls, until stopped."""
    children.end_with_parent()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    settings = instance.read_settings(running=True)
    from callbridge import logs
    from callbridge.dialer import loop
    from callbridge.service import restored

    logs.configure(level=settings.log_level, as_json=settings.log_json)
    with preparing.opened(settings) as context:
        if after_restore:
            restored.release(context)
        elif why := restored.installation(context).why:
            screen.warn(f"{why} Let go with --after-restore or `dialing resume`.")
        screen.done(f"{DIALER_STARTED}.")
        loop.give_way()
        loop.run(context, stop=stop)
    screen.done("Stopped the dialer.")
