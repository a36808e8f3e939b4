"""Asks for every analysis page, figure and read API as an analyst, and says what each cost.

`python -m benchmarks.pages --calls 100000 --database sqlite` and
`python -m benchmarks.pages --answers 10000000 --database postgresql` make a world from a seed, ask
for each page with and without the filters people use, and write `benchmarks/results/`. The requests
go through the whole WSGI application in this process. Processor time is this process's and, on
PostgreSQL, that of the server's processes.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from sqlalchemy import func, make_url, select, table, text

from benchmarks.costs import HEAD, Cost, report
from benchmarks.generate import SLUG, Made, calls_for, generate
from benchmarks.meter import EMAIL, PASSWORD, Meter, sign_in
from benchmarks.world import DRIVES, UNTIL
from callbridge.app import create_app
from callbridge.collecting import settle
from callbridge.compose import build_context
from callbridge.settings import load
from callbridge.store import Database, migrate
from callbridge.web.access import ROLES
from callbridge.web.drawing import warm
from callbridge.web.people import add_person

RESULTS = Path(__file__).parent / "results"
# A carrier on loopback that nobody asks: so that example numbers may be searched for.
SETTINGS = {
    "SECRET_KEY": "s" * 32,
    "PHONE_KEYS": "p" * 32,
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "t" * 32,
    "TWILIO_FROM": "+12025550100",
    "TWILIO_API_URL": "http://127.0.0.1:9",
}
COPIES = (
    "Every generated call stands {0} times: at the same place in time, by other supporters, tenths"
    " of a second apart. So the rows are as many and as spread as they should be, but only one in"
    " {0} of them differs."
)
CHARTS = ("funnel", "days", "reach", "answers", "lengths", "senate", "house")


class Then:
    """The moment at which the made-up world ends."""

    @staticmethod
    def now() -> datetime:
        """Return it."""
        return UNTIL


def filters(target: str, office: str, digest: str) -> dict[str, dict[str, str]]:
    """Return the filters people use, one of each kind and some together."""
    week = {"since": "2026-11-02", "until": "2026-11-08"}
    return {
        "": {},
        "a week": week,
        "chamber": {"chamber": "senate"},
        "party": {"party": "Democrat"},
        "state": {"state": "OH"},
        "member": {"member": target},
        "office": {"office": office},
        "revision": {"revision": digest[:12]},
        "channel": {"channel": "page"},
        "source": {"source": "web"},
        "language": {"language": "es"},
        "referral": {"referral": "newsletter"},
        "drive": {"drive": DRIVES[1]},
        "nothing fits": {"referral": "nowhere"},
        "channel, week": {"channel": "page"} | week,
        "chamber, channel, week": {"chamber": "house", "channel": "page"} | week,
        "state, channel, week": {"state": "CA", "channel": "page"} | week,
        "member, channel, week": {"member": target, "channel": "page"} | week,
        "channel, referral, language": {
            "channel": "page",
            "referral": "newsletter",
            "language": "en",
        },
        "state, channel": {"state": "CA", "channel": "page"},
        "chamber, language, week": {"chamber": "house", "language": "en"} | week,
        "party, channel": {"party": "Republican", "channel": "page"},
    }


def measure(meter: Meter, database: Database) -> None:
    """Ask for everything."""
    with database.reading() as unit:
        digests = [one.digest for one in unit.campaigns.all() if one.slug == SLUG]
    with database.reading() as unit:
        every = unit.connection.scalars(
            text("SELECT digest FROM revisions WHERE slug = :slug ORDER BY published"),
            {"slug": SLUG},
        ).all()
        target, office = unit.connection.execute(
            text("SELECT target, office FROM legs WHERE outcome = 'connected' LIMIT 1")
        ).one()
    base = f"/console/{SLUG}"
    meter.ask("campaign", base)
    meter.ask("whip board", f"{base}/board")
    meter.ask("one member's board", f"{base}/board/{target}")
    meter.ask("offices", f"{base}/offices")
    meter.ask("signals", f"{base}/signals")
    meter.ask("signals, one kind", f"{base}/signals?kind=spoke-but-short")
    meter.ask("health", "/console/health")
    meter.ask("public counter, picture", f"/c/{SLUG}/counter.svg")
    meter.ask("public counter, read API", f"/api/v1/campaigns/{SLUG}/counter")
    meter.ask("metrics", "/metrics")
    for name, chosen in filters(target, office, digests[0]).items():
        query = urlencode(chosen)
        said = f" ({name})" if name else ""
        meter.ask(f"figures{said}", f"{base}/figures?{query}".rstrip("?"))
        meter.ask(f"log{said}", f"{base}/log?{query}")
        meter.ask(f"read API, first page{said}", f"/console/api/{SLUG}/answers?{query}")
        pair = urlencode({"first": every[0], "second": every[-1], **chosen})
        if name in {"", "state", "channel"}:
            meter.ask(f"comparison{said}", f"{base}/compare?{pair}")
    _search(meter, base)


def pictures(meter: Meter) -> None:
    """Ask for every picture under filters that nobody asked for, and for the last of them again."""
    base = f"/console/{SLUG}"
    for name, unseen in {
        "": _until(before=0),
        " (state)": [{"state": one} for one in ("CA", "VT", "TX", "NY", "FL", "PA", "OH")],
        " (channel)": [
            {"channel": one} for one in ("api", "call-in", "ring-back", "drive", "page")
        ],
    }.items():
        for chart in CHARTS:
            meter.picture(f"picture {chart}{name}", f"{base}/figures/{chart}.svg", unseen)
    for chart in CHARTS:
        meter.picture(f"picture {chart}, PNG", f"{base}/figures/{chart}.png", _until(before=7))


def _until(*, before: int) -> list[dict[str, str]]:
    """Return seven spans of days, the longest last, that end so many days before the last ones."""
    ends = [UNTIL.date() - timedelta(days=before + day) for day in range(7, 0, -1)]
    return [{"until": day.isoformat()} for day in ends]


def as_people_see_it(meter: Meter, base: str) -> str:
    """Say what the page of figures costs with all its pictures, at first sight and again."""
    path = f"{base}/figures?until={(UNTIL.date() - timedelta(days=20)).isoformat()}"
    told = []
    for _ in range(2):
        page = meter.once(path)
        pictures = [
            meter.once(unescape(found))
            for found in re.findall(r'<img src="([^"]+)"', page.body.decode())
        ]
        told.append((page, pictures))
    first, again = (
        f"{page.wall + sum(one.wall for one in pictures):,.0f} ms (processor"
        f" {page.cpu + sum(one.cpu for one in pictures):,.0f})"
        for page, pictures in told
    )
    seen = told[0][1]
    return (
        f"The page of figures as people see it, with its {len(seen)} pictures one after the other,"
        f" none drawn before: {first}, the slowest picture {max(one.wall for one in seen):.0f} ms;"
        f" seen before: {again}. A browser asks for them side by side, and only for those in sight."
    )


def _search(meter: Meter, base: str) -> None:
    page = meter.client.get(f"{base}/log").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"number": "(202) 555-0147", "csrf_token": token[1] if token else ""}
    meter.ask("log, search by number", f"{base}/log", form=form)


@contextmanager
def database_of(kind: str, url: str | None) -> Iterator[tuple[str, int | None, bool]]:
    """Yield an address, the server's process if it is ours to watch, and whether it is new."""
    if url is not None:
        yield url, _server_of(url), False
        return
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="callbridge-pages-") as folder:
            yield f"sqlite:///{folder}/world.sqlite3", None, True
        return
    from tests import databases

    with databases.running_server(durable=True) as server:
        server.run('CREATE DATABASE "world"')
        named = server.named("world")
        yield named, _server_of(named), True


