"""The exchange as `callbridge exchange` runs it, with people by chance and a stop watch.

Writes what it measured as JSON when it is stopped: each hook's kind, moment and seconds from the
beginning of its delivery to the end of the reply, creates, calls in progress, and how late its own
loop came, which is the share of the seconds that is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import signal
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from callbridge.exchange.account import Account
from callbridge.exchange.behaviours import OFFICES, SUPPORTERS, Behaviour, PickUp
from callbridge.exchange.clock import Clock
from callbridge.exchange.journal import Entry
from callbridge.exchange.legs import End
from callbridge.exchange.site import listen, make_site
from callbridge.exchange.switchboard import Exchange, open_exchange

# Every second of these is real: the clock of this exchange is the wall's.
TALKS = Behaviour(name="talks", after=5.0, keys=("1", "1", "1", "2", "#", "#"), think=1.5)
IGNORES = Behaviour(name="ignores", picks_up=PickUp.IGNORES)
MACHINE = replace(SUPPORTERS["voicemail-box"], name="machine", after=18.0)
STAFFER = replace(OFFICES["staffer"], talk=None)


@dataclass(slots=True)
class Watch:
    """What was measured; moments are seconds since it began, which was at `epoch`, in Unix's."""

    epoch: float = field(default_factory=time.time)
    began: float = field(default_factory=time.monotonic)
    hooks: list[tuple[float, str, float, int]] = field(default_factory=list)
    creates: list[tuple[float, int]] = field(default_factory=list)
    live: list[tuple[float, int, int]] = field(default_factory=list)
    calls: int = 0
    late: list[float] = field(default_factory=list)
    problems: dict[str, int] = field(default_factory=dict)

    def now(self) -> float:
        """Return the moment."""
        return round(time.monotonic() - self.began, 4)

    def see(self, entry: Entry) -> None:
        """Write down what counts."""
        data = entry.data
        match entry.kind:
            case "hook":
                kind = str(data["event"] or data["hook"])
                seconds, status = float(str(data["seconds"])), int(str(data["status"] or 0))
                self.hooks.append((self.now(), kind, seconds, status))
            case "rest" if data["method"] == "POST":
                status = int(str(data["status"]))
                self.creates.append((self.now(), status))
                self.calls += status == 201
            case "ended" if entry.leg == entry.call:
                self.calls -= 1
            case "warning" | "bug" | "apology":
                what = f"{entry.kind} {data.get('code', '')}"
                self.problems[what] = self.problems.get(what, 0) + 1

    async def look(self, exchange: Exchange) -> None:
        """Count the calls in progress twice a second, and see how late this loop comes."""
        while True:
            due = time.monotonic() + 0.5
            await asyncio.sleep(0.5)
            self.late.append(round(time.monotonic() - due, 4))
            self.live.append((self.now(), self.calls, exchange.lines.live))

    def write(self, path: Path) -> None:
        """Write everything down."""
        path.write_text(
            json.dumps(
                {
                    "epoch": self.epoch,
                    "hooks": self.hooks,
                    "creates": self.creates,
                    "live": self.live,
                    "late": self.late,
                    "problems": self.problems,
                }
            )
        )


async def serve(given: argparse.Namespace) -> None:
    """Serve until SIGTERM."""
    account = Account(sid=given.sid, token=given.token)
    exchange = open_exchange(
        account=account, clock=Clock(), app_url=given.app_url, numbers=[given.number]
    )
    talks = replace(TALKS, star_after=given.talk)
    exchange.people.mixes[End.SUPPORTER] = [
        (talks, given.answer),
        (MACHINE, given.machine),
        (IGNORES, max(0.0, 1 - given.answer - given.machine)),
    ]
    exchange.people.mixes[End.OFFICE] = [(STAFFER, 1.0)]
    watch = Watch()
    exchange.journal.watch(watch.see)
    runner, _ = await listen(make_site(exchange), host="127.0.0.1", port=given.port)
    looking = asyncio.create_task(watch.look(exchange))
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    looking.cancel()
    watch.write(given.out)
    await runner.cleanup()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("sid", "token", "app-url", "number"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--talk", type=float, required=True, help="seconds in an office")
    parser.add_argument("--answer", type=float, required=True, help="share who go through")
    parser.add_argument("--machine", type=float, required=True, help="share of voicemail boxes")
    parser.add_argument("--out", type=Path, required=True)
    # It keeps a journal of every call, and to look through all of that for garbage took up to 0.4
    # seconds, in which no hook and no create was answered. No carrier stands still for that.
    gc.disable()
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
