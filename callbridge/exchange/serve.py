"""Runs the exchange until it is stopped; reads no setting and no command line."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence

from callbridge.exchange.account import Account
from callbridge.exchange.clock import Clock
from callbridge.exchange.delivery import is_loopback
from callbridge.exchange.site import listen, make_site
from callbridge.exchange.switchboard import open_exchange


def run(
    *,
    host: str = "127.0.0.1",
    port: int = 8081,
    sid: str,
    token: str,
    app_url: str,
    speed: float = 1.0,
    numbers: Sequence[str] = (),
    epoch: float | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM. `numbers` are owned; their hook is `app_url`/voice/inbound.

    `epoch` is the start of a fast clock shared with other processes. Raises ValueError when host
    or `app_url` is not loopback.
    """
    if app_url and not is_loopback(app_url):
        raise ValueError(f"the exchange calls loopback addresses only, not {app_url}")
    account = Account(sid=sid, token=token)
    asyncio.run(_serve(account, host, port, app_url=app_url, clock=(speed, epoch), numbers=numbers))


async def _serve(
    account: Account,
    host: str,
    port: int,
    *,
    app_url: str,
    clock: tuple[float, float | None],
    numbers: Sequence[str],
) -> None:
    speed, epoch = clock
    exchange = open_exchange(
        account=account, clock=Clock(speed=speed, epoch=epoch), app_url=app_url, numbers=numbers
    )
    runner, _ = await listen(make_site(exchange), host=host, port=port)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
    await runner.cleanup()
