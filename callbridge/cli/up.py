"""The command `up`: makes ready, starts everything, watches it, and stops it in order."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Annotated

import typer

from callbridge.cli import campaigns, children, instance, plan, preparing, running, screen
from callbridge.cli.children import Child
from callbridge.cli.plan import Plan

Port = Annotated[int | None, typer.Option(min=1, max=65535, help="The pages' port (8080).")]
ExchangePort = Annotated[
    int | None, typer.Option(min=1, max=65535, help="The browser phone's port (8081).")
]


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("up")(up)


def up(port: Port = None, exchange_port: ExchangePort = None) -> None:
    """Make ready and start everything on this machine; Ctrl-C stops it."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    made = instance.make_keys()
    planned = plan.make(instance.environment(), port=port, exchange_port=exchange_port)
    screen.done(f"Keys ready: {'made, and ' if made else ''}kept in {instance.KEYS}.")
    started: list[Child] = []
    try:
        _start(planned, started, stopping)
        children.watch(started, stopping)
    finally:
        instance.withdraw()
        for child in reversed(started):
            child.stop()
            screen.done(f"Stopped the {child.name}.")


def _start(planned: Plan, started: list[Child], stopping: threading.Event) -> None:
    def start(child: Child) -> None:
        started.append(child)
        child.start()

    settings = planned.settings
    # The exchange first: it needs nothing of the others, and starts while they are made ready.
    if planned.exchange_port:
        start(_exchange(planned))
    preparing.database(settings)
    # These take longest to start, and look at nothing before they are asked.
    start(_web(planned))
    start(_dialer(planned))
    preparing.directory(settings)
    with preparing.opened(settings) as context:
        changed, same = preparing.campaigns(context, campaigns.folders(None))
    screen.done(f"Campaigns ready: {changed} published, {same} unchanged.")
    for child in started:
        children.wait_ready(child, stopping)
        if stopping.is_set():
            return
        screen.done(f"Started the {child.name}{f' on {child.at}' if child.at else ''}.")
    instance.announce(planned.carrier)
    _tell(planned)


def _exchange(planned: Plan) -> Child:
    numbers = preparing.own_numbers(planned.settings.callbridge_campaigns)
    owned = [part for number in numbers for part in ("--number", number)]
    return _child(
        planned,
        "exchange",
        ["exchange", "--port", str(planned.exchange_port), *owned],
        at=planned.exchange,
    )


def _web(planned: Plan) -> Child:
    return _child(planned, "web", ["serve", "--port", str(planned.port)], at=planned.web)


def _dialer(planned: Plan) -> Child:
    return _child(planned, "dialer", ["dialer"], says=running.DIALER_STARTED)


def _child(
    planned: Plan, name: str, arguments: list[str], *, at: str | None = None, says: str = ""
) -> Child:
    environment = {**planned.environment, "CALLBRIDGE_UNDER": str(os.getpid())}
    environment |= {"PYTHONUNBUFFERED": "1", "PYTHONPATH": running.python_path(environment)}
    command = [sys.executable, "-m", "callbridge", *arguments]
    return Child(name=name, command=command, environment=environment, at=at, says=says)


def _tell(planned: Plan) -> None:
    screen.say()
    screen.say(f"  Campaigns      {planned.web}/")
    screen.say(f"  Console        {planned.web}/console")
    if planned.exchange_port:
        screen.say(f"  Browser phone  {planned.exchange}/")
        screen.say("  Calls          stay on this machine: nobody's telephone rings")
    else:
        screen.say(f"  Reached at     {planned.settings.public_url}/")
        screen.say(f"  Calls          REAL, from {planned.settings.twilio_from}")
    screen.say()
    if not preparing.somebody_signs_in(planned.settings):
        screen.say("Nobody can sign in to the console yet. Give yourself a sign-in:")
        screen.say(f"  {sys.executable} -m callbridge people add you@example.org --role admin")
        screen.say()
    screen.say("Ctrl-C stops everything.")
