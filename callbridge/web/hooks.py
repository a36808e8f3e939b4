"""The carrier's hooks: verify, hand to the service, answer; knows no rule of the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.exceptions import HTTPException

from callbridge.domain.instructions import Instruction
from callbridge.domain.telephony import Hook, Reply
from callbridge.errors import ForgedHookError, NotFoundError
from callbridge.logs import log
from callbridge.service import hooks, statuses
from callbridge.service.views import Spoken
from callbridge.web.access import Access, access
from callbridge.web.wire import context, interpreter, raw_hook

blueprint = Blueprint("voice", __name__, url_prefix="/voice")

APOLOGY = "We are sorry, something broke on our side. Please try again in a few minutes. Goodbye."


class _Sessions(SecureCookieSessionInterface):
    """Flask's own sessions for people; a hook has none, and making its serializer costs."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a person, None for a hook (Flask makes a null session of it)."""
        if request.method == "POST" and request.path.startswith(f"{blueprint.url_prefix}/"):
            return None
        return super().open_session(app, request)


def lighten(app: Flask) -> None:
    """Spare hooks what only people need: sessions, sign-in, languages, limits, page headers.

    Call it when everything of that kind is installed, and before the guard is. A hook is verified
    by its signature alone, and each millisecond of it is silence on somebody's telephone.
    """
    before, after = app.before_request_funcs[None], app.after_request_funcs[None]

    def people_before() -> Any:
        if request.blueprint == blueprint.name:
            return None
        answers = (app.ensure_sync(step)() for step in before)
        return next((answer for answer in answers if answer is not None), None)

    def people_after(answer: Any) -> Any:
        if request.blueprint != blueprint.name:
            for step in reversed(after):
                answer = app.ensure_sync(step)(answer)
        return answer

    app.session_interface = _Sessions()
    app.before_request_funcs[None] = [people_before]
    app.after_request_funcs[None] = [people_after]


def _verified() -> Hook:
    return interpreter().read_hook(raw_hook())


def _answer(reply: Reply) -> Response:
    return Response(reply.body, content_type=reply.content_type)


def _spoken(spoken: Spoken, hook: Hook) -> Response:
    """Render what to say. What is stored stays stored: a fault in saying is said, kindly."""
    said = interpreter()
    try:
        reply = said.reply(spoken.instructions, hook=hook, token=spoken.token, step=spoken.step)
    except Exception:  # noqa: BLE001 - logged, and answered in words
        log(__name__).exception("could not say it", token=spoken.token, step=spoken.step)
        reply = said.sorry(APOLOGY, language="en")
    return _answer(reply)


def _apology(instructions: Sequence[Instruction], hook: Hook) -> Response:
    return _spoken(Spoken(instructions=instructions, token="", step=0), hook)


@blueprint.post("/<token>/<int:step>")
@access(Access.HOOK)
def voice(token: str, step: int) -> Response:
    """Take one event of a call."""
    hook = _verified()
    return _spoken(hooks.voice(context(), token, step, hook), hook)


@blueprint.post("/<token>/status")
@access(Access.HOOK)
def status(token: str) -> Response:
    """Take a status callback of one of a call's legs."""
    hook = _verified()
    statuses.status(context(), token, hook)
    return _answer(interpreter().acknowledge())


@blueprint.post("/<token>/sorry")
@access(Access.HOOK)
def sorry(token: str) -> Response:
    """Answer the carrier that could not get an answer elsewhere: end kindly."""
    hook = _verified()
    return _apology(hooks.sorry(context(), token), hook)


@blueprint.post("/inbound")
@access(Access.HOOK)
def inbound() -> Response:
    """Take a call on a campaign's own number."""
    hook = _verified()
    return _spoken(hooks.inbound(context(), hook), hook)


@blueprint.post("/inbound/status")
@access(Access.HOOK)
def inbound_status() -> Response:
    """Take a status callback of a number's own webhook."""
    hook = _verified()
    statuses.inbound_status(context(), hook)
    return _answer(interpreter().acknowledge())


@blueprint.post("/sorry")
@access(Access.HOOK)
def inbound_sorry() -> Response:
    """Answer for a number whose webhook gave no answer."""
    hook = _verified()
    return _apology(hooks.sorry(context(), None), hook)


@blueprint.errorhandler(NotFoundError)
def _unknown(_error: NotFoundError) -> Response:
    # Signed, but of no call here (a database put back from a backup): sending it again is no use.
    log(__name__).warning("hook of an unknown call")
    return Response("Not found\n", status=404, content_type="text/plain")


@blueprint.errorhandler(ForgedHookError)
def _forged(error: ForgedHookError) -> Response:
    log(__name__).warning("hook refused", why=error.extra.get("why", "carrier"))
    return Response("Forbidden\n", status=403, content_type="text/plain")


@blueprint.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    return Response(f"{error.name}\n", status=error.code or 500, content_type="text/plain")


@blueprint.errorhandler(Exception)
def _not_stored(error: Exception) -> Response:
    """Ask for the hook again: a key is never lost to a fault of ours (rule 5)."""
    if request.endpoint in {"voice.sorry", "voice.inbound_sorry"}:
        log(__name__).error("could not read the call to say sorry for", exc_info=error)
        return _answer(interpreter().sorry(APOLOGY, language="en"))
    log(__name__).error("hook not stored, asking for it again", exc_info=error)
    return Response("Try again\n", status=503, content_type="text/plain")
