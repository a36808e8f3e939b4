"""Whether the process lives, and whether it can work; for load balancers, tells no secret."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from callbridge.logs import log
from callbridge.service import reading
from callbridge.web.access import Access, access
from callbridge.web.wire import context

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access(Access.PUBLIC)
def alive() -> Response:
    """Answer that the process lives; looks at nothing else."""
    return jsonify(alive=True)


@blueprint.get("/readyz")
@access(Access.PUBLIC)
def ready() -> Response:
    """Answer whether the database and the directory are there, and since when no dialer spoke.

    A silent dialer turns nobody away: pages and calls asked for now go on without one.
    """
    ctx = context()
    published = len(reading.campaigns(ctx))
    with ctx.store.reading() as unit:
        silence = unit.jobs.silence()
    return jsonify(
        ready=True,
        campaigns=published,
        directory=ctx.directory.as_of.isoformat(),
        dialer_seconds=None if silence is None else round(silence, 1),
    )


@blueprint.errorhandler(Exception)
def _not_ready(error: Exception) -> tuple[Response, int]:
    log(__name__).error("not ready", exc_info=error)
    return jsonify(ready=False), 503