def _server_of(url: str) -> int | None:
    """Return the process of a PostgreSQL on this machine."""
    if make_url(url).get_backend_name() == "sqlite":
        return None
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    if row is None:
        return None
    return int((Path(row[0]) / "postmaster.pid").read_text().split()[0])


def prepared(url: str, *, count: int, seed: int, copies: int) -> tuple[Made, float]:
    """Make the tables and the world; return what was made and the seconds it took."""
    migrate(url)
    database = Database(url)
    begun = time.perf_counter()
    made = generate(database, count=count, seed=seed, copies=copies)
    database.close()
    return made, time.perf_counter() - begun


def counted(url: str) -> str:
    """Say how much a filled database holds."""
    database = Database(url)
    with database.reading() as unit:
        numbers = [
            f"{unit.connection.scalar(select(func.count()).select_from(table(name))):,} {name}"
            for name in ("calls", "legs", "answers")
        ]
    database.close()
    return ", ".join(numbers)


def run(
    url: str, *, rounds: int, server: int | None, only_pictures: bool
) -> tuple[list[Cost], str]:
    """Put the application on a filled database and ask it for every page.

    Return the costs, and what the page of figures costs as people see it.
    """
    settings = load(SETTINGS | {"DATABASE_URL": url})
    ctx = build_context(settings, clock=Then())
    app = create_app(context=ctx)
    database = Database(url)
    with database.reading() as unit:
        known = unit.connection.scalar(
            text("SELECT count(*) FROM people WHERE email = :email"), {"email": EMAIL}
        )
    if not known:
        add_person(app, email=EMAIL, password=PASSWORD, roles=ROLES)
    warm()  # as each worker of gunicorn does
    settle()
    client = app.test_client()
    sign_in(client)
    meter = Meter(client=client, rounds=rounds, server=server)
    if not only_pictures:
        measure(meter, database)
    pictures(meter)
    whole = as_people_see_it(meter, f"/console/{SLUG}")
    database.close()
    return meter.costs, whole


def main() -> None:
    """Make a world, measure, write the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=100_000)
    options.add_argument("--answers", type=int, help="as many calls as bring so many answers")
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--url", help="a database that is filled already")
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--copies", type=int, default=1, help="as benchmarks.generate has it")
    options.add_argument("--pictures", action="store_true", help="pictures, and no other page")
    given = options.parse_args()
    count = calls_for(given.answers) if given.answers else given.calls
    with database_of(given.database, given.url) as (url, server, new):
        said = "" if new else f"{counted(url)} on {given.database}, made before."
        if new:
            made, seconds = prepared(url, count=count, seed=given.seed, copies=given.copies)
            said = (
                f"{made.calls:,} calls, {made.legs:,} legs, {made.answers:,} answers (seed"
                f" {given.seed}) on {given.database}, made and counted in {seconds:,.0f} s."
            )
        if given.copies > 1:
            said += f" {COPIES.format(given.copies)}"
        print(f"{said}\n\n{HEAD}", flush=True)
        before = os.getloadavg()[0]
        costs, whole = run(url, rounds=given.rounds, server=server, only_pictures=given.pictures)
        load = before, os.getloadavg()[0]
    RESULTS.mkdir(exist_ok=True)
    title = "Pictures" if given.pictures else "Pages"
    place = RESULTS / f"{title.lower()}-{given.database}.md"
    place.write_text(
        report(costs, title=title, said=f"{said}\n\n{whole}", load=load), encoding="utf-8"
    )
    print(f"\nWritten to {place.relative_to(RESULTS.parents[1])}.")


if __name__ == "__main__":
    main()
