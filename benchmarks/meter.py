"""A signed-in analyst with a watch, who asks a WSGI application for pages; knows no page."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient

from benchmarks.costs import Cost, line
from benchmarks.serving import TICKS

EMAIL, PASSWORD = "analyst@example.org", "a long enough password"


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One request: milliseconds on the clock and of the processors, and what came."""

    wall: float
    cpu: float
    body: bytes


@dataclass(slots=True, kw_only=True)
class Meter:
    """A signed-in analyst with a watch."""

    client: FlaskClient
    rounds: int
    server: int | None = None
    costs: list[Cost] = field(default_factory=list)

    def cpu(self) -> float:
        """Return the processor seconds of this process and of the database's."""
        spent = time.process_time()
        if self.server is not None:
            spent += _cpu_of_children(self.server)
        return spent

    def ask(self, page: str, path: str, *, form: Mapping[str, str] | None = None) -> None:
        """Request a page several times and note the cost."""
        self.note(page, [self.once(path, form=form)], path, form=form)

    def picture(self, page: str, path: str, filters: Sequence[Mapping[str, str]]) -> None:
        """Request a picture under filters that nobody asked for, then several times the last."""
        paths = [f"{path}?{urlencode(one)}" for one in filters]
        self.note(page, [self.once(one) for one in paths], paths[-1])

    def note(
        self, page: str, first: list[Once], path: str, *, form: Mapping[str, str] | None = None
    ) -> None:
        """Request again what was seen before, and note the cost."""
        again = [self.once(path, form=form) for _ in range(self.rounds)]
        cost = Cost(
            page=page,
            wall=[one.wall for one in again],
            cpu=[one.cpu for one in again],
            first=[one.wall for one in first],
            first_cpu=[one.cpu for one in first],
            size=len(again[-1].body),
        )
        self.costs.append(cost)
        print(line(cost), flush=True)

    def once(self, path: str, *, form: Mapping[str, str] | None = None) -> Once:
        """Request a page."""
        begun, spent = time.perf_counter(), self.cpu()
        if form is None:
            answer = self.client.get(path, buffered=True)
        else:
            answer = self.client.post(path, data=form, buffered=True)
        wall, cpu = (time.perf_counter() - begun) * 1e3, (self.cpu() - spent) * 1e3
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
        body = answer.data
        answer.close()
        return Once(wall=wall, cpu=cpu, body=body)


def _cpu_of_children(server: int) -> float:
    """Add up what a PostgreSQL and its processes have spent; those that ended count, too."""
    pids = [server, *map(int, Path(f"/proc/{server}/task/{server}/children").read_text().split())]
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # a helper of a parallel query that is over; its parent inherits its ticks
        ticks += int(fields[11]) + int(fields[12])
        if pid == server:
            ticks += int(fields[13]) + int(fields[14])
    return ticks / TICKS


def sign_in(client: FlaskClient) -> None:
    """Sign the analyst in through the page."""
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if token is None:
        raise RuntimeError("the page to sign in has no token")
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token[1]}
    if client.post("/sign-in", data=form).status_code != 302:
        raise RuntimeError("the analyst could not sign in")
