"""Metrics for Prometheus, counted from the database at each scrape; names no number and nobody.

So they are right for any number of web processes and dialers.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from callbridge import __version__
from callbridge.domain.budget import MICROS
from callbridge.domain.records import AttemptState
from callbridge.service.vitals import Standing, standing
from callbridge.settings import Settings, is_loopback
from callbridge.web.access import Access, access
from callbridge.web.wire import context

blueprint = Blueprint("metrics", __name__)

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@blueprint.get("/metrics")
@access(Access.PUBLIC)
def metrics() -> Response:
    """Show the figures to this machine, or to whoever has METRICS_TOKEN."""
    ctx = context()
    if not _may_read(ctx.settings):
        abort(404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Scraped(standing(ctx)))
    return Response(
        generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def _may_read(settings: Settings) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and any(
        secrets.compare_digest(given.strip().encode(), known.encode())
        for known in settings.metrics_token
    ):
        return True
    # A proxy on this machine that TRUSTED_PROXIES does not know would make everybody local.
    passed_on = not settings.trusted_proxies and any(h in request.headers for h in _FORWARDED)
    return not passed_on and is_loopback(f"http://{_host(request.remote_addr or '')}")


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


class _Scraped(Collector):
    """The figures of one scrape."""

    def __init__(self, found: Standing) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Give every metric."""
        yield from _of_calls(self._found)
        yield from _of_now(self._found)
        yield from _of_jobs(self._found)
        yield from _of_money(self._found)
        yield from _of_deliveries(self._found)


def _of_calls(found: Standing) -> Iterator[Metric]:
    figures = found.vitals
    yield _labelled(
        "callbridge_calls",
        "Calls by stage and ending (empty: in progress).",
        ("stage", "ending"),
        figures.calls.items(),
    )
    yield _labelled(
        "callbridge_attempts",
        "Attempts by state.",
        ("state",),
        (((state.value,), figures.count(state.value)) for state in AttemptState),
    )
    yield _labelled(
        "callbridge_not_placed_hour",
        "Calls of the last hour that were not placed, by class of reason.",
        ("reason",),
        (((reason,), count) for reason, count in figures.refusals.items()),
    )
    steps = CounterMetricFamily("callbridge_hooks_accepted", "Hooks that moved a conversation.")
    steps.add_metric([], figures.steps)
    yield steps


def _of_now(found: Standing) -> Iterator[Metric]:
    figures = found.vitals
    plain = {
        "callbridge_waiting_oldest_seconds": (
            "For how long the oldest due attempt has waited.",
            figures.oldest_waiting or 0.0,
        ),
        "callbridge_unknown_oldest_seconds": (
            "For how long the oldest unsettled attempt has been unknown.",
            figures.oldest_unknown or 0.0,
        ),
        "callbridge_pace_wait_seconds": ("Until the pace has a free slot.", figures.pace_wait),
        "callbridge_offices_resting": ("Office numbers at rest.", figures.offices_resting),
        "callbridge_dialers": ("Dialers heard of within half a minute.", figures.dialers),
        "callbridge_dialing_held": (
            "1 while nobody is rung by itself.",
            float(found.installation.held),
        ),
        "callbridge_database_bytes": ("Size of the database.", figures.bytes),
        "callbridge_directory_age_days": ("Age of the members' data.", found.directory_days),
        "callbridge_directory_fits": (
            "1 while it is that of the sitting Congress.",
            float(found.directory_fits),
        ),
    }
    for name, (words, value) in plain.items():
        yield GaugeMetricFamily(name, words, value=value)
    yield _labelled(
        "callbridge_info",
        "What runs.",
        ("version", "database"),
        [((__version__, figures.kind), 1)],
    )


def _of_jobs(found: Standing) -> Iterator[Metric]:
    here = [view for view in found.jobs if view.off is None]
    yield _labelled(
        "callbridge_job_last_success_timestamp_seconds",
        "When each job last went well.",
        ("job",),
        (
            ((view.job.name,), view.record.succeeded.timestamp())
            for view in here
            if view.record.succeeded
        ),
    )
    yield _labelled(
        "callbridge_job_failures",
        "Failures in a row of each job.",
        ("job",),
        (((view.job.name,), view.record.failures) for view in here),
    )


def _of_money(found: Standing) -> Iterator[Metric]:
    spent, ceilings = [], []
    for view in found.money:
        spending, ceiling = view.spending, view.ceiling
        spent += [
            ((view.scope, "day"), spending.day / MICROS),
            ((view.scope, "total"), spending.total / MICROS),
            ((view.scope, "held"), spending.held / MICROS),
        ]
        ceilings += [
            ((view.scope, period), most / MICROS)
            for period, most in (("day", ceiling.day), ("total", ceiling.total))
            if most is not None
        ]
    labels = ("scope", "period")
    yield _labelled("callbridge_money", "What calls cost, and what is held.", labels, spent)
    yield _labelled("callbridge_money_ceiling", "What calls may cost.", labels, ceilings)
    yield _labelled(
        "callbridge_money_spent",
        "1 where no call fits under a ceiling any more.",
        ("scope",),
        (((view.scope,), float(view.spent is not None)) for view in found.money),
    )


def _of_deliveries(found: Standing) -> Iterator[Metric]:
    yield _labelled(
        "callbridge_deliveries",
        "Webhooks' messages and mails of the last month by receiver and state.",
        ("lane", "state"),
        (
            ((lane, state), count)
            for lane, view in found.lanes.items()
            for state, count in (
                ("waiting", view.waiting),
                ("delivered", view.delivered),
                ("dead", view.dead),
            )
        ),
    )
    yield _labelled(
        "callbridge_deliveries_oldest_timestamp_seconds",
        "Since when the oldest delivery of a receiver waits.",
        ("lane",),
        (
            ((lane,), view.oldest.timestamp())
            for lane, view in found.lanes.items()
            if view.oldest is not None
        ),
    )


def _labelled(
    name: str,
    words: str,
    labels: tuple[str, ...],
    values: Iterable[tuple[tuple[str, ...], float]],
) -> Metric:
    family = GaugeMetricFamily(name, words, labels=labels)
    for given, value in values:
        family.add_metric(given, value)
    return family
