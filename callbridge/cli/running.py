"""Commands that run until they are stopped: `up`, and its parts one by one."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from callbridge.cli import children, instance, plan, preparing, screen
from callbridge.cli.children import Child
from callbridge.cli.exits import Exit
from callbridge.errors import SettingsError
from callbridge.settings import is_loopback

ROOT = Path(__file__).resolve().parents[2]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Default: 8080.")]
ExchangePort = Annotated[int | None, typer.Option(min=1, max=65535, help="Default: 8081.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("up")(up)
    app.command("serve")(serve)
    app.command("exchange")(exchange)
    app.command("dialer")(dialer)


def up(port: Port = None, exchange_port: ExchangePort = None) -> None:
    """Make ready and start everything on this machine; Ctrl-C stops it."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    keys = "made" if instance.make_keys() else "found"
    screen.done(f"Keys {keys}: SECRET_KEY and PHONE_KEYS, kept in {instance.KEYS}.")
    planned = plan.make(instance.environment(), port=port, exchange_port=exchange_port)
    started: list[Child] = []
    try:
        _start(planned, started, stopping)
        children.watch(started, stopping)
    finally:
        instance.withdraw()
        for child in reversed(started):
            child.stop()
            screen.done(f"Stopped the {child.name}.")


def _start(planned: plan.Plan, started: list[Child], stopping: threading.Event) -> None:
    exchange, web, dialer = _children(planned)
    if planned.exchange_port:
        started.append(exchange)
        exchange.start()
    preparing.database(planned.settings)
    preparing.directory(planned.settings)
    preparing.campaigns(planned.settings)
    for child in (web, dialer):
        started.append(child)
        child.start()
    for child in started:
        children.wait_ready(child, stopping)
        if stopping.is_set():
            return
        screen.done(f"Started the {child.name}{f' on {child.address}' if child.address else ''}.")
    instance.announce(planned.carrier)
    _tell(planned)


def _children(planned: plan.Plan) -> tuple[Child, Child, Child]:
    environment = {**planned.environment, "CALLBRIDGE_UNDER": str(os.getpid())}
    environment |= {"PYTHONUNBUFFERED": "1", "PYTHONPATH": _path(environment)}

    def child(name: str, *arguments: str, address: str | None = None, says: str = "") -> Child:
        command = [sys.executable, "-m", "callbridge", *arguments]
        return Child(
            name=name, command=command, environment=environment, address=address, says=says
        )

    return (
        child(
            "exchange", "exchange", "--port", f"{planned.exchange_port}", address=planned.exchange
        ),
        child("web", "serve", "--port", f"{planned.port}", address=planned.web),
        child("dialer", "dialer", says=DIALER_STARTED),
    )


def _path(environment: dict[str, str]) -> str:
    return os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH", "")]))


def _tell(planned: plan.Plan) -> None:
    screen.say()
    screen.say(f"  Campaigns      {planned.web}/")
    if planned.exchange_port:
        screen.say(f"  Browser phone  {planned.exchange}/")
        screen.say("  Calls          stay on this machine: nobody's telephone rings")
    else:
        screen.say(f"  Reached at     {planned.settings.public_url}/")
        screen.say(f"  Calls          REAL, from {planned.settings.twilio_from}")
    screen.say()
    screen.say("Ctrl-C stops everything.")


def serve(
    port: Port = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the web under gunicorn; becomes that process."""
    children.end_with_parent()
    environment = instance.environment()
    environment["PYTHONPATH"] = _path(environment)
    bind = f"{host}:{port or plan.WEB_PORT}"
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    sys.stdout.flush()
    os.execve(sys.executable, [*command, "--bind", bind, "wsgi:app"], environment)  # noqa: S606


def exchange(port: ExchangePort = None) -> None:
    """Run the telephone exchange in a box, on loopback; nobody's telephone rings."""
    children.end_with_parent()
    settings = instance.read_settings(complete=False, running=True)
    if not is_loopback(settings.public_url):
        raise SettingsError(
            f"PUBLIC_URL is {settings.public_url}: the exchange serves this machine only."
        )
    from callbridge.exchange import serve as exchange_serve

    exchange_serve.run(settings, port=port or plan.EXCHANGE_PORT)


DIALER_STARTED = "Started the dialer"


def dialer() -> None:
    """Place waiting calls, ring back, settle unknown and stuck calls, until stopped."""
    children.end_with_parent()
    from callbridge.compose import build_context
    from callbridge.dialer import loop

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    context = build_context(instance.read_settings(running=True))
    screen.done(f"{DIALER_STARTED}.")
    loop.run(context, stop)
    raise typer.Exit(Exit.FINE)
