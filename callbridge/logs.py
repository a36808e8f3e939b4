"""Set up logs and keep telephone numbers and hook tokens out of them; knows nothing of calls."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

# Seven digits or more, with the separators people write between them; not inside a longer word,
# and not a date such as 2026-06-15.
_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d(?:[\s().\-]{0,2}\d){6,18}(?![\w])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?![\d-])")
_TOKEN = re.compile(r"(/voice/)([A-Za-z0-9_\-]{4})[A-Za-z0-9_\-]{8,}")
_SECRET_WORDS = ("password", "secret", "token", "key", "authorization", "cookie")


def mask(text: str) -> str:
    """Return `text` with telephone numbers cut to their last two digits, hook tokens to four."""
    return _NUMBER.sub(_hide, _TOKEN.sub(r"\1\2…", text))


def _hide(match: re.Match[str]) -> str:
    found = match.group()
    return found if _DATE.match(found) else f"…{found[-2:]}"


def _mask_event(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask every text of a log line, and blank what its name calls a secret."""
    for name, value in event.items():
        if any(word in name.lower() for word in _SECRET_WORDS):
            event[name] = "(hidden)"
        elif isinstance(value, str):
            event[name] = mask(value)
        elif isinstance(value, list | tuple | dict | set):
            event[name] = mask(repr(value))
    return event


class _Masked(logging.StreamHandler[TextIO]):
    """Our own handler, told apart from others so that it is set up once."""


def configure(*, level: str = "info", as_json: bool = False) -> None:
    """Send every log line of the process, ours and the libraries', through one masked format.

    Raises ValueError when `level` is no level.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"{level!r} is no log level: write debug, info, warning or error")
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        _mask_event,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shown: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # Never the pretty one: it prints local variables, secrets among them.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _Masked()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [h for h in root.handlers if not isinstance(h, _Masked)] + [handler]
    root.setLevel(number)
    # It tells each plug-in it loads, at a level that others keep for what matters.
    logging.getLogger("alembic").setLevel(max(number, logging.WARNING))
    # At debug it writes whole request targets: a supporter's street among them.
    logging.getLogger("urllib3").setLevel(max(number, logging.INFO))


def say_always(**values: object) -> None:
    """Add these to every line that this thread logs from now on; a None takes one away."""
    structlog.contextvars.unbind_contextvars(*values)
    kept = {name: value for name, value in values.items() if value is not None}
    structlog.contextvars.bind_contextvars(**kept)


def log(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
