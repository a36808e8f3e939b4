"""The JSON API: ask for a call, follow it, look up a ZIP; rules are the service's."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import ValidationError
from spectree import Response as Answers
from werkzeug.exceptions import UnsupportedMediaType

from callbridge.domain.call import Door
from callbridge.errors import NotAZipError, RefusedError
from callbridge.service import lookup as lookups
from callbridge.service import placing, reading
from callbridge.service.counter import LEAST
from callbridge.service.views import CallRequest
from callbridge.web import counter as counters
from callbridge.web import shapes
from callbridge.web.access import Access, access
from callbridge.web.bodies import (
    Body,
    CallBody,
    CounterBody,
    LookupQuery,
    NewCall,
    PlaceBody,
    Problem,
    StartedBody,
)
from callbridge.web.consent import consent_words
from callbridge.web.limits import limit_lookup
from callbridge.web.openapi import document, spec
from callbridge.web.wire import context, network

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
Model = TypeVar("Model", bound=Body)


class BodyError(RefusedError):
    """The JSON sent is not what this address takes."""

    type = "body"


class NotJsonError(RefusedError):
    """The body sent is no JSON at all."""

    type = "not-json"
    status = 400


def read_body(model: type[Model]) -> Model:
    """Return the request's JSON as `model`; types are not guessed.

    Raises UnsupportedMediaType, NotJsonError (400) and BodyError (422, naming every problem).
    """
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        # Constants and huge numbers that JSON does not have, and lone surrogates, end here too.
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as wrong:
        faults = wrong.errors(include_url=False, include_context=False, include_input=False)
        if faults[0]["type"] == "json_invalid":
            raise NotJsonError("The body is not JSON.") from None
        words = [f"{'.'.join(map(str, f['loc'])) or 'body'}: {f['msg'].lower()}" for f in faults]
        raise BodyError(f"Please correct: {'; '.join(words)}.") from None


@blueprint.post("/campaigns/<slug>/calls")
@access(Access.PUBLIC)
@spec.validate(
    json=NewCall,
    resp=Answers(
        HTTP_201=StartedBody,
        HTTP_400=Problem,
        HTTP_404=Problem,
        HTTP_409=Problem,
        HTTP_413=Problem,
        HTTP_415=Problem,
        HTTP_422=Problem,
        HTTP_429=Problem,
        HTTP_502=Problem,
        HTTP_503=Problem,
    ),
    skip_validation=True,
    tags=["calls"],
)
def start_call(slug: str) -> Response:
    """Ask for a call.

    The phone rings within seconds, or after `wait_seconds`. Without a ZIP the keypad asks for it.
    """
    body = read_body(NewCall)
    ctx = context()
    published = reading.campaign(ctx, slug)
    call = placing.start_call(
        ctx,
        CallRequest(
            slug=slug,
            phone=body.phone,
            zip=body.zip,
            district=body.district,
            language=body.language,
            referral=body.referral,
            consent=body.consent,
            consent_words=consent_words(ctx.settings, published.campaign, body.language),
            network=network(),
            door=Door.API,
            shift=body.shift,
        ),
    )
    shape = shapes.started(call, public_url=ctx.settings.public_url)
    return _json(shape, status=201, location=shape["links"]["self"])


@blueprint.get("/calls/<call>")
@access(Access.PUBLIC)
@spec.validate(
    resp=Answers(HTTP_200=CallBody, HTTP_404=Problem), skip_validation=True, tags=["calls"]
)
def call_state(call: str) -> Response:
    """Tell where a call stands.

    The `ETag` changes whenever anything about the call does, so that a page knows when to look.
    """
    view = reading.call_view(context(), call)
    answer = _json(shapes.call_state(view))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(hashlib.sha256(repr(view).encode()).hexdigest()[:16])
    answer.make_conditional(request)
    return answer


@blueprint.get("/campaigns/<slug>/counter")
@access(Access.PUBLIC)
@spec.validate(
    resp=Answers(HTTP_200=CounterBody, HTTP_404=Problem), skip_validation=True, tags=["campaigns"]
)
def counter(slug: str) -> Response:
    """Tell how many calls of a campaign reached an office, where its organizer shows that.

    Counted by the carrier's word alone, once a minute.
    """
    ctx = context()
    published = reading.campaign(ctx, slug)
    found = counters.counter_of(ctx, published)
    shape = {
        "campaign": published.slug,
        "calls": found.calls,
        "members": found.members,
        "least": LEAST,
        "counted": found.counted.isoformat(),
        "age": counters.age_of(ctx, found),
    }
    return counters.kept(_json(shape), ctx, found)


@blueprint.get("/lookup")
@access(Access.PUBLIC)
@limit_lookup
@spec.validate(
    query=LookupQuery,
    resp=Answers(
        HTTP_200=PlaceBody, HTTP_400=Problem, HTTP_404=Problem, HTTP_422=Problem, HTTP_429=Problem
    ),
    skip_validation=True,
    tags=["directory"],
)
def lookup() -> Response:
    """Tell who represents a ZIP in Congress."""
    asked = request.args.getlist("zip")
    if len(asked) != 1:
        raise NotAZipError("Give one ZIP: ?zip= and five digits.")
    ctx = context()
    found = lookups.lookup(ctx, asked[0], network())
    return _json(ctx.directory.to_json(found))


@access(Access.PUBLIC)
def openapi() -> Response:
    """Return the OpenAPI document of this API."""
    return _json(document())


blueprint.add_url_rule("/openapi.json", view_func=openapi)


@blueprint.after_request
def open_to_other_sites(answer: Response) -> Response:
    """Let pages of any site call the API.

    There is no cookie and no standing to abuse: a page elsewhere can do no more than any program,
    and consent, numbers and limits are checked here.
    """
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Location, Retry-After"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST"
        answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
        answer.headers["Access-Control-Max-Age"] = "600"
    return answer


def _json(shape: Any, *, status: int = 200, location: str | None = None) -> Response:
    answer = Response(json.dumps(shape), status=status, content_type="application/json")
    if location:
        answer.headers["Location"] = location
    return answer
