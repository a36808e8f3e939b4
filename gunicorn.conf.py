"""How gunicorn serves callbridge; reads the same settings as the application."""

from __future__ import annotations

import os
from pathlib import Path

from gunicorn.workers.base import Worker

from callbridge.collecting import settle
from callbridge.settings import load
from callbridge.web.drawing import warm

_settings = load(dotenv=Path(".env"))
_sqlite = _settings.database_url.startswith("sqlite")

wsgi_app = "wsgi:app"
bind = os.environ.get("BIND", "127.0.0.1:8080")
worker_class = "gthread"
# SQLite has one writer at a time: more processes would only wait for each other. Few threads
# wait little; a hook takes milliseconds.
workers = 1 if _sqlite else int(os.environ.get("WEB_CONCURRENCY", 2 * (os.cpu_count() or 1)))
threads = 4 if _sqlite else 8
timeout = 30
graceful_timeout = 30
keepalive = 5
# A worker says with every request that it lives, in a file: on a disk that commits it would wait.
_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes the file, with a name nobody knows
worker_tmp_dir = str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# The scheme and address of the person come from TRUSTED_PROXIES alone.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
# No access log: a query string may hold a ZIP. The application logs what matters, masked.
accesslog = None
errorlog = "-"
loglevel = "warning"
proc_name = "callbridge"


def post_worker_init(worker: Worker) -> None:
    """Once a worker has loaded the application, start what draws, and let the collector rest."""
    worker.notify()  # a busy machine may have spent most of the patience with it on loading
    warm()
    settle()
