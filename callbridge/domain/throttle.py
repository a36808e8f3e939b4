"""How fast calls may start: ramps and backing off; knows no drive and no database.

Times are seconds on one clock, the database's. Nothing here sleeps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from callbridge.domain.rates import Count, interval

FIRST_WAIT = 5.0
LONGEST_WAIT = 60.0
_LEAST_SHARE = 0.1
_PEACE = 10.0
_ENOUGH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """The rate in force (starts a second), under `ceiling`, the rate that is set.

    `closed_until`: no start before. `changed` is when the rate last moved. `strikes` counts the
    refusals in a row.
    """

    rate: float
    ceiling: float
    strikes: int = 0
    closed_until: float = 0.0
    changed: float = 0.0


def struck(throttle: Throttle, *, now: float, chance: float) -> Throttle:
    """Return the throttle after a 429: half the rate, and nothing for a while.

    The first wait is at most 5 s, each further one in a row twice that, up to a minute; `chance`
    in [0, 1) spreads the dialers. Requests that were on the wire together are one refusal.
    """
    if now < throttle.closed_until:
        return throttle
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(throttle.strikes, 10))
    return replace(
        throttle,
        rate=max(throttle.ceiling * _LEAST_SHARE, throttle.rate / 2),
        strikes=throttle.strikes + 1,
        closed_until=now + longest * (0.5 + chance / 2),
        changed=now,
    )


def recovered(throttle: Throttle, *, now: float) -> Throttle:
    """Return the throttle a tenth of its ceiling faster for every ten seconds of peace."""
    since = max(throttle.changed, throttle.closed_until)
    steps = int((now - since) // _PEACE)
    if throttle.rate >= throttle.ceiling or steps < 1:
        return throttle
    return replace(
        throttle,
        rate=min(throttle.ceiling, throttle.rate + steps * throttle.ceiling / 10),
        strikes=0,
        changed=since + steps * _PEACE,
    )


def ramp(started: float, now: float, *, seconds: float = 120.0) -> float:
    """Return the share of its limits that a drive may use so long after it (re)started."""
    if seconds <= 0:
        return 1.0
    return min(1.0, max(_LEAST_SHARE, (now - started) / seconds))


def eased(share: float, *, recent: Count, usual: Count) -> float:
    """Return the share of its limits that a drive may use, judged once a minute by its answers.

    Half when clearly fewer answer than usual: a number that is marked as a nuisance stays
    marked when it goes on ringing. A tenth more otherwise. Under 30 recent rings nothing is
    clear, and the share stays.
    """
    if recent.of < _ENOUGH or usual.of < _ENOUGH:
        return share
    if interval(recent).high < 0.8 * interval(usual).likely:
        return max(_LEAST_SHARE, share / 2)
    return min(1.0, share + 0.1)
