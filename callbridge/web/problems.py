"""Errors as people and programs meet them: a page, or problem details; decides no rule."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from callbridge.errors import CallbridgeError
from callbridge.logs import log
from callbridge.web.access import WrongRole
from callbridge.web.sentences import http_sentence, role_sentence, sentence

API = "/api/"
_PLAIN = (str, int, float, bool)


def problem(
    status: int, *, type_: str, detail: str, extra: dict[str, Any] | None = None
) -> Response:
    """Return problem details (RFC 9457)."""
    body: dict[str, Any] = {
        "type": type_,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    for name, value in (extra or {}).items():
        if name not in body and (value is None or isinstance(value, _PLAIN)):
            body[name] = value
    return Response(json.dumps(body), status=status, content_type="application/problem+json")


def page(status: int, *, heading: str, detail: str) -> tuple[str, int]:
    """Return an error page."""
    return render_template("problem.html", heading=heading, detail=detail, code=status), status


def _refused(error: CallbridgeError) -> Any:
    if error.status >= 500:
        log(__name__).error("request failed", type=error.type, sentence=error.sentence)
    if request.path.startswith(API):
        answer = problem(error.status, type_=error.type, detail=error.sentence, extra=error.extra)
    else:
        heading = http_sentence(error.status)[0]
        text, _code = page(error.status, heading=heading, detail=sentence(error))
        answer = Response(text, status=error.status)
    if isinstance(wait := error.extra.get("retry_after"), int):
        answer.headers["Retry-After"] = str(wait)
    return answer


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400 or error.response is not None:
        return error.get_response()
    heading, detail = http_sentence(status)
    if isinstance(error, WrongRole):
        heading, detail = role_sentence(error.who)
    if request.path.startswith(API):
        word = HTTPStatus(status).phrase.lower().replace(" ", "-")
        answer: Any = problem(status, type_=word, detail=detail)
    elif request.path.startswith("/voice/"):
        answer = Response(f"{status}\n", status=status, content_type="text/plain")
    else:
        text, code = page(status, heading=heading, detail=detail)
        answer = Response(text, status=code, content_type="text/html; charset=utf-8")
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _unexpected(error: Exception) -> Any:
    log(__name__).error("unexpected fault", exc_info=error, endpoint=request.endpoint)
    heading, detail = http_sentence(500)
    if request.path.startswith(API):
        return problem(500, type_="error", detail=detail)
    return page(500, heading=heading, detail=detail)


def install(app: Flask) -> None:
    """Answer every error of the application in words."""
    app.register_error_handler(CallbridgeError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
