"""Calls rehearsed to offices whose true positions are known, and the board's verdict beside them.

`python -m benchmarks.rehearsal [--calls 2000] [--postgres] [--minutes 60]` prints the figures; what
the last full run printed is in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from callbridge.library.files import files_of
from callbridge.rehearsal.directing import Progress, direct
from callbridge.rehearsal.result import Result, shares
from callbridge.rehearsal.scenario import Scenario, rules_of
from callbridge.service.drives.copying import CopiedPerson, DriveCopy
from callbridge.service.drives.views import DriveRequest
from callbridge.settings import load

CAMPAIGN = "attorney-general"
# One ZIP of each of sixteen states: 32 senators, each asked about often.
ZIPS = (
    "05401", "94110", "10001", "60601", "77001", "33101", "98101", "30301",
    "02108", "19103", "43215", "48226", "55401", "63101", "80202", "85001",
)  # fmt: skip
MONDAY = datetime(2026, 6, 15, 13, 30, tzinfo=UTC)
# By the rates of docs/rehearsal.md a person is rung twice before they take part or are given up.
RINGS_EACH = 2


def scenario(*, calls: int, seed: int, postgresql: bool, minutes: float) -> Scenario:
    """Return a drive of about so many calls, at the rates of docs/rehearsal.md."""
    people = [
        CopiedPerson(zip=ZIPS[n % len(ZIPS)], area="", language="en", group="")
        for n in range(max(1, calls // RINGS_EACH))
    ]
    folder = Path(__file__).parents[1] / "campaigns" / CAMPAIGN
    rules = rules_of(load({}, complete=False))
    return Scenario(
        copy=DriveCopy(
            drive="benchmark",
            slug=CAMPAIGN,
            title=CAMPAIGN,
            files=files_of(folder),
            request=DriveRequest(slug=CAMPAIGN, in_progress=100),
            people=people,
            left_out=0,
        ),
        begins=MONDAY,
        speed=100.0,
        seed=seed,
        rules=rules | {"calls_per_second": 5.0},
        organization="the Prairie League",
        directory="instance/directory",
        limit_seconds=minutes * 60,
        postgresql=postgresql,
    )


def report(result: Result) -> str:
    """Put the figures in words and a table."""
    lines = [
        f"{result.database}, seed {result.seed}: {result.people:,} people, {result.rings:,} calls, "
        f"{result.answered:,} answered, {result.keyed:,} took part, {result.office_calls:,} calls "
        f"to {len(result.offices):,} offices{'' if result.complete else ' (cut off)'}",
        f"simulated {result.seconds / 3600:.1f} h of which {result.leapt_seconds / 3600:.1f} h "
        f"leapt over, in {result.wall_seconds:.0f} s; cost {result.cost:.2f} (estimate "
        f"{result.estimated_cost.low:.2f} to {result.estimated_cost.high:.2f})",
        f"offices above {result.cap_at_once} at once or {result.cap_in_a_minute} a minute: "
        f"{result.above_cap}; most at once {max((o.at_once for o in result.offices), default=0)}, "
        f"most a minute {max((o.in_a_minute for o in result.offices), default=0)}",
        f"numbers at fault dialled {result.faults_planted}, found {result.faults_found}, false "
        f"alarms {result.false_alarms}",
        f"people by state {dict(result.by_state)}, unsettled {result.unsettled}",
        "",
        "| answers about a member | members | board right | majority right |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {one.words} | {one.members} | {one.board} | {one.majority} |"
        for one in shares(result.board)
    ]
    return "\n".join(lines)


def main() -> None:
    """Rehearse and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    told = [0.0]

    def tell(how: Progress) -> None:
        if time.monotonic() - told[0] > 20:
            told[0] = time.monotonic()
            sys.stderr.write(f"{how.now:%a %H:%M} {how.over}/{how.people} {how.rings} rings\n")

    found = direct(
        scenario(
            calls=given.calls, seed=given.seed, postgresql=given.postgres, minutes=given.minutes
        ),
        tell=tell,
    )
    sys.stdout.write(report(found) + "\n")


if __name__ == "__main__":
    main()
