"""How the control API reads JSON and answers in it; knows nothing of calls."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ControlRefusedError(Exception):
    """A control request that cannot be done; `status` and a sentence go back."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def safe(handler: Handler) -> Handler:
    """Answer a refusal, or a value that cannot be read, with its sentence."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ControlRefusedError as error:
            return answer({"error": str(error)}, error.status)
        except ValueError as error:
            return answer({"error": str(error)}, 400)

    return handle


async def read_any(request: web.Request) -> Any:
    """Return the body's JSON; an empty body is an empty object."""
    try:
        return json.loads(await request.read() or b"{}")
    except ValueError as error:
        raise ControlRefusedError(f"the body is not JSON: {error}") from error


async def read_object(request: web.Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object."""
    body = await read_any(request)
    if not isinstance(body, dict):
        raise ControlRefusedError("the body is a JSON object")
    return body


def answer(value: object, status: int = 200) -> web.Response:
    """Answer in JSON."""
    return web.Response(
        body=json.dumps(value).encode(), status=status, content_type="application/json"
    )
